//! Inviting an address.

use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client};
use crate::surfaces::accounts::{
    PASSWORD, api_v2_error, choices, count, invited, new_account, new_person, send_form,
    table::Table,
};

async fn invite(client: &Client<'_>, email: &str) -> Answer {
    client
        .post("/api/v2/users", &json!({ "email": email }))
        .await
}

async fn users(client: &Client<'_>) -> Vec<Value> {
    let list = client.get("/api/v2/users").await.json();
    list.as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_address_is_a_listed_user() {
    let api = Api::start().await;
    let client = api.organization();
    let first = new_person(&client, "first@example.com").await;
    invite(&client, "Tester@Phy.net").await.ok();
    let listed = users(&client).await;
    let expected = json!({
        "_id": first.number + 1, "firstName": "", "lastName": "", "email": "Tester@Phy.net",
        "locale": "en", "timezone": "UTC",
    });
    assert_eq!(listed[1], expected);
    let found = client.get("/v2/users?email=tester@phy.net").await.json();
    assert_eq!(found[0]["signedup_with"], "email");
    assert_eq!(found[0]["emails"], json!(["Tester@Phy.net"]));
    let (_, other) = api.new_organization("Other").await;
    invite(&other, "tester@phy.net").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_invited_again_after_an_hour_and_not_before() {
    let api = Api::start().await;
    let client = api.organization();
    let (_, old_link) = invited(&api, &client, json!({ "email": "jean@example.com" })).await;
    for minutes in [0, 59] {
        api.forward(SignedDuration::from_mins(minutes));
        for email in ["jean@example.com", "JEAN@Example.com"] {
            let message = api_v2_error(&invite(&client, email).await, 409);
            let expected = "email: was already invited; another mail can be sent after ";
            assert!(message.starts_with(expected), "{message}");
        }
        api.anybody().get(&old_link).await.ok();
    }
    api.forward(SignedDuration::from_mins(2));
    api.anybody().get(&old_link).await.ok();
    invite(&client, "jean@example.com").await.ok();
    assert_eq!(api.anybody().get(&old_link).await.status, 404, "replaced");
    assert_eq!(users(&client).await.len(), 1);
    let message = api_v2_error(&invite(&client, "jean@example.com").await, 409);
    assert!(message.contains("was already invited"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_a_user_who_needs_no_invitation_is_refused() {
    let api = Api::start().await;
    let client = api.organization();
    new_person(&client, "never@example.com").await;
    let account = new_account(&client, "account").await;
    let (joined, link) = invited(&api, &client, json!({ "email": "joined@example.com" })).await;
    send_form(&api.anybody(), &link, &choices(PASSWORD))
        .await
        .ok();
    api.forward(SignedDuration::from_hours(2));
    for email in ["never@example.com", &account.email, &joined.email] {
        let before = client.get(&joined.v2()).await.json();
        let message = api_v2_error(&invite(&client, email).await, 409);
        assert_eq!(message, "email: is a user's address already");
        assert_eq!(client.get(&joined.v2()).await.json(), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_invitations_of_one_address_at_once_one_is_made() {
    let api = Api::start().await;
    let client = api.organization();
    let email = "jean@example.com";
    let answers = join_all((0..20).map(|_| invite(&client, email))).await;
    assert_eq!((count(&answers, 200), count(&answers, 409)), (1, 19));
    let listed = users(&client).await;
    assert_eq!(listed.len(), 1);
    let table = Table::of(&api);
    assert_eq!(table.starting_with("SIGNUP#").await.len(), 1);
    api.forward(SignedDuration::from_mins(61));
    let answers = join_all((0..20).map(|_| invite(&client, email))).await;
    assert_eq!((count(&answers, 200), count(&answers, 409)), (1, 19));
    assert_eq!(users(&client).await, listed);
    let links = table.starting_with("SIGNUP#").await;
    assert_eq!(links.len(), 1, "one link works, the newest");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deactivated_user_is_not_invited_and_has_no_link() {
    let api = Api::start().await;
    let client = api.organization();
    let (user, link) = invited(&api, &client, json!({ "email": "jean@example.com" })).await;
    api.forward(SignedDuration::from_mins(61));
    api.anybody().get(&link).await.ok();
    client.post_nothing(&user.deactivate()).await.ok();
    assert_eq!(api.anybody().get(&link).await.status, 404);
    let message = api_v2_error(&invite(&client, &user.email).await, 409);
    assert!(message.contains("deactivated"), "{message}");
    client.post_nothing(&user.activate()).await.ok();
    assert_eq!(api.anybody().get(&link).await.status, 404, "it has ended");
    invite(&client, &user.email).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_is_not_right_is_refused_and_makes_nobody() {
    let api = Api::start().await;
    let client = api.organization();
    for (body, status, name) in [
        (json!({}), 422, "email is required"),
        (json!({ "email": null }), 422, "email must not be null"),
        (json!({ "email": 5 }), 400, "email "),
        (json!({ "email": "jean" }), 422, "email "),
        (json!({ "email": ["jean@example.com"] }), 400, "email "),
        (
            json!({ "email": "a@b.c", "firstName": "A" }),
            400,
            "firstName ",
        ),
        (json!([{ "email": "a@b.c" }]), 400, "the body "),
    ] {
        let answer = client.post("/api/v2/users", &body).await;
        let message = api_v2_error(&answer, status);
        assert!(message.starts_with(name), "{body}: {message}");
    }
    assert_eq!(users(&client).await, Vec::<Value>::new());
}
