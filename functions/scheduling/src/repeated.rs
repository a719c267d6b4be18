//! Answers to requests that may be sent again (`Idempotency-Key`).

use lambda_http::http::{HeaderName, StatusCode};
use roster_runtime::Reply;
use roster_store::idempotency::{Answer, Answered};

/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The answer, and whether it was given before.
#[must_use]
pub fn reply(answered: Answered) -> Reply {
    let reply = |Answer { status, body }| {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        Reply::text(status, "application/json", body)
    };
    match answered {
        Answered::Now(answer) => reply(answer),
        Answered::Before(answer) => reply(answer).with_header(REPLAYED, "true"),
    }
}
