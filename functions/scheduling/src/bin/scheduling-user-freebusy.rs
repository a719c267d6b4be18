//! Lambda function: see `routes::USER_FREEBUSY`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::USER_FREEBUSY)
}
