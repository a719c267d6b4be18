//! What is told when the database fails.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use serde_json::json;

use crate::harness::{
    Api,
    proxy::{self, Reply},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_fails_is_not_told_as_too_many_requests() {
    let api = Api::start().await;
    for (kind, message, told) in [
        // As the embedded engine says it of a full disk.
        (
            "InternalServerError",
            "database or disk is full",
            "the service is temporarily unavailable",
        ),
        (
            "ServiceUnavailable",
            "x",
            "the service is temporarily unavailable",
        ),
        ("ThrottlingException", "x", "too many requests"),
    ] {
        let is_down = Arc::new(AtomicBool::new(false));
        let down = Arc::clone(&is_down);
        let failing = proxy::behind(&api, move |call| {
            let is_down = down.load(Ordering::Relaxed);
            async move {
                // What shows who calls is let through.
                if !is_down || call.operation == "GetItem" {
                    return Some(call.send().await);
                }
                let status = if kind.ends_with("Exception") {
                    400
                } else {
                    500
                };
                let kind = format!("com.amazonaws.dynamodb.v20120810#{kind}");
                let body = json!({ "__type": kind, "message": message });
                Some(Reply { status, body })
            }
        })
        .await;
        is_down.store(true, Ordering::Relaxed);
        for path in ["/api/v2/users", "/v2/teams", "/v2/keys"] {
            let answer = failing.organization().get(path).await;
            assert_eq!(answer.status, 503, "{kind}: {}", answer.text);
            assert!(answer.text.contains(told), "{kind}: {}", answer.text);
            assert!(!answer.text.contains("disk"), "{}", answer.text);
            assert_eq!(answer.header("retry-after"), Some("1"));
        }
    }
}
