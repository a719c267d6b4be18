//! Lambda function: see `routes::CHANGE_EVENT`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_guests::routes::CHANGE_EVENT)
}
