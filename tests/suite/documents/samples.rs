//! Every sample of `/v2/users`, `/v2/teams` and `/api/v1`: the call is made as the sample makes it,
//! and the answer is held to the sample field by field.
//!
//! `tests/samples` has the bodies, byte for byte, apart from commas that make
//! them JSON. Ids that must exist are put in as text, in what is sent and in
//! what is expected alike, so that an id that answers in the wrong place shows.

mod batch;
mod booking_page;
mod changes;
mod comparison;
mod directory;
mod events;
mod secrets;
mod teams;
mod unlink;
mod user_object;
mod users;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields};
use comparison::differences;

pub use comparison::Allowed;

/// The organization of `/v2/users`'s create and update samples: the demo organization.
const ACME: &str = "5f198da1c1ac5d1a30fc00f3";

/// The ids of the samples, and what they stand for in this run.
#[derive(Clone, Default)]
pub struct Ids(Vec<(&'static str, String)>);

impl Ids {
    fn with(mut self, sample: &'static str, real: &Value) -> Self {
        let real = real.as_str().expect("an id is a string");
        self.0.push((sample, real.to_owned()));
        self
    }

    /// A path or a body as the sample has it, with the ids of this run.
    fn put_into(&self, text: &str) -> String {
        let replace = |text: String, (sample, real): &(&str, String)| text.replace(sample, real);
        self.0.iter().fold(text.to_owned(), replace)
    }

    /// A body of `tests/samples`, as text.
    fn body(&self, name: &str) -> String {
        let file = format!("{}/samples/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        self.put_into(&text)
    }

    fn request(&self, name: &str) -> String {
        self.body(&format!("{name}.request"))
    }

    pub fn request_json(&self, name: &str) -> Value {
        serde_json::from_str(&self.request(name)).expect("a sample is JSON")
    }

    pub fn response(&self, name: &str) -> Value {
        serde_json::from_str(&self.body(&format!("{name}.response"))).expect("a sample is JSON")
    }

    /// Holds an answer to a sample.
    pub fn expect(&self, name: &str, answer: &Answer, allowed: &Allowed<'_>) {
        let differences = differences(&self.response(name), &answer.json(), allowed);
        assert!(
            differences.is_empty(),
            "{name}: {differences:#?}\n{}",
            answer.text
        );
    }
}

/// Sends what a sample sends, where it sends it.
async fn send(client: &Client<'_>, method: Method, path: &str, body: &str) -> Answer {
    client.send_json(method, path, body).await
}

/// An organization with these attributes, and a caller with its key.
async fn organization<'a>(api: &'a Api, attributes: &Value) -> (Value, Client<'a>) {
    let made = api
        .operator()
        .post("/v2/organizations", attributes)
        .await
        .created();
    let body = made.json();
    let key = body["key"].field("key");
    (body["organization"].clone(), api.with_key(key))
}

/// `/v2/users`'s USER OBJECT in the demo organization, without `left_out`: the whole of
/// it is refused, because it has both `login` and `finish_signup_with`.
fn user_object(left_out: &str) -> Value {
    let ids = Ids::default().with("yourVyteOrganizationId", &json!(ACME));
    let mut object = ids.request_json("v2_users_older/user_object");
    let removed = object.as_object_mut().unwrap().remove(left_out);
    assert!(removed.is_some(), "the object has {left_out}");
    object
}

/// The User object that answers it: what the sample says under `user`, and
/// beside it what answers show within the user.
fn expected_user(object: &Value) -> Value {
    let mut user = object["user"].clone();
    let members = user.as_object_mut().unwrap();
    let email = members.remove("email").unwrap();
    members.insert("emails".to_owned(), json!([email]));
    for name in ["availability", "vyteme"] {
        members.insert(name.to_owned(), object[name].clone());
    }
    user
}
