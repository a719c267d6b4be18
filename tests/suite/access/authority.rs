//! Whatever makes, moves, restores or ends authority is held to the present: an
//! answer of the authorizer that is kept for an hour lends nobody an hour.

mod closing;
mod endings;
mod left_behind;
mod oneself;
mod races;
mod routes;

use std::time::Duration;

use reqwest::Method;
use roster_domain::users::mail_topic::{Defaults, MailTopic};
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Api, Client, fixtures::Fields, furnished::new_calendar},
    surfaces::accounts::table::{Item, Key, Table},
};

const PASSWORD: &str = "correct-horse-battery";

/// An API whose authorizer is not asked twice.
async fn start() -> Api {
    Api::start_with_authorizer_ttl(Duration::from_hours(1)).await
}

/// A request that its caller may make.
#[derive(Debug, Clone)]
struct Asked {
    method: Method,
    path: String,
    body: Option<Value>,
}

impl Asked {
    fn new(method: Method, path: impl Into<String>, body: Option<Value>) -> Self {
        Self {
            method,
            path: path.into(),
            body,
        }
    }

    async fn send(&self, client: &Client<'_>) -> Answer {
        let body = self.body.as_ref().map(|body| body.to_string().into_bytes());
        let json = [("content-type", "application/json")];
        let headers: &[_] = if body.is_some() { &json } else { &[] };
        let method = self.method.clone();
        client.send(method, &self.path, body, headers).await
    }
}

/// What requests are about: one of each, made for the purpose.
struct Targets {
    user: String,
    number: u64,
    off: u64,
    invited: String,
    key: String,
    revoked: String,
    organization: u64,
    empty: u64,
    leaver: String,
    deleted: u64,
    team: String,
    hook: String,
    deleted_hook: String,
    time_off: String,
    deleted_time_off: String,
    calendar: String,
}

impl Targets {
    /// `tag` tells them from those of another call.
    async fn new(api: &Api, tag: &str) -> Self {
        let owner = api.organization();
        let operator = api.operator();
        let user = account(api, &format!("target-{tag}"), &[]).await;
        let hours = format!("/v2/users/{}/availabilities", user.id);
        let some = json!({ "buffer_before": 1 });
        owner.post(&hours, &some).await.created();
        let off = account(api, &format!("off-{tag}"), &[]).await;
        let deactivate = format!("/api/v2/users/{}/deactivate", off.number);
        owner.post_nothing(&deactivate).await.ok();
        let leaver = account(api, &format!("leaver-{tag}"), &[]).await;
        let deleted = account(api, &format!("deleted-{tag}"), &[]).await;
        let team = json!({ "extid": format!("team-{tag}"), "name": "Team" });
        let team = owner.new_team(team).await;
        for whose in [format!("users/{}", user.id), format!("teams/{}", team.id())] {
            // To be taken away.
            let feed = format!("/v2/{whose}/feed");
            owner.post_nothing(&feed).await.created();
        }
        let time_off = format!("/v2/users/{}/time-off", user.id);
        let off_on = async |day: &str| {
            let body = json!({ "from": day });
            owner.post(&time_off, &body).await.created().id()
        };
        let mut organizations = Vec::new();
        for name in ["Other", "Empty"] {
            let made = operator
                .post("/api/v1/org", &json!({ "name": name }))
                .await
                .ok();
            organizations.push(made.json().field("id").parse().unwrap());
        }
        let calendar = new_calendar(&owner, &user.id, "Own").await;
        Self {
            calendar,
            user: user.id,
            number: user.number,
            off: off.number,
            invited: format!("invited-{tag}@example.com"),
            key: owner
                .post("/v2/keys", &json!({ "name": "a" }))
                .await
                .created()
                .id(),
            revoked: owner
                .post("/v2/keys", &json!({ "name": "b" }))
                .await
                .created()
                .id(),
            organization: organizations[0],
            empty: organizations[1],
            leaver: leaver.id,
            deleted: deleted.number,
            team: team.id().to_owned(),
            hook: new_hook(&owner).await,
            deleted_hook: new_hook(&owner).await,
            time_off: off_on("2031-01-09").await,
            deleted_time_off: off_on("2031-01-10").await,
        }
    }

    /// A request that the route serves, where the caller may make it. None for
    /// a route that needs no present authority.
    fn ask(&self, binary: &str, tag: &str) -> Option<Asked> {
        let email = |name: &str| format!("{name}-{tag}@example.com");
        let (post, put) = (Method::POST, Method::PUT);
        let v2 = format!("/v2/users/{}", self.user);
        let api_v2 = format!("/api/v2/users/{}", self.number);
        let api_v1 = format!("/api/v1/user/{}", self.number);
        let named = "organization=5f198da1c1ac5d1a30fc00f3";
        let asked = |method, path: String, body| Some(Asked::new(method, path, body));
        let of_users = |path: String| format!("{path}?{named}");
        match binary {
            "scheduling-create-user" => {
                let body = json!({ "user": { "email": email("new") } });
                asked(post, of_users("/v2/users".into()), Some(body))
            }
            "scheduling-update-user" => {
                let credentials = json!({ "username": email("login"), "password": PASSWORD });
                let body = json!({ "login": { "credentials": credentials } });
                asked(put, of_users(v2), Some(body))
            }
            "scheduling-create-availability" | "scheduling-update-availability" => {
                let method = if binary.contains("create") { post } else { put };
                // Another number each time: what changes nothing writes nothing.
                let bytes = binary.bytes().chain(tag.bytes()).map(u32::from);
                let number = bytes.sum::<u32>() % 3_000;
                let body = json!({ "days_after_as_busy": number });
                asked(method, of_users(format!("{v2}/availabilities")), Some(body))
            }
            "scheduling-delete-availability" => {
                let path = format!("{v2}/availabilities");
                asked(Method::DELETE, of_users(path), None)
            }
            "scheduling-create-user-feed" | "scheduling-delete-user-feed" => {
                let path = of_users(format!("{v2}/feed"));
                let creates = binary.contains("create");
                asked(if creates { post } else { Method::DELETE }, path, None)
            }
            "scheduling-create-team-feed" | "scheduling-delete-team-feed" => {
                let path = of_users(format!("/v2/teams/{}/feed", self.team));
                let creates = binary.contains("create");
                asked(if creates { post } else { Method::DELETE }, path, None)
            }
            "scheduling-update-preferences" => {
                // Another topic each time: what changes nothing writes nothing.
                let topics = MailTopic::ALL;
                let topic = topics[tag.bytes().map(usize::from).sum::<usize>() % topics.len()];
                let wants = !Defaults::User.of(topic);
                let body = json!({ "email": { (topic.name()): wants } });
                asked(put, of_users(format!("{v2}/preferences")), Some(body))
            }
            "scheduling-update-calendars" => {
                // The one that is there, under another name.
                let body = json!({ "calendars": [{ "_id": self.calendar, "name": tag }] });
                asked(put, of_users(format!("{v2}/calendars")), Some(body))
            }
            "scheduling-delete-calendar" => {
                let path = of_users(format!("{v2}/calendars/{}", self.calendar));
                asked(Method::DELETE, path, None)
            }
            "scheduling-create-time-off" => {
                let body = json!({ "from": "2031-01-11" });
                asked(post, of_users(format!("{v2}/time-off")), Some(body))
            }
            "scheduling-update-time-off" => {
                let path = of_users(format!("{v2}/time-off/{}", self.time_off));
                asked(put, path, Some(json!({ "reason": tag })))
            }
            "scheduling-delete-time-off" => {
                let path = of_users(format!("{v2}/time-off/{}", self.deleted_time_off));
                asked(Method::DELETE, path, None)
            }
            "scheduling-unlink-user" => {
                let path = format!("/v2/users/{}", self.leaver);
                asked(Method::DELETE, of_users(path), None)
            }
            "scheduling-create-users" => {
                let body = json!([{ "user": { "email": email("batch") } }]);
                asked(post, of_users("/v2/users/batch".into()), Some(body))
            }
            "scheduling-update-users" => {
                let body = json!([{ "user": { "_id": self.user, "email": email("changed") } }]);
                asked(put, of_users("/v2/users/batch".into()), Some(body))
            }
            "scheduling-create-hook" => {
                let body = json!({ "action": "*", "target_url": "https://www.example.com/" });
                asked(post, of_users("/v2/hooks".into()), Some(body))
            }
            "scheduling-update-hook" => {
                let target = format!("https://www.example.com/{tag}");
                let path = of_users(format!("/v2/hooks/{}", self.hook));
                asked(put, path, Some(json!({ "target_url": target })))
            }
            "scheduling-rotate-hook" => {
                let path = of_users(format!("/v2/hooks/{}/rotate", self.hook));
                asked(post, path, None)
            }
            "scheduling-delete-hook" => {
                let path = of_users(format!("/v2/hooks/{}", self.deleted_hook));
                asked(Method::DELETE, path, None)
            }
            "scheduling-create-key" => {
                let body = json!({ "name": "lasting" });
                asked(post, of_users("/v2/keys".into()), Some(body))
            }
            "scheduling-rotate-key" => {
                let path = format!("/v2/keys/{}/rotate", self.key);
                asked(post, of_users(path), None)
            }
            "scheduling-revoke-key" => {
                let path = format!("/v2/keys/{}", self.revoked);
                asked(Method::DELETE, of_users(path), None)
            }
            "scheduling-create-organization" => {
                let body = json!({ "name": "New" });
                asked(post, "/v2/organizations".into(), Some(body))
            }
            "accounts-invite-user" => {
                let body = json!({ "email": self.invited });
                asked(post, of_users("/api/v2/users".into()), Some(body))
            }
            "accounts-update-user" => {
                let body = json!({ "email": email("moved") });
                asked(put, of_users(api_v2), Some(body))
            }
            "accounts-set-permissions" => {
                let body = json!({ "userManagement": true });
                asked(post, of_users(format!("{api_v2}/perms")), Some(body))
            }
            "accounts-activate-user" => {
                let path = format!("/api/v2/users/{}/activate", self.off);
                asked(post, of_users(path), None)
            }
            "accounts-deactivate-user" => {
                let path = format!("/api/v2/users/{}/deactivate", self.number);
                asked(post, of_users(path), None)
            }
            "directory-create-user" => {
                let body = json!({
                    "username": email("api_v1"), "password": PASSWORD, "first_name": "Ada",
                    "last_name": "Byron", "org_id": 1,
                });
                asked(post, "/api/v1/user".into(), Some(body))
            }
            "directory-update-user" => asked(put, api_v1, Some(json!({ "password": PASSWORD }))),
            "directory-delete-user" => {
                let path = format!("/api/v1/user/{}", self.deleted);
                asked(Method::DELETE, path, None)
            }
            "directory-reset-user-password" => {
                let path = format!("/api/v1/resetUserPassword/{}", self.number);
                asked(Method::GET, path, None)
            }
            "directory-create-organization" => {
                asked(post, "/api/v1/org".into(), Some(json!({ "name": "New" })))
            }
            "directory-update-organization" => {
                let path = format!("/api/v1/org/{}", self.organization);
                asked(put, path, Some(json!({ "name": "Renamed" })))
            }
            "directory-delete-organization" => {
                let path = format!("/api/v1/org/{}", self.empty);
                asked(Method::DELETE, path, None)
            }
            _ => None,
        }
    }
}

/// Makes a hook that is told nothing. Answers its id.
async fn new_hook(owner: &Client<'_>) -> String {
    let body = json!({ "action": "event.no_show", "target_url": "http://127.0.0.1:9/" });
    owner.post("/v2/hooks", &body).await.created().id()
}

/// A user who logs in with their address and [`PASSWORD`].
struct Account {
    id: String,
    number: u64,
    email: String,
}

impl Account {
    fn api_v2(&self, rest: &str) -> String {
        format!("/api/v2/users/{}{rest}", self.number)
    }

    fn v2(&self) -> String {
        format!("/v2/users/{}", self.id)
    }

    /// A key that acts as this user, made by the organization.
    async fn key(&self, api: &Api) -> (String, String) {
        let body = json!({ "name": "usr", "user": self.id });
        let made = api.organization().post("/v2/keys", &body).await.created();
        (made.id(), made.field("key"))
    }

    async fn session(&self, api: &Api) -> String {
        api.session(&self.email, PASSWORD).await
    }
}

const ALL: [&str; 5] = [
    "accountManagement",
    "userManagement",
    "addBeacons",
    "toggleBeacons",
    "viewMetrics",
];

async fn account(api: &Api, name: &str, permissions: &[&str]) -> Account {
    let owner = api.organization();
    let email = format!("{name}@example.com");
    let body = json!({
        "user": { "email": email },
        "login": { "credentials": { "username": email, "password": PASSWORD } },
    });
    let made = owner.post("/v2/users", &body).await.created();
    let id = made.id();
    let list = owner.get("/api/v2/users").await.json();
    let mut list = list.as_array().unwrap().iter();
    let listed = list.find(|user| user["email"] == email).unwrap();
    let number = listed.number("_id");
    let account = Account { id, number, email };
    if !permissions.is_empty() {
        let granted = permissions
            .iter()
            .map(|one| ((*one).to_owned(), json!(true)));
        let body = Value::Object(granted.collect());
        owner.post(&account.api_v2("/perms"), &body).await.ok();
    }
    account
}

/// Holds an answer to being a refusal in its surface's form, that says why.
fn is_refused(answer: &Answer, why: &str, what: &str) {
    assert_eq!(answer.status, 403, "{what}: {}", answer.text);
    let body = answer.json();
    let mut texts = ["detail", "message", "error"].iter();
    let text = texts.find_map(|name| body[*name].as_str());
    let text = text.unwrap_or_else(|| panic!("{what} has no text: {}", answer.text));
    assert!(text.contains(why), "{what}: {text}");
}

/// Everything that a refused request must leave as it is: all but numbers, whose
/// gaps are nobody's, the counts of what was to be mailed, mails under way, and the log of
/// what was refused.
async fn everything(table: &Table) -> std::collections::BTreeMap<Key, Item> {
    let mut items = table.everything_at_rest().await;
    let others = ["MAILS#", "AUDIT#", "ATTEMPTS#"];
    items.retain(|(pk, _), _| pk != "COUNTER" && !others.iter().any(|of| pk.starts_with(of)));
    items
}
