//! Lambda function: see `routes::CREDIT_MEMBER`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::CREDIT_MEMBER)
}
