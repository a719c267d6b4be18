//! Lambda function: see `routes::RESET_USER_PASSWORD`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_directory::routes::RESET_USER_PASSWORD)
}
