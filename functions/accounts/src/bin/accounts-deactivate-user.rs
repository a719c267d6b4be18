//! Lambda function: see `routes::DEACTIVATE_USER`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_accounts::routes::DEACTIVATE_USER)
}
