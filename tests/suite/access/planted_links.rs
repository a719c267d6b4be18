//! A link to sign up with that somebody else made gains nothing by what its user
//! is granted later.

use serde_json::{Value, json};

use crate::{
    access::permissions::{ALL, grant, somebody},
    harness::{Answer, Api, Client, fixtures::Fields},
    mail::invitations::mails_to,
    surfaces::accounts::{choices, link, send_form},
};

const PASSWORD: &str = "correct-horse-battery";

async fn finish(api: &Api, link: &str) -> Answer {
    send_form(&api.anybody(), link, &choices(PASSWORD)).await
}

/// A session of somebody, and whether it may list keys and users.
async fn may(api: &Api, name: &str) -> [bool; 2] {
    let session = api.with_key(&api.session(name, PASSWORD).await);
    let keys = session.get("/v2/keys").await;
    let users = session.get("/v2/users").await;
    [keys.status == 200, users.status == 200]
}

/// The path of a mailed link.
fn mailed(api: &Api, mail: &Value) -> String {
    let link = mail.field("link");
    link.strip_prefix(&api.url()).unwrap().to_owned()
}

/// Asks for a link in somebody's name.
async fn ask(client: &Client<'_>, user: &str) -> Answer {
    let body = json!({ "finish_signup_with": "email" });
    client.put(&format!("/v2/users/{user}"), &body).await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_on_any_surface_ends_the_open_links() {
    let api = Api::start().await;
    let owner = api.organization();
    let manager = somebody(&api, "manager@x.org", &["userManagement"]).await;
    for way in ["PUT", "POST", "PUT batch", "POST batch", "perms"] {
        let email = format!("{}@x.org", way.replace(' ', "-"));
        let victim = somebody(&api, &email, &[]).await;
        let link = link(&api, &ask(&manager.client, &victim.id).await);
        let mail = mails_to(&api, &email, 1).await.remove(0);
        let body = json!({ "user": {
            "_id": victim.id, "account": { "organization": { "admin": true } },
        }});
        let granted = match way {
            "PUT" => owner.put(&format!("/v2/users/{}", victim.id), &body).await,
            "POST" => owner.post("/v2/users", &body).await,
            "PUT batch" => owner.put("/v2/users/batch", &json!([body])).await,
            "POST batch" => owner.post("/v2/users/batch", &json!([body])).await,
            _ => {
                let body = json!({ "viewMetrics": true });
                let path = format!("/api/v2/users/{}/perms", victim.number);
                owner.post(&path, &body).await
            }
        };
        assert!(granted.status.is_success(), "{way}: {}", granted.text);
        for link in [link, mailed(&api, &mail)] {
            assert_eq!(finish(&api, &link).await.status, 404, "{way}");
        }
        // Whoever grants can make another.
        let own = ask(&owner, &victim.id).await;
        let own = own.field("link");
        let own = own.strip_prefix(&api.url()).unwrap();
        assert_eq!(finish(&api, own).await.status, 200, "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_set_through_a_link_that_was_answered_is_bound_by_who_asked_for_it() {
    let api = Api::start().await;
    let owner = api.organization();
    let manager = somebody(&api, "manager@x.org", &["userManagement"]).await;
    let victim = somebody(&api, "victim@x.org", &[]).await;
    let answered = link(&api, &ask(&manager.client, &victim.id).await);
    finish(&api, &answered).await.ok();
    grant(&owner, victim.number, &ALL).await;
    assert_eq!(may(&api, "victim@x.org").await, [false, true]);

    // The link that reached the address alone gives the user a password of
    // their own, whoever asked for it.
    let asked = mails_to(&api, "victim@x.org", 1).await[0]["link"].clone();
    ask(&owner, &victim.id).await;
    let mails = mails_to(&api, "victim@x.org", 2).await;
    let new = mails.iter().find(|mail| mail["link"] != asked).unwrap();
    finish(&api, &mailed(&api, new)).await.ok();
    assert_eq!(may(&api, "victim@x.org").await, [true, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailed_link_gives_a_password_that_gains_what_is_granted() {
    let api = Api::start().await;
    let owner = api.organization();
    let manager = somebody(&api, "manager@x.org", &["userManagement"]).await;
    let body = json!({ "email": "jean@x.org" });
    manager.client.post("/api/v2/users", &body).await.ok();
    let mail = mails_to(&api, "jean@x.org", 1).await.remove(0);
    finish(&api, &mailed(&api, &mail)).await.ok();
    let listed = owner.get("/api/v2/users").await.json();
    let mut listed = listed.as_array().unwrap().iter();
    let jean = listed.find(|user| user["email"] == "jean@x.org").unwrap();
    grant(&owner, jean.number("_id"), &ALL).await;
    assert_eq!(may(&api, "jean@x.org").await, [true, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_somebody_else_put_in_for_a_while_gains_nothing() {
    let api = Api::start().await;
    let owner = api.organization();
    let manager = somebody(&api, "manager@x.org", &["userManagement"]).await;
    let body = json!({ "email": "jean@x.org" });
    owner.post("/api/v2/users", &body).await.ok();
    let listed = owner.get("/api/v2/users").await.json();
    let mut listed = listed.as_array().unwrap().iter();
    let jean = listed.find(|user| user["email"] == "jean@x.org").unwrap();
    let number = jean.number("_id");
    let path = format!("/api/v2/users/{number}");
    let readdress = async |address: &str| {
        let body = json!({ "email": address });
        manager.client.put(&path, &body).await.ok();
    };
    readdress("mine@x.org").await;
    let body = json!({ "email": "mine@x.org" });
    manager.client.post("/api/v2/users", &body).await.ok();
    let mail = mails_to(&api, "mine@x.org", 1).await.remove(0);
    finish(&api, &mailed(&api, &mail)).await.ok();
    let answer = api.log_in("mine@x.org", PASSWORD).await;
    let session = api.with_key(answer.json().field("token"));
    readdress("jean@x.org").await;
    grant(&owner, number, &ALL).await;
    assert_eq!(session.get("/v2/keys").await.status, 403);
    assert_eq!(may(&api, "mine@x.org").await, [false, false]);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_gains_nothing_either_where_the_user_seems_to_take_it_out() {
    let api = Api::start().await;
    let owner = api.organization();
    let manager = somebody(&api, "manager@x.org", &["userManagement"]).await;
    let victim = somebody(&api, "jean@x.org", &["userManagement"]).await;
    let path = format!("/v2/users/{}", victim.id);
    let body = json!({ "user": { "email": "mine@x.org" }, "finish_signup_with": "email" });
    manager.client.put(&path, &body).await.ok();
    let mail = mails_to(&api, "mine@x.org", 1).await.remove(0);
    finish(&api, &mailed(&api, &mail)).await.ok();
    let answer = api.log_in("mine@x.org", PASSWORD).await;
    let session = api.with_key(answer.json().field("token"));
    // Another password, and the right address, as if it were one's own affair.
    let other = json!({
        "user": { "email": "jean@x.org" },
        "login": { "credentials": { "password": PASSWORD } },
    });
    session.put(&path, &other).await.ok();
    grant(&owner, victim.number, &ALL).await;
    assert_eq!(may(&api, "mine@x.org").await, [false, true]);
    // A link to the address that the user has now makes good.
    ask(&owner, &victim.id).await;
    let mail = mails_to(&api, "jean@x.org", 1).await.remove(0);
    finish(&api, &mailed(&api, &mail)).await.ok();
    assert_eq!(may(&api, "mine@x.org").await, [true, true]);
}
