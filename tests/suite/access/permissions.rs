//! What a user may do who calls with a key or a session of their own: `/api/v2`'s five
//! permissions bite on every surface, and nobody gets more than they have.

use reqwest::Method;
use roster_local::routes;
use roster_runtime::Route;
use serde_json::{Value, json};

use crate::{
    access::{asks::Asks, isolation::operations::operation},
    harness::{Answer, Api, Client, fixtures::Fields},
};

pub const ALL: [&str; 5] = [
    "accountManagement",
    "userManagement",
    "addBeacons",
    "toggleBeacons",
    "viewMetrics",
];

/// A user with these permissions, as one of the surfaces knows it.
pub struct Somebody<'a> {
    pub id: String,
    pub number: u64,
    key: String,
    pub client: Client<'a>,
}

pub async fn somebody<'a>(api: &'a Api, email: &str, permissions: &[&str]) -> Somebody<'a> {
    let owner = api.organization();
    let id = owner.new_user_id(email).await;
    let number = number_of(&owner, email).await;
    grant(&owner, number, permissions).await;
    let made = owner
        .post("/v2/keys", &json!({ "name": email, "user": id }))
        .await
        .created();
    let key = made.field("key");
    assert!(key.starts_with("rstr_usr_"), "{key}");
    let client = api.with_key(&key);
    Somebody {
        id,
        number,
        key,
        client,
    }
}

async fn number_of(owner: &Client<'_>, email: &str) -> u64 {
    let users = owner.get("/api/v2/users").await.json();
    let user = users.as_array().unwrap().iter();
    let mut user = user.filter(|user| user["email"] == email);
    user.next().expect("the user is listed").number("_id")
}

pub async fn grant(owner: &Client<'_>, number: u64, permissions: &[&str]) {
    let body: Value = ALL
        .iter()
        .map(|name| ((*name).to_owned(), json!(permissions.contains(name))))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let path = format!("/api/v2/users/{number}/perms");
    let answer = owner.post(&path, &body).await.ok();
    assert_eq!(answer.json(), body);
}

/// What takes more than a user who is there.
const NEEDS_MORE: [&str; 5] = [
    "scheduling-update-calendars",
    "scheduling-delete-calendar",
    "scheduling-create-time-off",
    "scheduling-update-time-off",
    "scheduling-delete-time-off",
];

/// Calls a route with ids that stand for nothing, so that whatever is allowed
/// changes nothing.
async fn call(client: &Client<'_>, route: &Route, user: &str, number: &str) -> Vec<Answer> {
    let mut answers = Vec::new();
    for (method, template) in route.matches {
        let id = "5f5e10000000000000000000";
        let user = if template.starts_with("/v2/") {
            user
        } else {
            number
        };
        let path = template
            .replace("{user_id}", user)
            .replace("{team_id}", id)
            .replace("{event_id}", id)
            .replace("{invitee_id}", id)
            .replace("{hold_id}", id)
            .replace("{hook_id}", id)
            .replace("{delivery_id}", id)
            .replace("{member_id}", id)
            .replace("{key_id}", id)
            .replace("{org_id}", "999999")
            .replace("{organization_id}", id)
            .replace("{time_off_id}", id)
            .replace("{calendar_id}", id)
            .replace("{token}", "none")
            .replace("{nickname}", "none")
            .replace("{minutes}", "30");
        let body = [Method::POST, Method::PUT, Method::PATCH]
            .contains(method)
            .then(|| b"{}".to_vec());
        let json = [("content-type", "application/json")];
        answers.push(client.send(method.clone(), &path, body, &json).await);
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn each_operation_is_open_to_users_with_its_permission_and_to_no_others() {
    let api = Api::start().await;
    let mut users = vec![
        (vec![], somebody(&api, "none@x.org", &[]).await),
        (ALL.to_vec(), somebody(&api, "all@x.org", &ALL).await),
    ];
    for permission in ALL {
        let user = somebody(&api, &format!("{permission}@x.org"), &[permission]).await;
        users.push((vec![permission], user));
    }
    let unknown = ("5f5e10000000000000000000", "999999");
    for route in routes() {
        let (asks, _) = operation(route.binary).expect("isolation.rs says which is missing");
        for (permissions, user) in &users {
            let allowed = match asks {
                Asks::Nothing => true,
                Asks::One(name) | Asks::OneUnlessOwn(name) => permissions.contains(&name),
                Asks::Operator | Asks::Session => false,
            };
            for answer in call(&user.client, route, unknown.0, unknown.1).await {
                let what = format!("{} with {permissions:?}: {}", route.binary, answer.text);
                assert_eq!(answer.status != 403, allowed, "{what}");
                if let (false, Asks::One(name) | Asks::OneUnlessOwn(name)) = (allowed, asks) {
                    assert!(answer.text.contains(name), "{what}");
                }
            }
            if let Asks::OneUnlessOwn(name) = asks {
                let number = user.number.to_string();
                let answers = call(&user.client, route, &user.id, &number).await;
                for ((_, template), answer) in route.matches.iter().zip(answers) {
                    let what = format!("{} {template}: {}", route.binary, answer.text);
                    if !template.contains("{user_id}") {
                        // Teams and organizations are nobody's own.
                        let allowed = permissions.contains(&name);
                        assert_eq!(answer.status != 403, allowed, "{what}");
                    } else if NEEDS_MORE.contains(&route.binary) {
                        assert!([404, 422].contains(&answer.status.as_u16()), "{what}");
                    } else {
                        assert!(answer.status.is_success(), "{what}");
                    }
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_users_key_reaches_its_own_organization_alone() {
    let api = Api::start().await;
    let user = somebody(&api, "all@x.org", &ALL).await;
    let (organization, other) = api.new_organization("Other").await;
    let stranger = other.new_user_id("stranger@x.org").await;
    let named = format!("/v2/users?organization={organization}");
    assert_eq!(user.client.get(&named).await.status, 403);
    let path = format!("/v2/users/{stranger}");
    assert_eq!(user.client.get(&path).await.status, 404);
    let number = number_of(&other, "stranger@x.org").await;
    let path = format!("/api/v2/users/{number}");
    assert_eq!(user.client.get(&path).await.status, 404);
    let key = json!({ "name": "theirs", "user": stranger });
    let made = user.client.post("/v2/keys", &key).await;
    assert_eq!(
        (made.status.as_u16(), made.places()),
        (422, vec!["/user".to_owned()])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_grants_or_withdraws_a_permission_that_they_lack_on_any_surface() {
    let api = Api::start().await;
    let owner = api.organization();
    let manager = somebody(&api, "manager@x.org", &["userManagement", "viewMetrics"]).await;
    let target = somebody(&api, "target@x.org", &["addBeacons"]).await;
    let admin = somebody(&api, "admin@x.org", &["accountManagement"]).await;
    let perms = |number: u64| format!("/api/v2/users/{number}/perms");
    for (permission, granted, allowed) in [
        ("viewMetrics", true, true),
        ("viewMetrics", false, true),
        ("accountManagement", true, false),
        ("toggleBeacons", true, false),
        ("addBeacons", false, false),
    ] {
        let body = json!({ permission: granted });
        let answer = manager.client.post(&perms(target.number), &body).await;
        let expected = if allowed { 200 } else { 403 };
        assert_eq!(answer.status, expected, "{body}: {}", answer.text);
        if !allowed {
            let message = answer.json()["message"].to_string();
            assert!(message.contains(permission), "{message}");
        }
    }
    // To say again what is so already grants nothing.
    let same = json!({ "addBeacons": true, "accountManagement": false });
    assert_eq!(
        manager
            .client
            .post(&perms(target.number), &same)
            .await
            .status,
        200
    );
    // One's own permissions are no exception.
    let own = json!({ "accountManagement": true });
    assert_eq!(
        manager
            .client
            .post(&perms(manager.number), &own)
            .await
            .status,
        403
    );

    let admin_of =
        |admin: bool| json!({ "user": { "account": { "organization": { "admin": admin } } } });
    let path = |id: &str| format!("/v2/users/{id}");
    for (id, granted) in [(&target.id, true), (&admin.id, false)] {
        let answer = manager.client.put(&path(id), &admin_of(granted)).await;
        assert_eq!(answer.status, 403, "{}", answer.text);
    }
    let new = json!({ "user": { "email": "new@x.org", "account": { "organization": { "admin": true } } } });
    assert_eq!(manager.client.post("/v2/users", &new).await.status, 403);
    let batch = manager.client.post("/v2/users/batch", &json!([new])).await;
    assert_eq!(batch.json()[0]["status"], 403, "{}", batch.text);
    let listed = owner.get("/v2/users?email=new@x.org").await;
    assert_eq!(listed.json(), json!([]), "nothing was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_over_or_switches_off_somebody_who_may_do_more() {
    let api = Api::start().await;
    let manager = somebody(&api, "manager@x.org", &["userManagement"]).await;
    let admin = somebody(&api, "admin@x.org", &["accountManagement"]).await;
    let second = somebody(&api, "second@x.org", &["accountManagement"]).await;
    let equal = somebody(&api, "equal@x.org", &[]).await;
    let login = json!({ "login": { "credentials": { "username": "taken-over", "password": "correct horse" } } });
    for body in [
        login.clone(),
        json!({ "user": { "email": "mine@x.org" } }),
        json!({ "user": { "active": false } }),
        json!({ "finish_signup_with": "email" }),
    ] {
        let path = format!("/v2/users/{}", admin.id);
        let answer = manager.client.put(&path, &body).await;
        assert_eq!(answer.status, 403, "{body}: {}", answer.text);
        let detail = answer.json()["detail"].to_string();
        assert!(detail.contains("accountManagement"), "{detail}");
    }
    let deactivate = |number: u64| format!("/api/v2/users/{number}/deactivate");
    let answer = manager
        .client
        .post(&deactivate(admin.number), &json!({}))
        .await;
    assert_eq!(answer.status, 403, "{}", answer.text);
    let path = format!("/api/v2/users/{}", admin.number);
    let readdress = json!({ "email": "mine@x.org" });
    assert_eq!(manager.client.put(&path, &readdress).await.status, 403);
    let unlink = format!("/v2/users/{}", admin.id);
    assert_eq!(manager.client.delete(&unlink).await.status, 403);
    // A name is no way in.
    let rename = json!({ "firstName": "Ada" });
    manager.client.put(&path, &rename).await.ok();
    // Who may do no more than the manager is the manager's to look after.
    let path = format!("/v2/users/{}", equal.id);
    manager.client.put(&path, &login).await.ok();
    assert_eq!(
        manager
            .client
            .post(&deactivate(equal.number), &json!({}))
            .await
            .status,
        200
    );
    // And the organization's own key may do it all.
    let owner = api.organization();
    assert_eq!(
        owner
            .post(&deactivate(second.number), &json!({}))
            .await
            .status,
        200
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_a_key_that_can_do_more_than_they_can() {
    let api = Api::start().await;
    let owner = api.organization();
    let admin = somebody(&api, "admin@x.org", &["accountManagement"]).await;
    let all = somebody(&api, "all@x.org", &ALL).await;
    let none = somebody(&api, "none@x.org", &[]).await;
    let list = owner.get("/v2/keys").await.json();
    let key_of = |user: &Somebody<'_>| {
        let mut keys = list.as_array().unwrap().iter();
        let key = keys.find(|key| key["user"] == *user.id).expect("a key");
        assert_eq!((&key["role"], key.get("key")), (&json!("usr"), None));
        key.id().to_owned()
    };
    let new = |user: &Somebody<'_>| json!({ "name": "new", "user": user.id });
    let organization = json!({ "name": "everything" });
    let created = owner.post("/v2/keys", &organization).await.json();
    let organization_key = created.id();
    let rotate = |id: &str| format!("/v2/keys/{id}/rotate");
    let nothing = json!({});
    for (who, body, status) in [
        (&admin, &organization, 403),
        (&admin, &new(&all), 403),
        (&admin, &new(&none), 201),
        (&admin, &new(&admin), 201),
        (&all, &organization, 201),
        (&all, &new(&admin), 201),
    ] {
        let answer = who.client.post("/v2/keys", body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
    }
    for (who, key, status) in [
        (&admin, organization_key, 403),
        (&admin, &*key_of(&all), 403),
        (&admin, &*key_of(&none), 200),
        (&all, organization_key, 200),
    ] {
        let answer = who.client.post(&rotate(key), &nothing).await;
        assert_eq!(answer.status, status, "{key}: {}", answer.text);
    }
    assert!(!none.key.is_empty());
    let operator = json!({ "name": "operator", "role": "adm" });
    assert_eq!(all.client.post("/v2/keys", &operator).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_that_is_withdrawn_is_gone_with_the_next_call() {
    let api = Api::start().await;
    let user = somebody(&api, "user@x.org", &["userManagement"]).await;
    user.client.get("/v2/users").await.ok();
    grant(&api.organization(), user.number, &[]).await;
    assert_eq!(user.client.get("/v2/users").await.status, 403);
}
