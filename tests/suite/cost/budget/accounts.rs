//! What `/api/v2`, sessions and sign-ups cost.

use reqwest::Method;
use serde_json::json;

use super::hold;
use crate::harness::{Api, fixtures::Fields};

#[tokio::test(flavor = "multi_thread")]
async fn api_v2_sessions_and_sign_ups_stay_within_their_round_trips() {
    let api = Api::start().await;
    let client = api.organization();
    let path = "/api/v2/users";
    let invite = json!({ "email": "jean@example.com" });
    // The mail is counted before it is in the outbox.
    hold("invite user", 3, &client.post(path, &invite).await);
    hold(
        "list users page (/api/v2)",
        1,
        &client.get(&format!("{path}?limit=100")).await,
    );
    // A number leads to a guard, the guard to the user.
    let user = format!("{path}/1");
    hold("show user (/api/v2)", 2, &client.get(&user).await);
    let change = json!({ "firstName": "Jean" });
    hold(
        "update user (/api/v2)",
        3,
        &client.put(&user, &change).await,
    );
    for (operation, body) in [
        ("perms", json!({ "viewMetrics": true })),
        ("deactivate", json!({})),
        ("activate", json!({})),
    ] {
        let answer = client.post(&format!("{user}/{operation}"), &body).await;
        hold(operation, 3, &answer);
    }

    let asked = json!({ "user": { "email": "zoe@example.com" }, "finish_signup_with": "email" });
    let made = client.post("/v2/users", &asked).await;
    hold("create user with a link to finish the sign-up", 3, &made);
    let made = made.json();
    let link = made.field("link");
    let page = link.strip_prefix(&api.url()).unwrap();
    hold("show sign-up", 2, &api.anybody().get(page).await);
    let form =
        "first_name=Zoe&last_name=Zed&password=correct+horse&password_confirmation=correct+horse";
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let anybody = api.anybody();
    let body = Some(form.as_bytes().to_vec());
    let finished = anybody.send(Method::POST, page, body, &headers).await;
    // The form is checked against the invitation before a password is hashed,
    // and decided on what is there after that.
    hold("finish sign-up", 5, &finished);

    let session = anybody.log_in("zoe@example.com", "correct horse").await;
    // What the user knows of the address is looked up under the user's id, and
    // says how the attempt counts. That is taken back beside what the session
    // writes.
    hold("log in", 4, &session);
    let session = session.json();
    let session = api.with_key(session.field("token"));
    hold(
        "log out",
        1,
        &session.post("/api/v2/logout", &json!({})).await,
    );
}
