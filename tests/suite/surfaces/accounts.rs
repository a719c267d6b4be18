//! `/api/v2`, sessions and the sign-up page.

mod attack;
mod deactivation;
pub mod limits;
mod managers;
mod races;
mod samples;
mod sessions;
mod sign_up {
    mod form;
    mod invitations;
    mod known_addresses;
    mod links;
    mod proven_names;
}
pub mod table;
mod users;
mod ways;

use std::{
    fmt::Write as _,
    time::{Duration, SystemTime},
};

use aws_sdk_dynamodb::{
    primitives::{DateTime, DateTimeFormat},
    types::AttributeValue,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields};

/// A password that nothing else in an answer or an item looks like.
const PASSWORD: &str = "correct-horse-battery";

/// A user, under its three names.
struct Person {
    id: String,
    number: u64,
    email: String,
}

impl Person {
    /// Where `/v2` has the user.
    fn v2(&self) -> String {
        format!("/v2/users/{}", self.id)
    }

    /// Where `/api/v2` has the user.
    fn api_v2(&self) -> String {
        api_v2(self.number)
    }

    fn activate(&self) -> String {
        format!("{}/activate", self.api_v2())
    }

    fn deactivate(&self) -> String {
        format!("{}/deactivate", self.api_v2())
    }

    fn perms(&self) -> String {
        format!("{}/perms", self.api_v2())
    }
}

fn api_v2(number: u64) -> String {
    format!("/api/v2/users/{number}")
}

/// The user with this address, from what `/api/v2` lists.
async fn person(client: &Client<'_>, id: &Value, email: &str) -> Person {
    let list = client.get("/api/v2/users").await.json();
    let mut list = list.as_array().unwrap().iter();
    let listed = list.find(|user| user["email"] == email).unwrap();
    Person {
        id: id.as_str().unwrap().to_owned(),
        number: listed.number("_id"),
        email: email.to_owned(),
    }
}

/// A new user.
async fn new_person(client: &Client<'_>, email: &str) -> Person {
    let user = client.new_user(json!({ "email": email })).await;
    person(client, &user["_id"], email).await
}

/// A new user who logs in with `name` and [`PASSWORD`].
async fn new_account(client: &Client<'_>, name: &str) -> Person {
    let email = format!("{name}@example.com");
    let body = json!({
        "user": { "email": email },
        "login": { "credentials": { "username": name, "password": PASSWORD } },
    });
    let made = client.post("/v2/users", &body).await.created();
    person(client, &made.json()["user"]["_id"], &email).await
}

/// A new user with all permissions.
async fn new_manager(client: &Client<'_>, email: &str) -> Person {
    let person = new_person(client, email).await;
    let all = json!({
        "accountManagement": true, "userManagement": true, "addBeacons": true,
        "toggleBeacons": true, "viewMetrics": true,
    });
    client.post(&person.perms(), &all).await.ok();
    person
}

/// An invited user, and the path of the page in their link.
async fn invited(api: &Api, client: &Client<'_>, user: Value) -> (Person, String) {
    let body = json!({ "user": user, "finish_signup_with": "email" });
    let made = client.post("/v2/users", &body).await.created();
    let email = user.field("email");
    let person = person(client, &made.json()["user"]["_id"], email).await;
    (person, link(api, &made))
}

/// A new link for a user who is there.
async fn invited_again(api: &Api, client: &Client<'_>, person: &Person) -> String {
    let body = json!({ "finish_signup_with": "email" });
    let answer = client.put(&person.v2(), &body).await.ok();
    link(api, &answer)
}

/// The path of the link in an answer.
pub fn link(api: &Api, answer: &Answer) -> String {
    let body = answer.json();
    let link = body["link"].as_str().expect("a link").to_owned();
    link.strip_prefix(&api.url()).expect("our link").to_owned()
}

/// Sends a form as a browser does.
pub async fn send_form(client: &Client<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", percent_encoded(value)));
    let form = pairs.collect::<Vec<_>>().join("&");
    client.send_form(Method::POST, path, &form).await
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        write!(encoded, "%{byte:02X}").unwrap();
    }
    encoded
}

/// What a user chooses on the sign-up page.
pub fn choices(password: &str) -> [(&str, &str); 4] {
    [
        ("first_name", "Jeanne"),
        ("last_name", "Dupont"),
        ("password", password),
        ("password_confirmation", password),
    ]
}

/// Holds an error of `/api/v2` to its form; answers its message.
fn api_v2_error(answer: &Answer, status: u16) -> String {
    let body = answer.json();
    let message = body["message"].as_str().unwrap_or_default().to_owned();
    let expected = json!({ "error": true, "message": message, "statusCode": status });
    assert_eq!(
        (answer.status.as_u16(), &body),
        (status, &expected),
        "{}",
        answer.text
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(!message.is_empty(), "{}", answer.text);
    message
}

/// The gateway's answer to a key that is not admitted.
fn is_refused(answer: &Answer) {
    assert_eq!(
        (answer.status.as_u16(), answer.text.as_str()),
        (403, r#"{"message":"Forbidden"}"#)
    );
}

fn count(answers: &[Answer], status: u16) -> usize {
    let with = answers.iter().filter(|answer| answer.status == status);
    with.count()
}

/// A time in the past, as items hold it.
fn ago(minutes: u64) -> AttributeValue {
    let then = SystemTime::now() - Duration::from_mins(minutes);
    let text = DateTime::from(then).fmt(DateTimeFormat::DateTime);
    AttributeValue::S(text.unwrap())
}
