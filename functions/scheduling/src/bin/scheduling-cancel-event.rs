//! Lambda function: see `routes::CANCEL_EVENT`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::CANCEL_EVENT)
}
