//! Lambda function: see `routes::DELETE_TEAM_FEED`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::DELETE_TEAM_FEED)
}
