//! Lambda function: see `routes::CREATE_HOOK`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::CREATE_HOOK)
}
