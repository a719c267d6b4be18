//! Lambda function: see `routes::USER_CALENDAR`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::USER_CALENDAR)
}
