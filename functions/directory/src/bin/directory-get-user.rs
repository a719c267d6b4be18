//! Lambda function: see `routes::GET_USER`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_directory::routes::GET_USER)
}
