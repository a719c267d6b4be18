//! Lambda function: see `routes::REASSIGN_EVENT`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::REASSIGN_EVENT)
}
