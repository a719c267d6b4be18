//! Lambda function: see `routes::LIST_ORGANIZATIONS`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_directory::routes::LIST_ORGANIZATIONS)
}
