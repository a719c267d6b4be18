//! Lambda function: see `routes::SET_PERMISSIONS`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_accounts::routes::SET_PERMISSIONS)
}
