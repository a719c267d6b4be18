//! Lambda function: see `routes::LIST_DELIVERIES`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::LIST_DELIVERIES)
}
