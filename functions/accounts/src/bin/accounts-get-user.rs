//! Lambda function: see `routes::GET_USER`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_accounts::routes::GET_USER)
}
