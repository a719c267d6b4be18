//! Lambda function: see `routes::REPLAY_DELIVERY`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::REPLAY_DELIVERY)
}
