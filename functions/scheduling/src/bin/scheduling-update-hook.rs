//! Lambda function: see `routes::UPDATE_HOOK`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::UPDATE_HOOK)
}
