//! Lambda function: see `routes::DELETE_HOOK`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::DELETE_HOOK)
}
