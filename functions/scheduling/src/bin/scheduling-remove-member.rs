//! Lambda function: see `routes::REMOVE_MEMBER`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::REMOVE_MEMBER)
}
