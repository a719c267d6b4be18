//! Lambda function: see `routes::END_ADMIN`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::END_ADMIN)
}
