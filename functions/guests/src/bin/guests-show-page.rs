//! Lambda function: see `routes::SHOW_PAGE`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_guests::routes::SHOW_PAGE)
}
