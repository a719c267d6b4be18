//! Errors as `/api/v2` shows them: `{"error": true, "message", "statusCode"}`.

use roster_domain::Error;
use roster_runtime::{Reply, answer::problem};
use serde_json::json;

/// The whole answer. `/api/v2` has no place for the request's id.
#[must_use]
pub fn render(error: &Error, _request_id: Option<&str>) -> Reply {
    let status = problem::status(error);
    let message = match error {
        // Not a word about which of the two it was.
        Error::WrongCredentials => "The email or the password is wrong.".to_owned(),
        other => problem::one_text(other),
    };
    let body = json!({ "error": true, "message": message, "statusCode": status.as_u16() });
    problem::with_retry_after(Reply::json(status, &body), error)
}
