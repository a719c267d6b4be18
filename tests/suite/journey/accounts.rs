//! The journey through `/api/v2` and the sign-up page.

use reqwest::Method;
use serde_json::json;

use super::{PASSWORD, Travellers, journal::Journal, scheduling::Users};
use crate::harness::{Api, fixtures::Fields};

pub async fn users(travellers: &Travellers<'_>, journal: &mut Journal) {
    let client = &travellers.organization;
    let listed = journal.get(client, "/api/v2/users", 200).await;
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let body = json!({ "email": journal.address("joan") });
    let invited = journal.post(client, "/api/v2/users", &body, 200).await;
    assert_eq!(invited["error"], false);
    let listed = journal.get(client, "/api/v2/users", 200).await;
    let number = &listed[2]["_id"];
    let path = format!("/api/v2/users/{number}");
    journal.post(client, "/api/v2/users", &json!({}), 422).await;
    journal
        .put(client, &path, &json!({ "firstName": "Joan" }), 200)
        .await;
    journal
        .patch(client, &path, &json!({ "lastName": "Clarke" }))
        .await;
    let shown = journal.get(client, &path, 200).await;
    assert_eq!(
        (&shown["firstName"], &shown["lastName"]),
        (&json!("Joan"), &json!("Clarke"))
    );
    let perms = json!({ "viewMetrics": true });
    journal
        .post(client, &format!("{path}/perms"), &perms, 200)
        .await;
    journal
        .post_nothing(client, &format!("{path}/deactivate"))
        .await;
    journal
        .post_nothing(client, &format!("{path}/activate"))
        .await;
    journal.get(client, "/api/v2/users/999999", 404).await;
}

pub async fn session(api: &Api, travellers: &Travellers<'_>, journal: &mut Journal) {
    let ada = journal.address("ada");
    let login = |password: &str| json!({ "email": ada, "password": password });
    let wrong = login("incorrect-horse");
    journal
        .post(&travellers.anybody, "/api/v2/login", &wrong, 401)
        .await;
    let right = login(PASSWORD);
    let answer = travellers.anybody.post("/api/v2/login", &right).await;
    let session = journal.note(Method::POST, "/api/v2/login", &answer, 200);
    let ada = api.with_key(session.field("token"));
    // Ada has no permission.
    journal.get(&ada, "/v2/users", 403).await;
    journal.get(&ada, "/v2/teams", 200).await;
    journal.post_nothing(&ada, "/api/v2/logout").await;
}

pub async fn sign_up(api: &Api, travellers: &Travellers<'_>, journal: &mut Journal, users: &Users) {
    let path = format!("/v2/users/{}", users.grace);
    let body = json!({ "finish_signup_with": "email" });
    let changed = journal
        .put(&travellers.organization, &path, &body, 200)
        .await;
    let link = changed.field("link");
    let page = link
        .strip_prefix(&api.url())
        .expect("the page is of the API");
    journal.get(&travellers.anybody, page, 200).await;
    let form = format!(
        "first_name=Grace&last_name=Hopper&password={PASSWORD}&password_confirmation={PASSWORD}"
    );
    for status in [200, 404] {
        let sent = travellers.anybody.send_form(Method::POST, page, &form);
        journal.note(Method::POST, page, &sent.await, status);
    }
    let login = json!({ "email": journal.address("grace"), "password": PASSWORD });
    let answer = travellers.anybody.post("/api/v2/login", &login).await;
    journal.note(Method::POST, "/api/v2/login", &answer, 200);
}
