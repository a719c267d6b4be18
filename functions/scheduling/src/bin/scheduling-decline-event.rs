//! Lambda function: see `routes::DECLINE_EVENT`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::DECLINE_EVENT)
}
