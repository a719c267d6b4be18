//! Lambda function: see `routes::SHOW_SIGNUP`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_accounts::routes::SHOW_SIGNUP)
}
