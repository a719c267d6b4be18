//! A closing organization makes nothing new, and nothing is left over when it
//! is gone.

use std::sync::Arc;

use serde_json::{Value, json};

use super::PASSWORD;
use crate::harness::{Answer, Api, fixtures::Fields, gate::Gate, proxy};

const ID: &str = "5f5e10000000000000000001";

/// An API whose deletions of an organization are held before the last step: it
/// is closed, and its keys and teams have been ended.
async fn closing(api: &Api) -> (Arc<Gate>, Api) {
    let gate = Gate::new();
    let passed = Arc::clone(&gate);
    let held = proxy::behind(api, move |call| {
        let gate = Arc::clone(&passed);
        async move {
            let text = call.body.to_string();
            if call.operation == "TransactWriteItems" && text.contains("ORG_NUMBER#") {
                gate.pass().await;
            }
            Some(call.send().await)
        }
    });
    (gate, held.await)
}

/// An organization with the id, made anew: its number and its first key.
async fn new_organization(api: &Api) -> (u64, String) {
    let body = json!({ "name": "Closing", "_id": ID });
    let made = api
        .operator()
        .post("/v2/organizations", &body)
        .await
        .created();
    let made = made.json();
    let key = made["key"].field("key").to_owned();
    (made["organization"].number("number"), key)
}

/// Every way to make something in the organization with the id: what is sent
/// by the operator.
async fn ways(api: &Api, number: u64, stranger: u64) -> Vec<(&'static str, Answer)> {
    let operator = api.operator();
    let of = |path: &str| format!("{path}?organization={ID}");
    let email = |name: &str| json!({ "user": { "email": format!("{name}@example.com") } });
    let api_v1 = json!({
        "username": "ada-v1", "password": PASSWORD, "first_name": "A", "last_name": "B",
        "org_id": number,
    });
    let team = json!({ "extid": "t", "name": "T", "public": true });
    let moved = format!("/api/v1/user/{stranger}");
    vec![
        (
            "key",
            operator
                .post(&of("/v2/keys"), &json!({ "name": "k" }))
                .await,
        ),
        ("team", operator.post(&of("/v2/teams"), &team).await),
        ("user", operator.post(&of("/v2/users"), &email("u")).await),
        (
            "batch",
            operator
                .post(&of("/v2/users/batch"), &json!([email("b")]))
                .await,
        ),
        (
            "invitation",
            operator
                .post(&of("/api/v2/users"), &json!({ "email": "i@x.org" }))
                .await,
        ),
        (
            "user of /api/v1",
            operator.post("/api/v1/user", &api_v1).await,
        ),
        (
            "user moved in",
            operator.put(&moved, &json!({ "org_id": number })).await,
        ),
    ]
}

fn is_refused((way, answer): &(&str, Answer)) {
    let closing = "the organization is being deleted";
    if answer.status == 207 {
        assert_eq!(answer.json()[0]["status"], 409, "{way}: {}", answer.text);
    } else {
        assert_eq!(answer.status, 409, "{way}: {}", answer.text);
    }
    assert!(answer.text.contains(closing), "{way}: {}", answer.text);
}

/// A user in no organization; its number.
async fn stranger(api: &Api) -> u64 {
    let body = json!({
        "username": "stranger", "password": PASSWORD, "first_name": "A", "last_name": "B",
    });
    let made = api.operator().post("/api/v1/user", &body).await.ok();
    made.json().field("id").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_in_an_organization_that_is_being_deleted() {
    let api = Api::start().await;
    let stranger = stranger(&api).await;
    let (number, _) = new_organization(&api).await;
    let (gate, held) = closing(&api).await;
    let path = format!("/api/v1/org/{number}");
    let slow = held.operator();
    let meanwhile = ways(&api, number, stranger);
    let (deleted, tried) = gate.hold_both(slow.delete(&path), meanwhile).await;
    deleted.ok();
    tried.iter().for_each(is_refused);
    is_empty(&api).await;
}

/// Nothing is there once an organization with the same id is made again.
async fn is_empty(api: &Api) {
    let (_, key) = new_organization(api).await;
    let owner = api.with_key(&key);
    assert_eq!(owner.get("/v2/users").await.json(), json!([]));
    assert_eq!(owner.get("/v2/teams").await.json(), json!([]));
    let keys = owner.get("/v2/keys").await.json();
    let live = keys.as_array().unwrap().iter();
    let live: Vec<_> = live
        .filter(|key| key["revoked_at"] == Value::Null)
        .collect();
    assert_eq!(live.len(), 1, "its first key and no other: {keys}");
    // What is made now works: it was the closing that refused it.
    let team = json!({ "extid": "t", "name": "T" });
    owner.post("/v2/teams", &team).await.created();
}

/// What was decided while the organization was open, and comes to be written
/// when it is closed, or gone.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_about_to_be_made_when_the_organization_closed_is_not_made() {
    for way in [
        "key",
        "user's key",
        "team",
        "user",
        "batch",
        "invitation",
        "/api/v1",
        "moved in",
    ] {
        let api = Api::start().await;
        let stranger = stranger(&api).await;
        let (number, first) = new_organization(&api).await;
        let (gate, held) = Gate::before(&api).await;
        let slow = held.operator();
        let of = |path: &str| format!("{path}?organization={ID}");
        let user = json!({ "user": { "email": "u@example.com" } });
        let api_v1 = json!({
            "username": "ada-v1", "password": PASSWORD, "first_name": "A", "last_name": "B",
            "org_id": number,
        });
        let someone = if way == "user's key" {
            let made = api.operator().post(&of("/v2/users"), &user).await;
            made.json()["user"]["_id"].clone()
        } else {
            Value::Null
        };
        let request = async {
            match way {
                "key" => slow.post(&of("/v2/keys"), &json!({ "name": "k" })).await,
                "user's key" => {
                    let body = json!({ "name": "k", "user": someone });
                    slow.post(&of("/v2/keys"), &body).await
                }
                "team" => {
                    let team = json!({ "extid": "t", "name": "T", "public": true });
                    slow.post(&of("/v2/teams"), &team).await
                }
                "user" => slow.post(&of("/v2/users"), &user).await,
                "batch" => slow.post(&of("/v2/users/batch"), &json!([user])).await,
                "invitation" => {
                    slow.post(&of("/api/v2/users"), &json!({ "email": "i@x.org" }))
                        .await
                }
                "/api/v1" => slow.post("/api/v1/user", &api_v1).await,
                _ => {
                    let path = format!("/api/v1/user/{stranger}");
                    slow.put(&path, &json!({ "org_id": number })).await
                }
            }
        };
        let path = format!("/api/v1/org/{number}");
        let gone = async {
            if let Some(id) = someone.as_str() {
                let path = of(&format!("/v2/users/{id}"));
                api.operator().delete(&path).await.ok();
            }
            api.operator().delete(&path).await.ok();
        };
        let answer = gate.hold(request, gone).await;
        let status = match answer.status.as_u16() {
            207 => answer.json()[0].number("status"),
            status => status.into(),
        };
        assert!([404, 409, 422].contains(&status), "{way}: {}", answer.text);
        assert_eq!(
            api.with_key(&first).get("/v2/teams").await.status,
            403,
            "{way}"
        );
        is_empty(&api).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_whose_key_is_revoked_meanwhile_stops() {
    let api = Api::start().await;
    let (number, first) = new_organization(&api).await;
    let (gate, held) = closing(&api).await;
    let body = json!({ "name": "second", "role": "adm" });
    let made = api.operator().post("/v2/keys", &body).await.created();
    let slow = held.with_key(&made.field("key"));
    let path = format!("/api/v1/org/{number}");
    let key = format!("/v2/keys/{}", made.id());
    let revoke = async { api.operator().delete(&key).await.ok() };
    let answer = gate.hold(slow.delete(&path), revoke).await;
    super::is_refused(&answer, "was revoked", "deletion");
    api.operator().get(&path).await.ok();
    // What was begun is finished by who may.
    assert_eq!(api.with_key(&first).get("/v2/teams").await.status, 403);
    api.operator().delete(&path).await.ok();
    assert_eq!(api.operator().get(&path).await.status, 404);
}
