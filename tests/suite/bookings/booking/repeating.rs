//! Idempotency keys.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use super::{booking, hour, setup};
use crate::harness::{Answer, Api, Client, gate::Gate};

async fn post(client: &Client<'_>, path: &str, key: &str, body: &serde_json::Value) -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    let body = body.to_string().into_bytes();
    client
        .send(
            Method::POST,
            &format!("{path}/events"),
            Some(body),
            &headers,
        )
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_answer_is_replayed_and_nothing_is_booked_twice() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({})).await;
    let (start, end) = hour(1, 10);
    let body = booking(&[(&start, &end)]);
    let first = post(&client, &team.path, "\"k1\"", &body).await.created();
    assert_eq!(first.header("idempotent-replayed"), None);
    let second = post(&client, &team.path, "k1", &body).await;
    assert_eq!((second.status.as_u16(), &second.text), (201, &first.text));
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    let events = client.get(&format!("{}/events", team.path)).await.json();
    assert_eq!(events.as_array().unwrap().len(), 1);
    let other = post(&client, &team.path, "k1", &booking(&[])).await;
    assert_eq!(
        other.status, 422,
        "another request under the same key: {}",
        other.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_at_once_with_one_key_book_one_event() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({})).await;
    let (start, end) = hour(1, 10);
    let body = booking(&[(&start, &end)]);
    let answers = join_all((0..20).map(|_| post(&client, &team.path, "k", &body))).await;
    let made: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 201)
        .collect();
    assert!(!made.is_empty());
    assert!(made.iter().all(|answer| answer.text == made[0].text));
    for other in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(other.status, 409, "in flight: {}", other.text);
    }
    let events = client.get(&format!("{}/events", team.path)).await.json();
    assert_eq!(events.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_lost_a_race_is_decided_again_under_its_key() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    let (start, end) = hour(1, 10);
    let body = booking(&[(&start, &end)]);
    let (gate, held) = Gate::before(&api).await;
    let slow = held.organization();
    // Both would go to the first of the team.
    let answer = gate
        .hold(
            post(&slow, &team.path, "k", &body),
            team.book(&client, &[(&start, &end)]),
        )
        .await
        .created();
    assert_eq!(answer.json()["created_by"]["user"], *team.members[1]);
    let again = post(&client, &team.path, "k", &body).await;
    assert_eq!((again.status.as_u16(), &again.text), (201, &answer.text));
    let events = client.get(&format!("{}/events", team.path)).await.json();
    assert_eq!(events.as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_may_be_sent_again_under_its_key() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let (start, end) = hour(1, 10);
    let body = booking(&[(&start, &end)]);
    let event = team.book(&client, &[(&start, &end)]).await.json();
    assert_eq!(post(&client, &team.path, "k", &body).await.status, 409);
    let second = client.new_user_id("second@example.com").await;
    let members = json!({ "members": [team.members[0], second] });
    client.put(&team.path, &members).await.ok();
    let again = post(&client, &team.path, "k", &body).await.created();
    assert_ne!(again.json()["_id"], event["_id"]);
}
