//! Lambda function: see `routes::CREATE_USER`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_directory::routes::CREATE_USER)
}
