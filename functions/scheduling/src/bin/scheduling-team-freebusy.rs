//! Lambda function: see `routes::TEAM_FREEBUSY`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::TEAM_FREEBUSY)
}
