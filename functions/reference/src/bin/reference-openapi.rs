//! Lambda function: see `routes::OPENAPI`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_reference::routes::OPENAPI)
}
