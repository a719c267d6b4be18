//! A guest in front of a booking page: what a browser without a script does.

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields as _};

/// Longer than nobody takes to fill in a form.
pub const A_WHILE: SignedDuration = SignedDuration::from_secs(5);
/// What a guest enters who enters what must be there.
pub const ZOE: &str = "action=book&name=Zo%C3%A9&email=zoe%40example.org";

/// A guest on a page.
pub struct Guest<'a> {
    pub api: &'a Api,
    client: Client<'a>,
    /// The path of the page.
    pub page: String,
    /// Where the guest is on it: the query.
    pub at: String,
}

impl<'a> Guest<'a> {
    pub fn on(api: &'a Api, page: impl Into<String>) -> Self {
        Self {
            api,
            client: api.anybody(),
            page: page.into(),
            at: String::new(),
        }
    }

    /// The same from another address.
    pub fn from(self, address: &str) -> Self {
        Self {
            client: self.client.at_address(address),
            ..self
        }
    }

    pub async fn look(&self) -> Answer {
        self.client.get(&format!("{}{}", self.page, self.at)).await
    }

    /// What the page shows.
    pub async fn see(&self) -> String {
        self.look().await.ok().text
    }

    /// The times that are offered.
    pub async fn times(&self) -> Vec<Timestamp> {
        let shown = self.see().await;
        let held = between(&shown, "name=\"start\" value=\"", "\"");
        let ticked = between(&shown, "name=\"time-", "\"");
        let all = held.into_iter().chain(ticked);
        all.map(|time| time.parse().unwrap()).collect()
    }

    pub async fn send(&self, form: &str) -> Answer {
        let path = format!("{}{}", self.page, self.at);
        self.client.send_form(Method::POST, &path, form).await
    }

    /// Sends a form and goes where that leads. Answers where.
    pub async fn go(&mut self, form: &str) -> String {
        let answer = self.send(form).await;
        assert_eq!(answer.status, 303, "{form}: {}", answer.text);
        let to = answer.header("location").unwrap().to_owned();
        if to.starts_with('?') {
            self.at.clone_from(&to);
        }
        to
    }

    /// Chooses a time.
    pub async fn choose(&mut self, time: Timestamp) -> String {
        self.go(&format!("action=choose&start={time}")).await
    }

    /// Fills the form in that is shown.
    pub async fn fill_in(&self, form: &str) -> String {
        let shown = self.see().await;
        let token = between(&shown, "name=\"token\" value=\"", "\"");
        let token = token.first().expect("a form");
        self.api.forward(A_WHILE);
        format!("{form}&token={token}")
    }

    /// Chooses a time and books it. Answers where that leads.
    pub async fn book(&mut self, time: Timestamp) -> String {
        self.choose(time).await;
        let form = self.fill_in(ZOE).await;
        self.go(&form).await
    }
}

/// What stands between two texts, each time.
pub fn between<'a>(page: &'a str, start: &'a str, end: &'a str) -> Vec<&'a str> {
    let rests = page.split(start).skip(1);
    rests
        .filter_map(|rest| Some(rest.split_once(end)?.0))
        .collect()
}

/// A user with a page, who can be booked from nine to twelve each day.
pub async fn with_page(client: &Client<'_>, nickname: &str, custom: Value) -> String {
    let slots = json!([{
        "start_time": "2020-01-01T08:00:00.000Z", "end_time": "2020-01-01T11:00:00.000Z",
    }]);
    let days = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let day = |day: &str| (day.to_owned(), json!({ "slots": slots }));
    let days: serde_json::Map<_, _> = days.into_iter().map(day).collect();
    let body = json!({
        "user": {
            "email": format!("{nickname}@example.com"), "first_name": "Jean",
            "last_name": "Dupont", "timezone": "Europe/Paris",
        },
        "availability": { "days": days },
        "vyteme": { "nickname": nickname, "custom": custom },
    });
    client.post("/v2/users", &body).await.created().id()
}

/// The events of the organization.
pub async fn events(client: &Client<'_>) -> Vec<Value> {
    let all = client.get("/v2/events").await.ok().json();
    all.as_array().unwrap().clone()
}

/// The one event of the organization.
pub async fn event(client: &Client<'_>) -> Value {
    let mut all = events(client).await;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// The id of the event that an address is of.
pub fn id_in(location: &str) -> &str {
    let (_, rest) = location.split_once("e/").expect("the page of an event");
    rest.split_once('?').unwrap().0
}

/// A name of somebody who takes part.
pub fn name<'a>(event: &'a Value, email: &str) -> &'a str {
    let mut all = event["invitees"].as_array().unwrap().iter();
    let one = all.find(|one| one["email"] == email);
    one.unwrap_or_else(|| panic!("{email} in {event}"))
        .field("full_name")
}
