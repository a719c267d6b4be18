//! Errors as `/api/v1` shows them: `{"error": "…"}`.

use roster_domain::Error;
use roster_runtime::{Reply, answer::problem};
use serde_json::json;

/// The whole answer. `/api/v1` has no place for the request's id.
#[must_use]
pub fn render(error: &Error, _request_id: Option<&str>) -> Reply {
    let text = match error {
        Error::UnsupportedMediaType => {
            "the body must be application/json or application/x-www-form-urlencoded".to_owned()
        }
        other => problem::one_text(other),
    };
    let body = json!({ "error": text });
    problem::with_retry_after(Reply::json(problem::status(error), &body), error)
}
