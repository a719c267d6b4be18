//! Lambda function: see `routes::UNLINK_USER`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::UNLINK_USER)
}
