//! Lambda function: see `routes::PREVIEW_ASSIGNMENT`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::PREVIEW_ASSIGNMENT)
}
