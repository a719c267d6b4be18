//! Lambda function: see `routes::LIST_ASSIGNMENTS`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::LIST_ASSIGNMENTS)
}
