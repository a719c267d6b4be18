//! Lambda function: see `routes::INVITE_USER`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_accounts::routes::INVITE_USER)
}
