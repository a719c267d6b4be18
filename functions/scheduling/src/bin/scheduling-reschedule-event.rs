//! Lambda function: see `routes::RESCHEDULE_EVENT`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::RESCHEDULE_EVENT)
}
