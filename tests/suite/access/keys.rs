//! API keys: minting, listing, rotating, revoking.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;

use crate::harness::{Api, fixtures::Fields};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_works_and_is_shown_this_once() {
    let api = Api::start().await;
    let client = api.organization();
    let made = client
        .post("/v2/keys", &json!({ "name": "sync job" }))
        .await
        .created();
    let made = made.json();
    let key = made.field("key");
    assert!(key.starts_with(&format!("rstr_org_{}_", made.id())));
    api.with_key(key).get("/v2/users").await.ok();
    let list = client.get("/v2/keys").await;
    assert!(!list.text.contains(key), "a list never shows a key");
    let listed = list.json();
    let entry = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["_id"] == made["_id"])
        .unwrap();
    assert_eq!(entry["name"], "sync job");
    assert!(entry["last_used"].is_string(), "{entry}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_stops_at_once() {
    let api = Api::start().await;
    let client = api.organization();
    let made = client
        .post("/v2/keys", &json!({ "name": "a" }))
        .await
        .json();
    let caller = api.with_key(made.field("key"));
    let path = format!("/v2/keys/{}", made.id());
    caller.get("/v2/users").await.ok();
    let revoked = client.delete(&path).await.ok();
    assert!(revoked.json()["revoked_at"].is_string());
    let refused = caller.get("/v2/users").await;
    assert_eq!(
        (refused.status.as_u16(), refused.text.as_str()),
        (403, r#"{"message":"Forbidden"}"#)
    );
    assert_eq!(
        client.delete(&path).await.status,
        404,
        "a key is revoked once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_key_keeps_its_id_and_its_old_secret_for_the_grace_period() {
    let api = Api::start().await;
    let client = api.organization();
    let made = client
        .post("/v2/keys", &json!({ "name": "a" }))
        .await
        .json();
    let path = format!("/v2/keys/{}/rotate", made.id());
    let rotated = client
        .post(&path, &json!({ "grace_period_seconds": 2 }))
        .await
        .ok();
    let rotated = rotated.json();
    assert_eq!(rotated["_id"], made["_id"]);
    assert_ne!(rotated["key"], made["key"]);
    let (old, new) = (made.field("key"), rotated.field("key"));
    api.with_key(old).get("/v2/users").await.ok();
    api.with_key(new).get("/v2/users").await.ok();
    api.forward(SignedDuration::from_secs(2));
    assert_eq!(api.with_key(old).get("/v2/users").await.status, 403);
    api.with_key(new).get("/v2/users").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_without_a_grace_period_ends_the_old_secret_at_once() {
    let api = Api::start().await;
    let client = api.organization();
    let made = client
        .post("/v2/keys", &json!({ "name": "a" }))
        .await
        .json();
    let path = format!("/v2/keys/{}/rotate", made.id());
    client
        .send(reqwest::Method::POST, &path, None, &[])
        .await
        .ok();
    assert_eq!(
        api.with_key(made.field("key"))
            .get("/v2/users")
            .await
            .status,
        403
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_stops_when_it_expires() {
    let api = Api::start().await;
    let client = api.organization();
    let soon = (api.now() + SignedDuration::from_hours(1)).to_string();
    let made = client
        .post("/v2/keys", &json!({ "name": "a", "expires": soon }))
        .await
        .json();
    let caller = api.with_key(made.field("key"));
    caller.get("/v2/users").await.ok();
    api.forward(SignedDuration::from_hours(1));
    assert_eq!(caller.get("/v2/users").await.status, 403);
    let past = (api.now() - SignedDuration::from_millis(1)).to_string();
    let past = client
        .post("/v2/keys", &json!({ "name": "a", "expires": past }))
        .await;
    assert_eq!(
        (past.status.as_u16(), past.places()),
        (422, vec!["/expires".to_owned()])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authorizer_keeps_an_answer_for_its_time_to_live() {
    let api = Api::start_with_authorizer_ttl(Duration::from_mins(1)).await;
    let client = api.organization();
    let made = client
        .post("/v2/keys", &json!({ "name": "a" }))
        .await
        .json();
    let caller = api.with_key(made.field("key"));
    caller.get("/v2/users").await.ok();
    client.delete(&format!("/v2/keys/{}", made.id())).await;
    assert_eq!(caller.get("/v2/users").await.status, 200, "kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_digest_of_a_key_is_stored() {
    let api = Api::start().await;
    let made = api
        .organization()
        .post("/v2/keys", &json!({ "name": "a" }))
        .await
        .json();
    let key = made.field("key");
    let secret = &key[key.rfind('_').unwrap() + 1..key.len() - 6];
    let stored = crate::table::storage::dump(&api).await;
    assert!(stored.contains(made.id()), "the dump holds the key's item");
    assert!(!stored.contains(secret));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_makes_organizations_with_keys_and_acts_for_each() {
    let api = Api::start().await;
    let (first, first_client) = api.new_organization("First").await;
    let (second, _) = api.new_organization("Second").await;
    let listed = api.operator().get("/v2/organizations").await.json();
    let names: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["name"].clone())
        .collect();
    assert_eq!(names, ["ACME", "First", "Second"]);
    let numbers: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["number"].clone())
        .collect();
    assert_eq!(numbers, [1, 2, 3]);

    let body = json!({ "organization": first, "user": { "email": "jean@example.com" } });
    api.operator().post("/v2/users", &body).await.created();
    let users = |organization: String| {
        let operator = api.operator();
        async move {
            let answer = operator
                .get(&format!("/v2/users?organization={organization}"))
                .await;
            answer.json().as_array().unwrap().len()
        }
    };
    assert_eq!((users(first.clone()).await, users(second).await), (1, 0));
    assert_eq!(
        first_client
            .get("/v2/users")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let unnamed = api.operator().get("/v2/users").await;
    assert_eq!(
        (unnamed.status.as_u16(), unnamed.places()),
        (400, vec!["organization".to_owned()])
    );
    let unknown = api
        .operator()
        .get("/v2/users?organization=ffffffffffffffffffffffff")
        .await;
    assert_eq!(unknown.status, 404);
    let again = api
        .operator()
        .post("/v2/organizations", &json!({ "_id": first, "name": "X" }))
        .await;
    assert_eq!(again.status, 409, "{}", again.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_key_cannot_revoke_itself() {
    let api = Api::start().await;
    let operator = api.operator();
    let keys = operator.get("/v2/keys").await.json();
    let own = keys
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["role"] == "adm")
        .unwrap();
    let refused = operator.delete(&format!("/v2/keys/{}", own.id())).await;
    assert_eq!(refused.status, 409);
    let second = operator
        .post("/v2/keys", &json!({ "name": "second", "role": "adm" }))
        .await
        .created();
    let second = api.with_key(second.json().field("key"));
    second.delete(&format!("/v2/keys/{}", own.id())).await.ok();
    assert_eq!(operator.get("/v2/keys").await.status, 403);
    let left = second.get("/v2/keys").await.ok().json();
    let left = left.as_array().unwrap().iter();
    let live: Vec<_> = left
        .filter(|key| key["revoked_at"].is_null())
        .map(|key| &key["name"])
        .collect();
    assert_eq!(live, ["second"]);
}
