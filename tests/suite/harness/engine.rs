//! Which engine the tests run on, and what it excuses.

use super::Answer;

/// Names the URL of another engine than the embedded one.
pub const ENGINE: &str = "ROSTER_TEST_DYNAMODB";

/// Whether the engine is behind a proxy that injects faults: then a call may
/// end in a 5xx, with an outcome that nobody knows.
pub fn faults() -> bool {
    std::env::var_os("ROSTER_TEST_FAULTS").is_some()
}

/// Whether the engine is another than the embedded one, with no proxy before it.
/// DynamoDB Local answers one call after another: of many requests at once some
/// may wait longer than a request is given, and be told so with a 503. The
/// embedded engine is to answer all of them.
pub fn other_engine() -> bool {
    std::env::var_os(ENGINE).is_some() && !faults()
}

/// Whether the engine alone may be why this is the answer. What the request was
/// to do may be done all the same.
pub fn excused(status: u16) -> bool {
    (faults() && status >= 500) || (other_engine() && status == 503)
}

/// Sends, and again where another engine is too slow, as its 503 says.
pub async fn patiently(send: impl AsyncFn() -> Answer) -> Answer {
    let mut answer = send().await;
    while other_engine() && answer.status == 503 {
        assert!(answer.header("retry-after").is_some(), "{}", answer.text);
        answer = send().await;
    }
    answer
}
