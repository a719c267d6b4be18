//! Lambda function: see `routes::CONFIRM_EVENT`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::CONFIRM_EVENT)
}
