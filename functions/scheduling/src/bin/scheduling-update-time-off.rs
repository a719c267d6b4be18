//! Lambda function: see `routes::UPDATE_TIME_OFF`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::UPDATE_TIME_OFF)
}
