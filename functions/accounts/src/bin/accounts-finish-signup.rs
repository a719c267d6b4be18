//! Lambda function: see `routes::FINISH_SIGNUP`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_accounts::routes::FINISH_SIGNUP)
}
