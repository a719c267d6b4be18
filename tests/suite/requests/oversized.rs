//! What would be larger than the database keeps is refused before anything is
//! written, and the field that makes it so is named.

use serde_json::{Value, json};

use crate::harness::{Api, fixtures::Fields};

/// A booking whose messages are as large as this, in bytes.
fn booking(messages: usize) -> Value {
    // Two bytes each, so that the characters stay within their limit.
    let message = |bytes: usize| json!({ "body": "\u{e9}".repeat(bytes / 2) });
    let whole = std::iter::repeat_n(20_000, messages / 20_000);
    json!({
        "title": "Demo",
        "created_by": { "email": "zoe@example.org" },
        "dates": [{ "date": "2099-07-16T09:00:00Z", "end_date": "2099-07-16T10:00:00Z" }],
        "messages": whole.chain([messages % 20_000]).filter(|bytes| *bytes > 0).map(message).collect::<Value>(),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_larger_than_an_item_can_be_is_a_413_that_names_its_messages() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("jean@example.com").await;
    let team = json!({ "extid": "1", "name": "Team", "members": [user] });
    let team = client.new_team(team).await;
    let path = format!("/v2/teams/{}/events", team.id());
    for key in [None, Some("once")] {
        let body = booking(440_000).to_string().into_bytes();
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        let refused = client
            .send(reqwest::Method::POST, &path, Some(body), &headers)
            .await;
        assert_eq!(refused.status, 413, "{}", refused.text);
        assert_eq!(refused.places(), ["/messages"], "{}", refused.text);
        assert!(refused.text.contains("409600"), "{}", refused.text);
    }
    // Nothing was made, and the key can be used again.
    assert_eq!(client.get(&path).await.json(), json!([]));
    let body = booking(300_000).to_string().into_bytes();
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "once"),
    ];
    client
        .send(reqwest::Method::POST, &path, Some(body), &headers)
        .await
        .created();
    let listed = client.get(&path).await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_event_of_forty_guests_who_are_users_is_kept_once() {
    let api = Api::start().await;
    let client = api.organization();
    let users: Vec<_> = (0..41)
        .map(|n| json!({ "user": { "email": format!("{n}@example.com") } }))
        .collect();
    let made = client.post("/v2/users/batch", &json!(users)).await.json();
    let member = made[40]["user"]["_id"].clone();
    let team = json!({ "extid": "1", "name": "Team", "members": [member] });
    let team = client.new_team(team).await;
    let path = format!("/v2/teams/{}/events", team.id());
    // Copied to each of them, it would be more than a transaction can write.
    let mut body = booking(300_000);
    let guest = |n| json!({ "email": format!("{n}@example.com") });
    body["invitees"] = (0..40).map(guest).collect();
    client.post(&path, &body).await.created();
    let listed = client.get(&path).await.json();
    assert_eq!(listed[0]["invitees_length"], 42);
}
