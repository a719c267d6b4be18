//! A key or a password that somebody made for somebody else never gains what that
//! person is granted later, nor does anything that is made with it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    access::permissions::{ALL, Somebody, grant, somebody},
    harness::{Answer, Api, Client, fixtures::Fields},
};

/// A password that the victim does not know.
const PLANTED: &str = "planted-horse-battery";

/// Operations that need `accountManagement`, `userManagement` and `viewMetrics`:
/// which of them are open.
async fn may(client: &Client<'_>) -> [bool; 3] {
    let lists = [
        client.get("/v2/keys").await,
        client.get("/api/v2/users").await,
        client
            .get("/v2/teams/5f5e10000000000000000000/assignments")
            .await,
    ];
    let others = [
        client.get("/v2/users").await,
        client.get("/api/v1/user/1").await,
    ];
    let is_open = |answer: &Answer| answer.status != 403;
    let open = lists.each_ref().map(is_open);
    for other in &others {
        assert_eq!(is_open(other), open[1], "{}", other.text);
    }
    open
}

/// Makes a key that acts as this user.
async fn new_key(client: &Client<'_>, user: &str) -> Value {
    let body = json!({ "name": "planted", "user": user });
    client.post("/v2/keys", &body).await.created().json()
}

/// A session of somebody who logs in with this name and the planted password.
async fn session<'a>(api: &'a Api, name: &str) -> Client<'a> {
    api.with_key(&api.session(name, PLANTED).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_made_for_somebody_else_never_gains_what_they_are_granted_later() {
    let api = Api::start().await;
    let owner = api.organization();
    let maker = somebody(&api, "maker@x.org", &["accountManagement"]).await;
    let victim = somebody(&api, "victim@x.org", &[]).await;
    let third = somebody(&api, "third@x.org", &[]).await;
    let planted = new_key(&maker.client, &victim.id).await;
    assert_eq!(planted["ceiling"], json!(["accountManagement"]));
    let key = api.with_key(planted.field("key"));
    assert_eq!(may(&key).await, [false; 3]);
    for user in [&victim, &third] {
        grant(&owner, user.number, &ALL).await;
    }
    assert_eq!(may(&victim.client).await, [true; 3]);
    assert_eq!(may(&key).await, [true, false, false]);

    // What is made with it is bound as it is, for the victim and for others.
    let nested = new_key(&key, &victim.id).await;
    assert_eq!(nested["ceiling"], json!(["accountManagement"]));
    let nested = api.with_key(nested.field("key"));
    assert_eq!(may(&nested).await, [true, false, false]);
    grant(&owner, third.number, &[]).await;
    let for_third = new_key(&key, &third.id).await;
    grant(&owner, third.number, &ALL).await;
    let for_third = api.with_key(for_third.field("key"));
    assert_eq!(may(&for_third).await, [true, false, false]);
    // Nor does it rotate the victim's own key to get at more.
    let list = owner.get("/v2/keys").await.json();
    let keys = list.as_array().unwrap();
    let of_victim = |key: &&Value| key["user"] == *victim.id;
    let own = keys.iter().filter(of_victim);
    let own = own.clone().find(|key| key.get("ceiling").is_none());
    let rotate = format!("/v2/keys/{}/rotate", own.unwrap().id());
    let refused = key.post(&rotate, &json!({})).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    let listed = keys.iter().find(|key| key["_id"] == planted["_id"]);
    assert_eq!(listed.unwrap()["ceiling"], json!(["accountManagement"]));

    // One's own key for oneself, and the organization's, are bound by nothing.
    for maker in [&victim.client, &owner] {
        let own = new_key(maker, &victim.id).await;
        assert_eq!(own.get("ceiling"), None, "{own}");
        let own = api.with_key(own.field("key"));
        assert_eq!(may(&own).await, [true; 3]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_somebody_else_rotated_is_bound_by_what_they_could_give() {
    let api = Api::start().await;
    let owner = api.organization();
    let maker = somebody(&api, "maker@x.org", &["accountManagement"]).await;
    let victim = somebody(&api, "victim@x.org", &[]).await;
    let made = new_key(&owner, &victim.id).await;
    let rotate = format!("/v2/keys/{}/rotate", made.field("_id"));
    let grace = json!({ "grace_period_seconds": 3_600 });
    let rotated = maker.client.post(&rotate, &grace).await.ok();
    let rotated = rotated.json();
    assert_eq!(rotated["ceiling"], json!(["accountManagement"]));
    grant(&owner, victim.number, &ALL).await;
    for secret in [&rotated, &made] {
        let key = api.with_key(secret.field("key"));
        assert_eq!(may(&key).await, [true, false, false]);
    }
    // Rotating does not raise it again, whoever does.
    let raised = owner.post(&rotate, &json!({})).await.json();
    assert_eq!(raised["ceiling"], json!(["accountManagement"]));
}

/// Every way in which a user manager sets somebody's password; answers the
/// name to log in with.
async fn plant(manager: &Client<'_>, way: &str, victim: &Somebody<'_>, email: &str) -> String {
    let credentials = json!({ "username": format!("{way}.name"), "password": PLANTED });
    let mut body = json!({ "login": { "credentials": credentials } });
    let v2 = format!("/v2/users/{}", victim.id);
    let v1 = format!("/api/v1/user/{}", victim.number);
    let answer = match way {
        "put" => manager.put(&v2, &body).await,
        "post" => {
            body["user"] = json!({ "_id": victim.id });
            manager.post("/v2/users", &body).await
        }
        "batch" => {
            body["user"] = json!({ "_id": victim.id });
            manager.put("/v2/users/batch", &json!([body])).await
        }
        "directory" => {
            let body = json!({ "username": "directory.name", "password": PLANTED });
            manager.put(&v1, &body).await
        }
        _ => panic!("{way}"),
    };
    assert!(answer.status.is_success(), "{way} {email}: {}", answer.text);
    format!("{way}.name")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_set_by_somebody_else_never_gains_what_its_owner_is_granted_later() {
    let api = Api::start().await;
    let owner = api.organization();
    let manager = somebody(&api, "manager@x.org", &["userManagement"]).await;
    for way in ["put", "post", "batch", "directory"] {
        let email = format!("{way}@x.org");
        let victim = somebody(&api, &email, &["userManagement"]).await;
        let name = plant(&manager.client, way, &victim, &email).await;
        let before = session(&api, &name).await;
        grant(&owner, victim.number, &ALL).await;
        let after = session(&api, &name).await;
        for session in [&before, &after] {
            assert_eq!(may(session).await, [false, true, false], "{way}");
            // Nor does whoever has it set themselves another.
            let own = json!({ "login": { "credentials": { "password": "another horse" } } });
            let path = format!("/v2/users/{}", victim.id);
            assert_eq!(session.put(&path, &own).await.status, 403, "{way}");
            let reset = format!("/api/v1/resetUserPassword/{}", victim.number);
            assert_eq!(session.get(&reset).await.status, 403, "{way}");
            let own = json!({ "password": "another horse" });
            let path = format!("/api/v1/user/{}", victim.number);
            assert_eq!(session.put(&path, &own).await.status, 403, "{way}");
        }
        // Another name for the same password makes it nobody else's.
        let renamed = format!("{way}.renamed");
        let body = json!({ "login": { "credentials": { "username": renamed } } });
        let path = format!("/v2/users/{}", victim.id);
        owner.put(&path, &body).await.ok();
        let renamed = session(&api, &renamed).await;
        assert_eq!(may(&renamed).await, [false, true, false], "{way}");
        // Its owner's own password is bound by nothing.
        let own = json!({ "login": { "credentials": { "password": PLANTED } } });
        victim.client.put(&path, &own).await.ok();
        let own = session(&api, &format!("{way}.renamed")).await;
        assert_eq!(may(&own).await, [true; 3], "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_password_and_one_of_a_new_user_are_bound_as_well() {
    let api = Api::start().await;
    let owner = api.organization();
    let manager = somebody(&api, "manager@x.org", &["userManagement"]).await;
    let victim = somebody(&api, "victim@x.org", &["userManagement"]).await;
    let reset = format!("/api/v1/resetUserPassword/{}", victim.number);
    let reset = manager.client.get(&reset).await.ok();
    grant(&owner, victim.number, &ALL).await;
    let reset = reset.json();
    let answer = api.log_in("victim@x.org", reset.field("password")).await;
    let planted = api.with_key(&answer.field("token"));
    assert_eq!(may(&planted).await, [false, true, false]);

    let accomplice = |name: &str| {
        json!({
            "user": { "email": format!("{name}@x.org") },
            "login": { "credentials": { "username": name, "password": PLANTED } },
        })
    };
    let body = accomplice("alone");
    manager.client.post("/v2/users", &body).await.created();
    let batch = json!([accomplice("batched")]);
    let made = manager.client.post("/v2/users/batch", &batch).await;
    assert_eq!(made.json()[0]["status"], 201, "{}", made.text);
    let listed = owner.get("/api/v2/users").await.json();
    for name in ["alone", "batched"] {
        let email = format!("{name}@x.org");
        let mut users = listed.as_array().unwrap().iter();
        let user = users.find(|user| user["email"] == *email).unwrap();
        grant(&owner, user.number("_id"), &ALL).await;
        let planted = session(&api, name).await;
        assert_eq!(may(&planted).await, [false, true, false], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_bound_session_makes_is_bound_as_the_session_is() {
    let api = Api::start().await;
    let owner = api.organization();
    let both = ["accountManagement", "userManagement"];
    let manager = somebody(&api, "manager@x.org", &both).await;
    let victim = somebody(&api, "victim@x.org", &both).await;
    let name = plant(&manager.client, "put", &victim, "victim@x.org").await;
    let planted = session(&api, &name).await;
    let key = new_key(&planted, &victim.id).await;
    assert_eq!(key["ceiling"], json!(both));
    // One that it sets itself is no more its owner's than the first.
    let own = json!({ "login": { "credentials": { "password": PLANTED } } });
    let path = format!("/v2/users/{}", victim.id);
    planted.put(&path, &own).await.ok();
    let planted = session(&api, &name).await;
    grant(&owner, victim.number, &ALL).await;
    for bound in [&planted, &api.with_key(key.field("key"))] {
        assert_eq!(may(bound).await, [true, true, false]);
        let grant = json!({ "viewMetrics": true });
        let perms = format!("/api/v2/users/{}/perms", manager.number);
        assert_eq!(bound.post(&perms, &grant).await.status, 403);
        let organization = json!({ "name": "everything" });
        assert_eq!(bound.post("/v2/keys", &organization).await.status, 403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_what_somebody_who_may_do_more_is_known_by() {
    let api = Api::start().await;
    let owner = api.organization();
    let manager = somebody(&api, "manager@x.org", &["userManagement"]).await;
    let boss = somebody(&api, "boss@x.org", &["accountManagement"]).await;
    let equal = somebody(&api, "equal@x.org", &[]).await;
    let organization = |extid: Value| json!({ "account": { "organization": { "extid": extid } } });
    for (user, extid) in [(&boss, "boss-7"), (&equal, "equal-8")] {
        let body = json!({ "user": organization(json!(extid)), "vyteme": { "nickname": extid } });
        owner
            .put(&format!("/v2/users/{}", user.id), &body)
            .await
            .ok();
    }
    let changes = [
        json!({ "user": organization(json!("another")) }),
        json!({ "user": organization(Value::Null) }),
        json!({ "vyteme": { "nickname": "another" } }),
        json!({ "vyteme": { "nickname": null } }),
    ];
    let before = owner.get(&format!("/v2/users/{}", boss.id)).await.json();
    for change in &changes {
        let send = async |user: &Somebody<'_>, way: &str| {
            let mut body = change.clone();
            body["user"]["_id"] = json!(user.id);
            let (method, path) = match way {
                "PUT" => (Method::PUT, format!("/v2/users/{}", user.id)),
                "POST" => (Method::POST, "/v2/users".to_owned()),
                "PUT batch" => (Method::PUT, "/v2/users/batch".to_owned()),
                _ => (Method::POST, "/v2/users/batch".to_owned()),
            };
            let is_batch = way.ends_with("batch");
            let body = if is_batch { json!([body]) } else { body };
            let client = &manager.client;
            let answer = client.send_json(method, &path, &body.to_string()).await;
            if is_batch {
                answer.json()[0].number("status")
            } else {
                u64::from(answer.status.as_u16())
            }
        };
        for way in ["PUT", "POST", "PUT batch", "POST batch"] {
            assert_eq!(send(&boss, way).await, 403, "{way} {change}");
        }
        assert_eq!(send(&equal, "PUT").await, 200, "{change}");
    }
    let after = owner.get(&format!("/v2/users/{}", boss.id)).await.json();
    assert_eq!(before, after, "nothing was written");
    // What is taken stays taken.
    let own = json!({ "user": organization(json!("boss-7")) });
    let path = format!("/v2/users/{}", manager.id);
    assert_eq!(manager.client.put(&path, &own).await.status, 409);
}
