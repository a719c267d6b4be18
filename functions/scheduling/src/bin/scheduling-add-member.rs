//! Lambda function: see `routes::ADD_MEMBER`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::ADD_MEMBER)
}
