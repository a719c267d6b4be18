//! Lambda function: see `routes::LIST_USERS`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_accounts::routes::LIST_USERS)
}
