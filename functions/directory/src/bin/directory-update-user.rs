//! Lambda function: see `routes::UPDATE_USER`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_directory::routes::UPDATE_USER)
}
