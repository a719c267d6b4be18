//! Lambda function: see `routes::LOGOUT`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_accounts::routes::LOGOUT)
}
