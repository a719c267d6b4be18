//! Lambda function: see `routes::DELETE_CALENDAR`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::DELETE_CALENDAR)
}
