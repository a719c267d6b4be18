//! Lambda function: see `routes::DELETE_AVAILABILITY`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::DELETE_AVAILABILITY)
}
