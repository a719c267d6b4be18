//! Lambda function: see `routes::GET_ORGANIZATION`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_directory::routes::GET_ORGANIZATION)
}
