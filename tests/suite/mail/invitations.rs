//! From the request that invites to the mail, and from the mail to the login.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Api, fixtures::Fields};

/// The mails to an address, once there are `count`. Waits for the stream.
pub async fn mails_to(api: &Api, address: &str, count: usize) -> Vec<Value> {
    let to_address = |mail: &&Value| mail["to"] == address;
    let all = api
        .mails(|mails| mails.iter().filter(to_address).count() >= count)
        .await;
    let mails: Vec<_> = all.iter().filter(to_address).cloned().collect();
    assert_eq!(mails.len(), count, "{mails:?}");
    mails
}

/// Finishes the sign-up of a link, and logs in; the status of the login.
async fn sign_up(api: &Api, link: &str, name: &str) -> u16 {
    let path = link.strip_prefix(&api.url()).expect("a link to this API");
    let anybody = api.anybody();
    anybody.get(path).await.ok();
    let form = "first_name=Jean&last_name=Dupont&password=correct+horse\
                &password_confirmation=correct+horse";
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let body = Some(form.as_bytes().to_vec());
    anybody.send(Method::POST, path, body, &headers).await.ok();
    anybody.log_in(name, "correct horse").await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_arrives_once_and_its_link_leads_to_a_login() {
    let api = Api::start().await;
    let owner = api.organization();
    let body = json!({ "email": "Jean@example.com" });
    owner.post("/api/v2/users", &body).await.ok();
    // Too early for another.
    assert_eq!(owner.post("/api/v2/users", &body).await.status, 409);
    let mails = mails_to(&api, "Jean@example.com", 1).await;
    let mail = &mails[0];
    assert!(mail.field("subject").contains("ACME"), "{mail}");
    let link = mail.field("link");
    assert!(mail.field("text").contains(link), "{mail}");
    assert_eq!(sign_up(&api, link, "jean@EXAMPLE.com").await, 200);
    mails_to(&api, "Jean@example.com", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_to_finish_a_sign_up_by_email_mails_a_link_of_its_own() {
    let api = Api::start().await;
    let owner = api.organization();
    let asked = json!({
        "user": { "email": "zoe@example.com", "first_name": "Zoé", "language": "fr" },
        "finish_signup_with": "email",
    });
    let made = owner.post("/v2/users", &asked).await.json();
    let mails = mails_to(&api, "zoe@example.com", 1).await;
    // What the caller can read proves nothing about the address.
    assert_ne!(mails[0]["link"], made["link"]);
    assert!(mails[0].field("text").contains("Zoé"));

    // Asking again replaces both links, and mails the new one.
    let path = format!("/v2/users/{}", made["user"].id());
    let again = json!({ "finish_signup_with": "email" });
    let second = owner.put(&path, &again).await.json();
    let old = mails[0]["link"].clone();
    let mails = mails_to(&api, "zoe@example.com", 2).await;
    let mut new = mails.iter().map(|mail| &mail["link"]);
    let new = new.find(|link| **link != old).unwrap();
    let path = |link: &Value| {
        let link = link.as_str().unwrap();
        link.strip_prefix(&api.url()).unwrap().to_owned()
    };
    for dead in [&made["link"], &old] {
        assert_eq!(api.anybody().get(&path(dead)).await.status, 404);
    }
    // Using one ends the other.
    api.anybody().get(&path(&second["link"])).await.ok();
    let link = new.as_str().unwrap();
    assert_eq!(sign_up(&api, link, "zoe@example.com").await, 200);
    assert_eq!(api.anybody().get(&path(&second["link"])).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_refused_mails_nobody() {
    let api = Api::start().await;
    let owner = api.organization();
    owner.new_user_id("jean@example.com").await;
    let taken = json!({ "user": { "email": "jean@example.com" }, "finish_signup_with": "email" });
    assert_eq!(owner.post("/v2/users", &taken).await.status, 409);
    let invitation = json!({ "email": "jean@example.com" });
    assert_eq!(owner.post("/api/v2/users", &invitation).await.status, 409);
    // Mails come in order: once this one is there, the others would be.
    let other = json!({ "email": "zoe@example.com" });
    owner.post("/api/v2/users", &other).await.ok();
    mails_to(&api, "zoe@example.com", 1).await;
    mails_to(&api, "jean@example.com", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_not_made_for_a_user_who_cannot_get_or_use_it() {
    let api = Api::start().await;
    let owner = api.organization();
    let without = json!({
        "user": { "account": { "organization": { "extid": "7" } } },
        "finish_signup_with": "email",
    });
    let refused = owner.post("/v2/users", &without).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(refused.places(), ["/user/email"]);
    let user = owner.new_user_id("jean@example.com").await;
    let path = format!("/v2/users/{user}");
    let off = json!({ "user": { "active": false } });
    owner.put(&path, &off).await.ok();
    let asked = owner
        .put(&path, &json!({ "finish_signup_with": "email" }))
        .await;
    assert_eq!(asked.status, 409, "{}", asked.text);
}
