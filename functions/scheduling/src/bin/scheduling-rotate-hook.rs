//! Lambda function: see `routes::ROTATE_HOOK`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::ROTATE_HOOK)
}
