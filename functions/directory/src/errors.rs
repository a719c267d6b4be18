//! Errors as `/api/v1` shows them.

use roster_domain::Error;
use roster_runtime::{Reply, answer, answer::problem, wire};

answer! {
    /// An error of `/api/v1`.
    pub struct ErrorAnswer as "DirectoryError", "An error of `/api/v1`." {
        /// All errors, each with the name of its field.
        "error" => error: String,
    }
}

impl ErrorAnswer {
    /// Of an error.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        let error = match error {
            Error::UnsupportedMediaType => {
                "the body must be application/json or application/x-www-form-urlencoded".to_owned()
            }
            other => problem::one_text(other),
        };
        Self { error }
    }
}

/// The whole answer. `/api/v1` has no place for the request's id.
#[must_use]
pub fn render(error: &Error, _request_id: Option<&str>) -> Reply {
    let body = wire::value(ErrorAnswer::of(error));
    problem::with_retry_after(Reply::json(problem::status(error), &body), error)
}
