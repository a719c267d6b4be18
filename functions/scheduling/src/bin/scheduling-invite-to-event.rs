//! Lambda function: see `routes::INVITE_TO_EVENT`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::INVITE_TO_EVENT)
}
