//! What most tests begin with: users, teams, keys and organizations that are
//! made in one line, and what an answer shows.
//!
//! ```ignore
//! let api = Api::start().await;
//! let client = api.organization();
//! let jean = client.new_user_id("jean@example.com").await;
//! let team = client.new_team(json!({ "extid": "1", "name": "A", "members": [jean] })).await;
//! let event = client.post(&format!("/v2/teams/{}/events", team.id()), &body).await.created();
//! client.get(&format!("/v2/events/{}", event.id())).await.ok();
//! ```

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client};

impl Api {
    /// Another organization: its id and a caller with its key.
    pub async fn new_organization(&self, name: &str) -> (String, Client<'_>) {
        let body = json!({ "name": name });
        let made = self.operator().post("/v2/organizations", &body).await;
        let made = made.created().json();
        let id = made["organization"].id().to_owned();
        (id, self.with_key(made["key"].field("key")))
    }

    /// The token of a new session.
    pub async fn session(&self, name: &str, password: &str) -> String {
        self.log_in(name, password).await.ok().field("token")
    }

    /// Asks for a session.
    pub async fn log_in(&self, name: &str, password: &str) -> Answer {
        self.anybody().log_in(name, password).await
    }
}

impl Client<'_> {
    /// Creates a user; answers the User object.
    pub async fn new_user(&self, user: Value) -> Value {
        let body = json!({ "user": user });
        let made = self.post("/v2/users", &body).await.created();
        made.json()["user"].clone()
    }

    /// Creates a user with this address; answers its `_id`.
    pub async fn new_user_id(&self, email: &str) -> String {
        let user = self.new_user(json!({ "email": email })).await;
        user.id().to_owned()
    }

    /// Creates a team; answers the Team object.
    pub async fn new_team(&self, team: Value) -> Value {
        self.post("/v2/teams", &team).await.created().json()
    }

    /// Creates a key that acts as a user; answers its secret.
    pub async fn new_user_key(&self, user: &str) -> String {
        let body = json!({ "name": "usr", "user": user });
        self.post("/v2/keys", &body).await.created().field("key")
    }

    /// Asks for a session, from where this caller is.
    pub async fn log_in(&self, name: &str, password: &str) -> Answer {
        let body = json!({ "email": name, "password": password });
        self.post("/api/v2/login", &body).await
    }

    /// The number of a user, which `/api/v2` and `/api/v1` know it by.
    pub async fn number_of(&self, email: &str) -> u64 {
        let list = self.get("/api/v2/users").await.ok().json();
        let mut list = list.as_array().unwrap().iter();
        let user = list.find(|user| user["email"] == email);
        user.expect("a user with this address").number("_id")
    }
}

impl Answer {
    /// Fails unless it is a 200.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.is(StatusCode::OK)
    }

    /// Fails unless it is a 201.
    #[track_caller]
    pub fn created(self) -> Self {
        self.is(StatusCode::CREATED)
    }

    #[track_caller]
    fn is(self, status: StatusCode) -> Self {
        let (request, text) = (&self.request, &self.text);
        assert_eq!(self.status, status, "{request}\nanswered: {text}");
        self
    }

    /// The `_id` of what it shows: of the object itself, or of the user or the
    /// organization in it.
    #[track_caller]
    pub fn id(&self) -> String {
        let body = self.json();
        let inner = body.get("user").or_else(|| body.get("organization"));
        let shown = inner.filter(|inner| inner.is_object()).unwrap_or(&body);
        shown.id().to_owned()
    }

    /// A text that it shows.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        self.json().field(name).to_owned()
    }
}

/// What an object in an answer shows.
pub trait Fields {
    /// A text. Fails where there is none.
    fn field(&self, name: &str) -> &str;

    /// A number. Fails where there is none.
    fn number(&self, name: &str) -> u64;

    /// Its `_id` in `/v2`.
    #[track_caller]
    fn id(&self) -> &str {
        self.field("_id")
    }
}

impl Fields for Value {
    #[track_caller]
    fn field(&self, name: &str) -> &str {
        let text = self[name].as_str();
        text.unwrap_or_else(|| panic!("no text {name:?} in {self}"))
    }

    #[track_caller]
    fn number(&self, name: &str) -> u64 {
        let number = self[name].as_u64();
        number.unwrap_or_else(|| panic!("no number {name:?} in {self}"))
    }
}
