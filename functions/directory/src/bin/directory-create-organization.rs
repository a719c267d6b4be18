//! Lambda function: see `routes::CREATE_ORGANIZATION`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_directory::routes::CREATE_ORGANIZATION)
}
