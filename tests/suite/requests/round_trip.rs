//! What an answer shows can be sent back, changes nothing, and costs no write;
//! and what is sent is kept or refused.

mod kept;
mod teams;
mod unchanged;
mod user_bodies;
mod users;

use reqwest::Method;
use serde_json::Value;

use crate::harness::{Answer, Client};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn succeeded(answer: &Answer, what: &str) {
    assert!(answer.status.is_success(), "{what}: {}", answer.text);
}

/// Holds a change that changes nothing to what is shown elsewhere: not a byte
/// of it differs, and nothing was written.
async fn changes_nothing(
    client: &Client<'_>,
    watched: &[String],
    what: &str,
    change: impl AsyncFnOnce() -> Answer,
) {
    let look = async || {
        let mut seen = Vec::new();
        for path in watched {
            let answer = client.get(path).await;
            succeeded(&answer, path);
            seen.push(answer.text);
        }
        seen
    };
    let before = look().await;
    let answer = change().await;
    succeeded(&answer, what);
    let written = answer.cost().write;
    assert!(
        written.abs() < f64::EPSILON,
        "{what}: {written} units were written"
    );
    assert_eq!(look().await, before, "{what}");
}

/// Sends the fields of an answer as a form.
async fn put_form(client: &Client<'_>, path: &str, fields: &Value) -> Answer {
    let fields = fields.as_object().unwrap().iter();
    let fields = fields.map(|(name, value)| (name, text(value)));
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    client.send_form(Method::PUT, path, &form).await
}
