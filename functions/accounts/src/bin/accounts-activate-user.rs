//! Lambda function: see `routes::ACTIVATE_USER`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_accounts::routes::ACTIVATE_USER)
}
