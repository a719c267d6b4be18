//! Lambda function: see `routes::LOGIN`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_accounts::routes::LOGIN)
}
