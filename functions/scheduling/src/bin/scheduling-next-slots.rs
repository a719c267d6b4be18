//! Lambda function: see `routes::NEXT_SLOTS`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::NEXT_SLOTS)
}
