//! Errors as `/api/v2` shows them.

use roster_domain::Error;
use roster_runtime::{
    Reply, answer,
    answer::problem::{self, Status},
    wire::{self, Always},
};

answer! {
    /// An error of `/api/v2`.
    pub struct ErrorAnswer as "AccountsError", "An error of `/api/v2`." {
        "error" => error: Always<true>,
        /// All errors, each with the name of its field.
        "message" => message: String,
        /// The status.
        "statusCode" => status: Status,
    }
}

impl ErrorAnswer {
    /// Of an error.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        let message = match error {
            // Not a word about which of the two it was.
            Error::WrongCredentials => "The email or the password is wrong.".to_owned(),
            other => problem::one_text(other),
        };
        Self {
            error: Always,
            message,
            status: Status(problem::status(error)),
        }
    }
}

/// The whole answer. `/api/v2` has no place for the request's id.
#[must_use]
pub fn render(error: &Error, _request_id: Option<&str>) -> Reply {
    let body = wire::value(ErrorAnswer::of(error));
    problem::with_retry_after(Reply::json(problem::status(error), &body), error)
}
