//! A key says who made it, and who leaves is told apart from the keys they made.

use serde_json::json;

use super::{ALL, account, start};
use crate::{harness::Answer, surfaces::accounts::table::key_id};

#[tokio::test(flavor = "multi_thread")]
async fn a_key_says_who_made_it() {
    let api = start().await;
    let owner = api.organization();
    let user = account(&api, "jean", &ALL).await;
    let (usr, text) = user.key(&api).await;
    let session = user.session(&api).await;
    let made = |answer: Answer| answer.created().json()["created_by"].clone();
    let body = json!({ "name": "a" });
    let by_user = made(api.with_key(&text).post("/v2/keys", &body).await);
    assert_eq!(by_user, json!({ "key": usr, "user": user.id }));
    let by_session = made(api.with_key(&session).post("/v2/keys", &body).await);
    let expected = json!({ "key": key_id(&session), "user": user.id });
    assert_eq!(by_session, expected);
    let org = owner.post("/v2/keys", &body).await.created().id();
    let listed = owner.list_all("/v2/keys", 100).await;
    let of = |id: &str| {
        let mut listed = listed.iter();
        listed.find(|key| key["_id"] == id).unwrap()["created_by"].clone()
    };
    let demo = key_id(roster_local::setup::ORGANIZATION_KEY);
    assert_eq!(of(&org), json!({ "key": demo, "user": null }));
    assert_eq!(of(demo), json!(null), "it came with the deployment");
    // Rotating and ending a key leave it as it is.
    let path = format!("/v2/keys/{org}");
    let rotated = owner.post_nothing(&format!("{path}/rotate")).await;
    assert_eq!(rotated.json()["created_by"], of(&org));
    assert_eq!(owner.delete(&path).await.json()["created_by"], of(&org));
    let new = json!({ "name": "New" });
    let new = api.operator().post("/v2/organizations", &new).await.json();
    let operator = key_id(roster_local::setup::ADMIN_KEY);
    let expected = json!({ "key": operator, "user": null });
    assert_eq!(new["key"]["created_by"], expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn unlinking_lists_the_keys_that_their_maker_leaves_behind() {
    let api = start().await;
    account(&api, "stays", &ALL).await;
    let owner = api.organization();
    let leaver = account(&api, "leaver", &ALL).await;
    let other = account(&api, "other", &[]).await;
    let (_, text) = leaver.key(&api).await;
    let caller = api.with_key(&text);
    let make = async |name: &str, more: serde_json::Value| {
        let mut body = json!({ "name": name });
        for (field, value) in more.as_object().unwrap() {
            body[field] = value.clone();
        }
        caller.post("/v2/keys", &body).await
    };
    let lasting = make("lasting", json!({})).await;
    let for_other = make("for another", json!({ "user": other.id })).await;
    let own = make("own", json!({ "user": leaver.id })).await;
    let revoked = make("revoked", json!({})).await.id();
    owner.delete(&format!("/v2/keys/{revoked}")).await.ok();
    owner
        .post("/v2/keys", &json!({ "name": "the owner's" }))
        .await
        .created();
    let gone = owner.delete(&leaver.v2()).await.ok();
    let left = gone.json()["keys_left_behind"].clone();
    let left = left.as_array().unwrap();
    let ids: Vec<_> = left.iter().map(|key| key["_id"].clone()).collect();
    assert_eq!(ids, [json!(lasting.id()), json!(for_other.id())]);
    for key in left {
        assert_eq!(key["created_by"]["user"], leaver.id);
        assert_eq!(key.get("key"), None, "no list shows a secret");
    }
    // What is listed works, and what is not does not.
    let api_of = |made: &Answer| api.with_key(&made.field("key"));
    api_of(&lasting).get("/v2/keys").await.ok();
    assert_eq!(api_of(&own).get("/v2/teams").await.status, 403);
    let gone = owner.delete(&other.v2()).await;
    assert_eq!(gone.json()["keys_left_behind"], json!([]));
}
