//! Lambda function: see `routes::GET_HOOK`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::GET_HOOK)
}
