//! What ends while a request is about to write: it writes nothing.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use roster_local::routes;
use roster_runtime::{Access, function::route::Authority};
use serde_json::json;

use super::{ALL, Targets, account, everything, is_refused};
use crate::{
    harness::{
        Api,
        gate::Gate,
        proxy::{self, Reply},
    },
    surfaces::accounts::table::{Key, Table},
};

/// What `before` and `after` differ in, but for the item that was ended.
fn changed(
    before: &std::collections::BTreeMap<Key, crate::surfaces::accounts::table::Item>,
    after: &std::collections::BTreeMap<Key, crate::surfaces::accounts::table::Item>,
    ended: &str,
) -> Vec<Key> {
    let keys = before.keys().chain(after.keys());
    let differs = keys.filter(|key| before.get(*key) != after.get(*key));
    let others = differs.filter(|(pk, sk)| !pk.contains(ended) && !sk.contains(ended));
    others.cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_revoked_before_a_request_writes_has_written_nothing() {
    let api = Api::start().await;
    let (gate, held) = Gate::before(&api).await;
    let table = Table::of(&api);
    let targets = Targets::new(&api, "race").await;
    for route in routes() {
        if route.authority != Authority::Present {
            continue;
        }
        let (owner, role) = if route.access == Access::Operator {
            (api.operator(), "adm")
        } else {
            (api.organization(), "org")
        };
        let body = json!({ "name": "a", "role": role });
        let made = owner.post("/v2/keys", &body).await.created();
        let id = made.id();
        let slow = held.with_key(&made.field("key"));
        // The first use of a key is noted.
        slow.get("/v2/teams?organization=5f198da1c1ac5d1a30fc00f3")
            .await
            .ok();
        let before = everything(&table).await;
        let request = targets.ask(route.binary, "race").unwrap();
        let path = format!("/v2/keys/{id}");
        let revoke = async { owner.delete(&path).await.ok() };
        let answer = gate.hold(request.send(&slow), revoke).await;
        let after = everything(&table).await;
        assert_eq!(changed(&before, &after, &id), [], "{}", route.binary);
        if answer.status == 207 {
            let entry = answer.json()[0].clone();
            assert_eq!(entry["status"], 403, "{}: {}", route.binary, answer.text);
        } else {
            is_refused(&answer, "was revoked", route.binary);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_ends_before_a_request_writes_has_written_nothing() {
    let api = Api::start().await;
    account(&api, "stays", &ALL).await;
    let (gate, held) = Gate::before(&api).await;
    let owner = api.organization();
    for (way, why) in [
        ("deactivate", "was deactivated"),
        ("withdraw", "needs the permission accountManagement"),
        ("unlink", "is no longer in the organization"),
        ("password", "session has ended"),
        ("log out", "session has ended"),
    ] {
        let user = account(&api, &way.replace(' ', "-"), &ALL).await;
        let token = user.session(&api).await;
        let slow = held.with_key(&token);
        let meanwhile = async {
            let answer = match way {
                "deactivate" => owner.post_nothing(&user.api_v2("/deactivate")).await,
                "withdraw" => {
                    let body = json!({ "accountManagement": false });
                    owner.post(&user.api_v2("/perms"), &body).await
                }
                "unlink" => owner.delete(&user.v2()).await,
                "password" => {
                    let credentials = json!({ "password": "another-password" });
                    let body = json!({ "login": { "credentials": credentials } });
                    owner.put(&user.v2(), &body).await
                }
                _ => {
                    let session = api.with_key(&token);
                    session.post_nothing("/api/v2/logout").await
                }
            };
            answer.ok();
        };
        let keys = owner.list_all("/v2/keys", 100).await.len();
        let body = json!({ "name": "lasting" });
        let answer = gate.hold(slow.post("/v2/keys", &body), meanwhile).await;
        is_refused(&answer, why, way);
        assert_eq!(owner.list_all("/v2/keys", 100).await.len(), keys, "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_that_is_withdrawn_meanwhile_is_not_granted_on() {
    let api = Api::start().await;
    account(&api, "stays", &ALL).await;
    let (gate, held) = Gate::before(&api).await;
    let owner = api.organization();
    let maker = account(&api, "maker", &["userManagement", "viewMetrics"]).await;
    let friend = account(&api, "friend", &[]).await;
    let (_, text) = maker.key(&api).await;
    let grant = json!({ "viewMetrics": true });
    let withdraw = json!({ "viewMetrics": false });
    let withdrawn = async { owner.post(&maker.api_v2("/perms"), &withdraw).await.ok() };
    let slow = held.with_key(&text);
    let path = friend.api_v2("/perms");
    let answer = gate.hold(slow.post(&path, &grant), withdrawn).await;
    is_refused(&answer, "you lack viewMetrics yourself", "grant");
    let shown = owner.post(&path, &json!({})).await.ok().json();
    assert_eq!(shown["viewMetrics"], false, "{shown}");
}

/// Neither the note of a key's use, nor a change of the user that takes nothing
/// from what they may do, nor a rotation that leaves the old secret its time.
#[tokio::test(flavor = "multi_thread")]
async fn what_takes_no_authority_refuses_nothing() {
    let api = Api::start().await;
    let (gate, held) = Gate::before(&api).await;
    let owner = api.organization();
    let user = account(&api, "jean", &ALL).await;
    let (id, text) = user.key(&api).await;
    let slow = held.with_key(&text);
    for way in ["rename", "use", "rotate"] {
        let meanwhile = async {
            let answer = match way {
                "rename" => {
                    let body = json!({ "firstName": "Jean" });
                    owner.patch(&user.api_v2(""), &body).await
                }
                "use" => api.with_key(&text).get("/v2/teams").await,
                _ => {
                    let grace = json!({ "grace_period_seconds": 3_600 });
                    owner.post(&format!("/v2/keys/{id}/rotate"), &grace).await
                }
            };
            answer.ok();
        };
        let body = json!({ "name": way });
        let made = gate.hold(slow.post("/v2/keys", &body), meanwhile).await;
        assert_eq!(made.status, 201, "{way}: {}", made.text);
    }
}

/// An API whose transactions collide the first time that each is sent, once it
/// has started; how many reads there were besides.
async fn colliding(api: &Api) -> (Arc<AtomicUsize>, Api) {
    let started = Arc::new(AtomicBool::new(false));
    let collide = Arc::clone(&started);
    let seen = Arc::new(std::sync::Mutex::new(std::collections::HashSet::new()));
    let reads = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&reads);
    let other = proxy::behind(api, move |call| {
        let begun = collide.load(Ordering::SeqCst);
        let collides = begun && call.operation == "TransactWriteItems" && {
            let token = call.body["ClientRequestToken"].to_string();
            seen.lock().unwrap().insert(token)
        };
        if call.operation == "BatchGetItem" {
            counted.fetch_add(1, Ordering::SeqCst);
        }
        async move {
            if collides {
                let body = json!({
                    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                    "CancellationReasons": [
                        { "Code": "TransactionConflict", "Message": "Transaction is ongoing for the item" },
                    ],
                    "Message": "Transaction cancelled",
                });
                return Some(Reply { status: 400, body });
            }
            Some(call.send().await)
        }
    });
    let other = other.await;
    started.store(true, Ordering::SeqCst);
    (reads, other)
}

/// On AWS two transactions that check one item at the same time collide, as
/// those of one batch do at the key that calls.
#[tokio::test(flavor = "multi_thread")]
async fn transactions_that_collide_at_the_key_are_sent_again_and_not_decided_again() {
    let api = Api::start().await;
    let (reads, behind) = colliding(&api).await;
    let batch: Vec<_> = (0..40)
        .map(|n| json!({ "user": { "email": format!("{n}@example.com") } }))
        .collect();
    let before = reads.load(Ordering::SeqCst);
    let answer = behind
        .organization()
        .post("/v2/users/batch", &json!(batch))
        .await;
    assert_eq!(answer.status, 207, "{}", answer.text);
    for entry in answer.json().as_array().unwrap() {
        assert_eq!(entry["status"], 201, "{entry}");
    }
    // One for each item, and one for who calls.
    assert_eq!(reads.load(Ordering::SeqCst) - before, 41);
}
