//! Lambda function: see `routes::REASSIGN_TIME_OFF`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::REASSIGN_TIME_OFF)
}
