//! Lambda function: see `routes::PING_HOOK`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::PING_HOOK)
}
