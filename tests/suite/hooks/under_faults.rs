//! Many changes at once, also behind a proxy that injects faults (tests/proofs/faults/run):
//! the feed has every one of them, and a hook misses none.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    changes::{Copy, everything},
    receiver::Receiver,
};
use crate::harness::{Api, Client};

/// How many changes are made, where `ROSTER_TEST_CHANGES` says nothing.
const CHANGES: usize = 160;
/// Who makes them, at once.
const WRITERS: usize = 8;

/// Asks until there is an answer that is no fault.
async fn insist(client: &Client<'_>, method: reqwest::Method, path: &str, body: &Value) -> Value {
    for _ in 0..100 {
        let sent = body.to_string().into_bytes();
        let json = [("content-type", "application/json")];
        let answer = client.send(method.clone(), path, Some(sent), &json).await;
        if answer.status.is_success() {
            return answer.json();
        }
        // Where the answer to a commit was lost, the same is refused when it comes again.
        if answer.status.is_client_error() {
            return Value::Null;
        }
    }
    panic!("{path} was never answered");
}

/// Makes changes, one after another: users come, change, gather in teams and go.
async fn write(client: &Client<'_>, writer: usize, changes: usize) {
    let (post, put, delete) = (
        reqwest::Method::POST,
        reqwest::Method::PUT,
        reqwest::Method::DELETE,
    );
    let mut made = 0;
    let mut round = 0_usize;
    while made < changes {
        round += 1;
        let tag = format!("{writer}-{round}");
        let user = json!({ "user": {
            "email": format!("user-{tag}@example.com"),
            "account": { "organization": { "extid": tag } },
        } });
        // By its external id, so that it is found where the answer was lost.
        let user = insist(client, post.clone(), "/v2/users", &user).await;
        let Some(id) = user["user"]["_id"].as_str().map(str::to_owned) else {
            continue;
        };
        let path = format!("/v2/users/{id}");
        let rename = json!({ "user": { "first_name": "Ada" } });
        insist(client, put.clone(), &path, &rename).await;
        let team = json!({ "extid": tag, "name": "Team", "members": [id] });
        let team = insist(client, post.clone(), "/v2/teams", &team).await;
        let event = json!({
            "title": "Talk", "created_by": { "user": id },
            "dates": [{ "date": "2030-01-14T09:00:00Z", "end_date": "2030-01-14T10:00:00Z" }],
        });
        insist(client, post.clone(), "/v2/events", &event).await;
        if let Some(team) = team["_id"].as_str() {
            let rename = json!({ "name": "Other" });
            insist(client, put.clone(), &format!("/v2/teams/{team}"), &rename).await;
        }
        made += 5;
        if round.is_multiple_of(2) {
            insist(client, delete.clone(), &path, &json!({})).await;
            made += 1;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_fails_meanwhile_the_feed_is_the_table_and_a_hook_misses_nothing() {
    let changes = std::env::var("ROSTER_TEST_CHANGES");
    let changes = changes.map_or(CHANGES, |text| text.parse().unwrap());
    let api = Api::start().await;
    let client = api.organization();
    let receiver = Receiver::start().await;
    let hook = json!({ "action": "*", "target_url": receiver.url });
    insist(&client, reqwest::Method::POST, "/v2/hooks", &hook).await;
    // From now on the stream is followed beside those who write.
    api.caught_up().await;
    let writers = (0..WRITERS).map(|writer| write(&client, writer, changes / WRITERS));
    join_all(writers).await;
    // What could not be noted is to come again.
    for _ in 0..10 {
        api.caught_up().await;
        api.forward(SignedDuration::from_mins(10));
    }
    api.caught_up().await;

    let mut copy = Copy::default();
    copy.follow(&client, 100).await;
    let there = everything(&client).await;
    let missing: Vec<_> = there
        .iter()
        .filter(|(id, _)| !copy.things.contains_key(*id))
        .collect();
    let gone: Vec<_> = copy
        .things
        .iter()
        .filter(|(id, _)| !there.contains_key(*id))
        .collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "{missing:?} {gone:?}"
    );
    for (id, thing) in &there {
        assert_eq!(copy.things.get(id), Some(thing), "{id}");
    }
    let count = u64::try_from(copy.numbers.len()).unwrap();
    assert!(
        copy.numbers.iter().copied().eq(1..=count),
        "no number is missing"
    );
    println!("{count} changes");

    // By message: what was sent twice counts once.
    let mut told: BTreeMap<(String, String), u32> = BTreeMap::new();
    let mut messages: Vec<_> = receiver.received();
    messages.sort_by(|one, other| one.id().cmp(other.id()));
    messages.dedup_by(|one, other| one.id() == other.id());
    for message in messages {
        let body = message.json();
        let id = body["resource"]["_id"].as_str().unwrap().to_owned();
        *told.entry((id, message.action())).or_insert(0) += 1;
    }
    let mut expected: BTreeMap<(String, String), u32> = BTreeMap::new();
    for (id, action) in &copy.actions {
        *expected.entry((id.clone(), action.clone())).or_insert(0) += 1;
    }
    assert_eq!(told, expected);
}
