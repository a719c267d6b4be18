//! `/api/v1`: users and organizations by number.

mod access;
mod bodies;
mod deleting;
mod lists;
mod moving;
mod organizations;
mod passwords;
mod usernames;
mod users;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields};

/// A password that can be set.
pub const PASSWORD: &str = "correct horse";

/// Creates a user with these fields besides what is required; answers its
/// number.
async fn new_user(operator: &Client<'_>, username: &str, fields: Value) -> String {
    let mut body = json!({
        "username": username, "password": PASSWORD, "first_name": "Ada", "last_name": "Byron",
    });
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    created(&operator.post("/api/v1/user", &body).await)
}

/// Creates an organization; answers its number.
async fn new_organization(operator: &Client<'_>, name: &str) -> String {
    created(&operator.post("/api/v1/org", &json!({ "name": name })).await)
}

fn created(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.field("id")
}

/// A user, as it is shown by its number.
async fn shown(client: &Client<'_>, number: &str) -> Value {
    let answer = client.get(&format!("/api/v1/user/{number}")).await.ok();
    answer.json()
}

/// Changes a user, and holds the answer to what is shown afterwards.
async fn change(client: &Client<'_>, number: &str, body: Value) -> Value {
    let path = format!("/api/v1/user/{number}");
    let answer = client.put(&path, &body).await;
    assert_eq!(answer.status, 200, "{body}: {}", answer.text);
    let mut shown = shown(client, number).await;
    shown.as_object_mut().unwrap().remove("is_deleted");
    assert_eq!(answer.json(), shown, "{body}");
    shown
}

/// Sends what must be refused; answers the text.
async fn refusal(
    client: &Client<'_>,
    method: Method,
    path: &str,
    body: Option<&Value>,
    status: u16,
) -> String {
    let what = format!("{method} {path} {}", json!(body));
    let answer = match body {
        Some(body) => client.send_json(method, path, &body.to_string()).await,
        None => client.send(method, path, None, &[]).await,
    };
    refused(&answer, status, &what)
}

/// Holds an answer to the form of `/api/v1`'s errors; answers the text.
fn refused(answer: &Answer, status: u16, what: &str) -> String {
    assert_eq!(answer.status, status, "{what}: {}", answer.text);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let error = answer.json();
    assert_eq!(error, json!({ "error": error["error"] }), "{what}");
    error["error"].as_str().expect(what).to_owned()
}

/// The `_id` and the number of another organization, and a caller with its key.
async fn other_organization<'a>(api: &'a Api, name: &str) -> (String, String, Client<'a>) {
    let (id, client) = api.new_organization(name).await;
    let listed = api.operator().get("/api/v1/orgs").await.json();
    let mut listed = listed.as_array().unwrap().iter();
    let listed = listed.find(|one| one["name"] == name).unwrap();
    (id, listed.field("id").to_owned(), client)
}
