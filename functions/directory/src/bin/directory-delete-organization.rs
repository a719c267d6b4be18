//! Lambda function: see `routes::DELETE_ORGANIZATION`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_directory::routes::DELETE_ORGANIZATION)
}
