//! Lambda function: see `routes::TEAM_CALENDAR`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::TEAM_CALENDAR)
}
