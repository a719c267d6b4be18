//! Lambda function: see `routes::HAND_OVER_EVENT`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::HAND_OVER_EVENT)
}
