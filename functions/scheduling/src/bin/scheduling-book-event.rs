//! Lambda function: see `routes::BOOK_EVENT`.

fn main() -> Result<(), lambda_http::Error> {
    roster_runtime::function::serve::serve(&roster_scheduling::routes::BOOK_EVENT)
}
