//! Lambda function: see `routes::REVOKE_KEY`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::REVOKE_KEY)
}
