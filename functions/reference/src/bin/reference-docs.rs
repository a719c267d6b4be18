//! Lambda function: see `routes::DOCS`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_reference::routes::DOCS)
}
