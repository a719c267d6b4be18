//! Lambda function: see `routes::BOOK_ON_PAGE`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_guests::routes::BOOK_ON_PAGE)
}
