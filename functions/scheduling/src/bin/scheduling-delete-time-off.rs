//! Lambda function: see `routes::DELETE_TIME_OFF`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::DELETE_TIME_OFF)
}
