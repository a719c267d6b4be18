//! Lambda function: see `routes::GET_TEAM`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::GET_TEAM)
}
