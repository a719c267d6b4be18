//! Lambda function: see `routes::MAKE_ADMIN_ONLY`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::MAKE_ADMIN_ONLY)
}
