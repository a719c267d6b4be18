//! Lambda function: see `routes::PUBLIC_TEAM`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::PUBLIC_TEAM)
}
