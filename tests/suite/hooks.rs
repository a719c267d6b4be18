//! Webhooks and the change feed.

pub mod changes;
pub mod deliveries;
pub mod receiver;
pub mod retries;
pub mod targets;
pub mod under_faults;

use serde_json::{Value, json};

use crate::harness::{Answer, Client, fixtures::Fields};
use receiver::Receiver;

/// Creates a hook. Answers its id and its secret.
pub async fn new_hook(client: &Client<'_>, action: &str, receiver: &Receiver) -> (String, String) {
    let body = json!({ "action": action, "target_url": receiver.url });
    let hook = client.post("/v2/hooks", &body).await.created().json();
    let secret = hook["secret"].as_str().unwrap().to_owned();
    (hook.id().to_owned(), secret)
}

/// The deliveries to a hook, newest first.
pub async fn deliveries(client: &Client<'_>, hook: &str) -> Vec<Value> {
    let path = format!("/v2/hooks/{hook}/deliveries");
    let listed = client.get(&path).await.ok().json();
    listed.as_array().unwrap().clone()
}

/// Fails unless an answer refuses with this status, and names these places.
#[track_caller]
pub fn refused(answer: &Answer, status: u16, places: &[&str]) {
    assert_eq!(answer.status, status, "{}: {}", answer.request, answer.text);
    assert_eq!(answer.places(), places, "{}", answer.text);
}

/// Creates a user with this address.
pub async fn new_user(client: &Client<'_>, email: &str) -> Value {
    let body = json!({ "user": { "email": email } });
    let created = client.post("/v2/users", &body).await.created().json();
    created["user"].clone()
}
