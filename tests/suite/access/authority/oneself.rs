//! What a caller writes of itself is held to the same: the item of the key, or
//! of the user, is both written and the proof.

use serde_json::{Value, json};

use super::{ALL, account, everything, is_refused, start};
use crate::surfaces::accounts::table::Table;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_back_what_was_taken_from_them() {
    let api = start().await;
    account(&api, "stays", &ALL).await;
    let owner = api.organization();
    let table = Table::of(&api);
    for taken in ["switched off", "permission", "key"] {
        let name = taken.replace(' ', "-");
        let user = account(&api, &name, &ALL).await;
        let (id, text) = user.key(&api).await;
        let caller = api.with_key(&text);
        caller.get("/v2/teams").await.ok();
        let why = match taken {
            "switched off" => {
                owner.post_nothing(&user.api_v2("/deactivate")).await.ok();
                "was deactivated"
            }
            "permission" => {
                let body = json!({ "userManagement": false, "accountManagement": false });
                owner.post(&user.api_v2("/perms"), &body).await.ok();
                "needs the permission"
            }
            _ => {
                owner.delete(&format!("/v2/keys/{id}")).await.ok();
                "was revoked"
            }
        };
        let before = everything(&table).await;
        let on = json!({ "user": { "active": true } });
        let perms = json!({ "userManagement": true, "accountManagement": true });
        let admin = json!({ "user": { "account": { "organization": { "admin": true } } } });
        let api_v1 = format!("/api/v1/user/{}", user.number);
        let key = json!({ "name": "another", "user": user.id });
        for answer in [
            caller.post_nothing(&user.api_v2("/activate")).await,
            caller.put(&user.v2(), &on).await,
            caller.put(&api_v1, &json!({ "status": 1 })).await,
            caller.post(&user.api_v2("/perms"), &perms).await,
            caller.put(&user.v2(), &admin).await,
            caller.post("/v2/keys", &key).await,
            caller.post_nothing(&format!("/v2/keys/{id}/rotate")).await,
        ] {
            is_refused(&answer, why, taken);
        }
        assert_eq!(everything(&table).await, before, "{taken}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_changes_oneself_and_one_s_own_key() {
    let api = start().await;
    account(&api, "stays", &ALL).await;
    let user = account(&api, "jean", &ALL).await;
    let (id, text) = user.key(&api).await;
    let caller = api.with_key(&text);
    let rename = json!({ "firstName": "Jean" });
    caller.put(&user.api_v2(""), &rename).await.ok();
    let login = json!({ "login": { "credentials": { "password": "another-password" } } });
    caller.put(&user.v2(), &login).await.ok();
    let own = json!({ "name": "another", "user": user.id });
    let made = caller.post("/v2/keys", &own).await;
    let second = api.with_key(&made.field("key"));
    let rotated = caller
        .post_nothing(&format!("/v2/keys/{id}/rotate"))
        .await
        .ok();
    let answer = caller.put(&user.api_v2(""), &rename).await;
    is_refused(&answer, "was rotated", "the secret that rotated itself");
    let third = api.with_key(&rotated.field("key"));
    let withdrawn = json!({ "viewMetrics": false });
    third.post(&user.api_v2("/perms"), &withdrawn).await.ok();
    third.delete(&format!("/v2/keys/{id}")).await.ok();
    let answer = third.put(&user.api_v2(""), &rename).await;
    is_refused(&answer, "was revoked", "the key that revoked itself");
    second.post_nothing(&user.api_v2("/deactivate")).await.ok();
    let answer = second.post_nothing(&user.api_v2("/activate")).await;
    is_refused(&answer, "was deactivated", "who switched off oneself");
    api.organization()
        .post_nothing(&user.api_v2("/activate"))
        .await
        .ok();
    second.delete(&user.v2()).await.ok();
    let accomplice = json!({ "user": { "email": "accomplice@example.com" } });
    let answer = second.post("/v2/users", &accomplice).await;
    is_refused(&answer, "no longer in the organization", "who left");
    let owner = api.organization();
    let found = owner.get("/v2/users?email=accomplice@example.com").await;
    assert_eq!(found.json(), json!([]));
}

/// A session that changes its own password ends with that, in the middle of a
/// batch too: what comes after it is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_itself_does_no_more() {
    let api = start().await;
    account(&api, "stays", &ALL).await;
    let user = account(&api, "jean", &ALL).await;
    let caller = api.with_key(&user.session(&api).await);
    let password = json!({ "login": { "credentials": { "password": "another-password" } } });
    let mut item = password.clone();
    item["user"] = json!({ "_id": user.id });
    let again = json!({ "user": { "_id": user.id, "first_name": "Jean" } });
    // Items about one user are written in their order.
    let batch = caller.put("/v2/users/batch", &json!([item, again])).await;
    let statuses: Vec<Value> = batch.json().as_array().unwrap().clone();
    assert_eq!(statuses[0]["status"], 200, "{}", batch.text);
    assert_eq!(statuses[1]["status"], 403, "{}", batch.text);
}
