//! Nothing on the way keeps an answer with a key, a password or a link in it.

use reqwest::Method;
use serde_json::json;

use crate::harness::{
    Answer, Api,
    fixtures::Fields,
    furnished::{book, booking},
};

const PASSWORD: &str = "correct-horse-battery";

fn is_kept_nowhere(what: &str, answer: &Answer) {
    assert!(answer.status.is_success(), "{what}: {}", answer.text);
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_with_a_key_or_a_link_is_kept_nowhere() {
    let api = Api::start().await;
    let (client, operator, anybody) = (api.organization(), api.operator(), api.anybody());
    let made = client.post("/v2/keys", &json!({ "name": "a" })).await;
    is_kept_nowhere("a new key", &made);
    let key = made.id();
    let rotated = client.post_nothing(&format!("/v2/keys/{key}/rotate")).await;
    is_kept_nowhere("another secret", &rotated);
    let organization = operator
        .post("/v2/organizations", &json!({ "name": "a" }))
        .await;
    is_kept_nowhere("a new organization's key", &organization);

    let invited = json!({ "user": { "email": "a@example.com" }, "finish_signup_with": "email" });
    let made = client.post("/v2/users", &invited).await;
    is_kept_nowhere("a new user's link", &made);
    let link = made.field("link");
    let id = made.json()["user"]["_id"].clone();
    let page = link.strip_prefix(&api.url()).unwrap();
    is_kept_nowhere("the sign-up page", &anybody.get(page).await);
    let form =
        format!("first_name=A&last_name=B&password={PASSWORD}&password_confirmation={PASSWORD}");
    let finished = anybody.send_form(Method::POST, page, &form).await;
    is_kept_nowhere("a finished sign-up", &finished);
    let dead = anybody.get(page).await;
    assert_eq!(dead.header("cache-control"), Some("no-store"));
    let login = json!({ "email": "a@example.com", "password": PASSWORD });
    is_kept_nowhere("a session", &anybody.post("/api/v2/login", &login).await);

    let other = json!({ "user": { "email": "b@example.com" }, "finish_signup_with": "email" });
    let batch = client.post("/v2/users/batch", &json!([other])).await;
    is_kept_nowhere("a batch with a link", &batch);
    let again = json!([{ "user": { "_id": batch.json()[0]["user"]["_id"] }, "finish_signup_with": "email" }]);
    for path in ["/v2/users", "/v2/users/batch"] {
        is_kept_nowhere(path, &client.put(path, &again).await);
    }
    let path = format!("/v2/users/{}", batch.json()[0]["user"].id());
    let again = json!({ "finish_signup_with": "email" });
    is_kept_nowhere("another link", &client.put(&path, &again).await);
    let reset = client.get("/api/v1/resetUserPassword/1").await;
    is_kept_nowhere("another password", &reset);

    let team = client
        .new_team(json!({ "extid": "1", "name": "A", "members": [id] }))
        .await;
    let team = team.id();
    let booked = book(&client, team, "1", &booking("A", 1, 10)).await;
    is_kept_nowhere("the keys of an event's guests", &booked);

    // And no other answer is told so.
    for path in ["/v2/users", "/v2/keys", "/v2/teams", &path] {
        let plain = client.get(path).await;
        assert_eq!(plain.header("cache-control"), None, "{path}");
    }
}
