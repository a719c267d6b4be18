//! What ended while the authorizer's answer is kept makes nothing that lasts.

use aws_sdk_dynamodb::types::AttributeValue;
use roster_local::routes;
use roster_runtime::{Access, function::route::Authority};
use serde_json::json;

use super::{ALL, Account, Targets, account, everything, is_refused, start};
use crate::{
    harness::{Api, Client, fixtures::Fields},
    surfaces::accounts::table::{Table, key},
};

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Operator,
    Organization,
    User,
    Session,
}

/// What ends what the caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Revoked,
    Expired,
    Rotated,
    LoggedOut,
    NewPassword,
    Deactivated,
    Withdrawn,
    Unlinked,
    Moved,
    Deleted,
}

impl Ending {
    /// What the refusal says.
    fn why(self) -> &'static str {
        match self {
            Self::Revoked => "was revoked",
            Self::Expired => "has expired",
            Self::Rotated => "was rotated",
            Self::LoggedOut | Self::NewPassword => "session has ended",
            Self::Deactivated => "was deactivated",
            Self::Withdrawn => "needs the permission",
            Self::Unlinked | Self::Moved | Self::Deleted => "is no longer in the organization",
        }
    }
}

/// Each kind of caller with each way in which it ends.
const CASES: [(Kind, &[Ending]); 4] = [
    (
        Kind::Operator,
        &[Ending::Revoked, Ending::Expired, Ending::Rotated],
    ),
    (
        Kind::Organization,
        &[Ending::Revoked, Ending::Expired, Ending::Rotated],
    ),
    (
        Kind::User,
        &[
            Ending::Revoked,
            Ending::Expired,
            Ending::Rotated,
            Ending::Deactivated,
            Ending::Withdrawn,
            Ending::Unlinked,
            Ending::Moved,
            Ending::Deleted,
        ],
    ),
    (
        Kind::Session,
        &[
            Ending::LoggedOut,
            Ending::NewPassword,
            Ending::Deactivated,
            Ending::Withdrawn,
            Ending::Unlinked,
            Ending::Deleted,
        ],
    ),
];

/// Somebody who calls, and what it takes to end it.
struct Caller {
    kind: Kind,
    text: String,
    key: String,
    account: Option<Account>,
}

impl Caller {
    async fn new(api: &Api, kind: Kind, name: &str) -> Self {
        let (key, text, account) = match kind {
            Kind::Operator => {
                let body = json!({ "name": name, "role": "adm" });
                let made = api.operator().post("/v2/keys", &body).await.created();
                (made.id(), made.field("key"), None)
            }
            Kind::Organization => {
                let body = json!({ "name": name });
                let made = api.organization().post("/v2/keys", &body).await.created();
                (made.id(), made.field("key"), None)
            }
            Kind::User => {
                let account = account(api, name, &ALL).await;
                let (id, text) = account.key(api).await;
                (id, text, Some(account))
            }
            Kind::Session => {
                let account = account(api, name, &ALL).await;
                (String::new(), account.session(api).await, Some(account))
            }
        };
        Self {
            kind,
            text,
            key,
            account,
        }
    }

    fn account(&self) -> &Account {
        self.account.as_ref().expect("acts as a user")
    }

    /// Whether this caller may use a route at all.
    fn may(&self, access: Access) -> bool {
        self.kind == Kind::Operator || access != Access::Operator
    }

    async fn end(&self, api: &Api, ending: Ending) {
        let operator = api.operator();
        let owner = api.organization();
        let keys: &Client<'_> = if self.kind == Kind::Operator {
            &operator
        } else {
            &owner
        };
        let path = format!("/v2/keys/{}", self.key);
        match ending {
            Ending::Revoked => {
                keys.delete(&path).await.ok();
            }
            Ending::Rotated => {
                keys.post_nothing(&format!("{path}/rotate")).await.ok();
            }
            Ending::Expired => {
                let table = Table::of(api);
                let mut item = table.get(&key(&self.text)).await.unwrap();
                let past = AttributeValue::S("2020-01-01T00:00:00Z".to_owned());
                item.insert("expires".to_owned(), past);
                table.put(item).await;
            }
            Ending::LoggedOut => {
                let caller = api.with_key(&self.text);
                caller.post_nothing("/api/v2/logout").await.ok();
            }
            Ending::NewPassword => {
                let credentials = json!({ "password": "another-password" });
                let body = json!({ "login": { "credentials": credentials } });
                owner.put(&self.account().v2(), &body).await.ok();
            }
            Ending::Deactivated => {
                let path = self.account().api_v2("/deactivate");
                owner.post_nothing(&path).await.ok();
            }
            Ending::Withdrawn => {
                let body = json!({ "userManagement": false, "accountManagement": false });
                owner
                    .post(&self.account().api_v2("/perms"), &body)
                    .await
                    .ok();
            }
            Ending::Unlinked => {
                owner.delete(&self.account().v2()).await.ok();
            }
            Ending::Moved => {
                let path = format!("/api/v1/user/{}", self.account().number);
                let made = operator
                    .post("/api/v1/org", &json!({ "name": "To" }))
                    .await
                    .ok();
                let body = json!({ "org_id": made.json()["id"] });
                operator.put(&path, &body).await.ok();
            }
            Ending::Deleted => {
                let path = format!("/api/v1/user/{}", self.account().number);
                operator.delete(&path).await.ok();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_ended_makes_moves_and_restores_no_authority_while_its_answer_is_kept() {
    let api = start().await;
    // One who stays, so that none of the others is the last.
    account(&api, "stays", &ALL).await;
    let table = Table::of(&api);
    let targets = Targets::new(&api, "ended").await;
    for (kind, endings) in CASES {
        for ending in endings {
            let name = format!("{kind:?}-{ending:?}").to_lowercase();
            let caller = Caller::new(&api, kind, &name).await;
            let client = api.with_key(&caller.text);
            let cached = "/v2/teams?organization=5f198da1c1ac5d1a30fc00f3";
            client.get(cached).await.ok();
            caller.end(&api, *ending).await;
            // The authorizer's answer is kept: reading goes on.
            client.get(cached).await.ok();
            let before = everything(&table).await;
            let mut asked = 0;
            for route in routes() {
                if route.authority == Authority::Present && caller.may(route.access) {
                    let what = format!("{name}: {}", route.binary);
                    let request = targets.ask(route.binary, &name).unwrap();
                    is_refused(&request.send(&client).await, ending.why(), &what);
                    asked += 1;
                }
            }
            assert!(asked >= 12, "{name}: {asked} operations");
            assert_eq!(everything(&table).await, before, "{name} wrote something");
        }
    }
}

/// The same requests, by those who may: otherwise the refusals prove nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_requests_succeed_for_whoever_may() {
    let api = start().await;
    account(&api, "stays", &ALL).await;
    for (kind, _) in CASES {
        let name = format!("{kind:?}").to_lowercase();
        let targets = Targets::new(&api, &name).await;
        let caller = Caller::new(&api, kind, &name).await;
        let client = api.with_key(&caller.text);
        for route in routes() {
            if route.authority == Authority::Present && caller.may(route.access) {
                let request = targets.ask(route.binary, &name).unwrap();
                let answer = request.send(&client).await;
                let what = format!("{name}: {}: {}", route.binary, answer.text);
                assert!(answer.status.is_success(), "{what}");
                if answer.status == 207 {
                    let status = answer.json()[0].number("status");
                    assert!(status < 300, "{what}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_secret_works_for_its_grace_period_and_no_longer() {
    let api = start().await;
    let owner = api.organization();
    let made = owner
        .post("/v2/keys", &json!({ "name": "a" }))
        .await
        .created();
    let (id, text) = (made.id(), made.field("key"));
    let caller = api.with_key(&text);
    let new = |name: &str| json!({ "user": { "email": format!("{name}@example.com") } });
    caller.post("/v2/users", &new("first")).await.created();
    let path = format!("/v2/keys/{id}/rotate");
    let grace = json!({ "grace_period_seconds": 3_600 });
    let rotated = owner.post(&path, &grace).await.ok();
    caller.post("/v2/users", &new("second")).await.created();
    let newest = api.with_key(&rotated.field("key"));
    newest.post("/v2/users", &new("third")).await.created();
    // Another rotation leaves the secret of the last one, and no older.
    owner.post(&path, &grace).await.ok();
    let refused = caller.post("/v2/users", &new("fourth")).await;
    is_refused(&refused, "was rotated", "the oldest secret");
    newest.post("/v2/users", &new("fifth")).await.created();
}
