//! Lambda function: see `routes::TEST_AUTH`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::TEST_AUTH)
}
