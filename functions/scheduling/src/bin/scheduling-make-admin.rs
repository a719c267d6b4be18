//! Lambda function: see `routes::MAKE_ADMIN`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::MAKE_ADMIN)
}
