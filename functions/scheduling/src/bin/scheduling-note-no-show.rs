//! Lambda function: see `routes::NOTE_NO_SHOW`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::NOTE_NO_SHOW)
}
