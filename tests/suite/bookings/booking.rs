//! Booking an event with a member of a team, beyond the sample.

mod all_day;
mod assigning;
mod clock_changes;
mod dates;
mod hours;
mod listing;
mod repeating;
mod unnamed;
mod zones;

use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields};

/// A team and its members, all in Europe/Paris, open at any hour.
pub(super) struct Team {
    pub(super) path: String,
    pub(super) members: Vec<String>,
}

impl Team {
    pub(super) async fn new(client: &Client<'_>, size: usize, assignment: Value) -> Self {
        let mut members = Vec::new();
        for n in 0..size {
            let email = format!("member{n}@example.com");
            let user = json!({
                "email": email, "first_name": "Member", "last_name": n.to_string(),
                "timezone": "Europe/Paris",
            });
            let made = client.new_user(user).await;
            members.push(made.id().to_owned());
        }
        let body =
            json!({ "extid": "1", "name": "Team", "members": members, "assignment": assignment });
        let team = client.new_team(body).await;
        Self {
            path: format!("/v2/teams/{}", team.id()),
            members,
        }
    }

    pub(super) async fn book(&self, client: &Client<'_>, dates: &[(&str, &str)]) -> Answer {
        self.post(client, &booking(dates)).await
    }

    pub(super) async fn post(&self, client: &Client<'_>, body: &Value) -> Answer {
        client.post(&format!("{}/events", self.path), body).await
    }

    /// Books, and answers the number of the member who was assigned.
    pub(super) async fn assigned(&self, client: &Client<'_>, dates: &[(&str, &str)]) -> usize {
        let answer = self.book(client, dates).await.created();
        let user = answer.json()["created_by"].field("user").to_owned();
        self.members
            .iter()
            .position(|member| *member == user)
            .unwrap()
    }
}

pub(super) fn booking(dates: &[(&str, &str)]) -> Value {
    let date = |(start, end): &(&str, &str)| json!({ "date": start, "end_date": end });
    json!({
        "title": "Meeting",
        "created_by": { "email": "booker@example.org" },
        "dates": dates.iter().map(date).collect::<Vec<_>>(),
    })
}

/// The hour of a day far enough ahead, as a date.
pub(super) fn hour(day: u32, hour: u32) -> (String, String) {
    let at = |hour| format!("2030-01-{day:02}T{hour:02}:00:00Z");
    (at(hour), at(hour + 1))
}

/// The path of the events of a new team of these users.
async fn events_of(client: &Client<'_>, extid: &str, users: Vec<Value>) -> String {
    let mut members = Vec::new();
    for user in users {
        members.push(client.new_user(user).await["_id"].clone());
    }
    let team = json!({ "extid": extid, "name": "Team", "members": members });
    let team = client.new_team(team).await;
    format!("/v2/teams/{}/events", team.id())
}

/// When the first date of an event is.
fn first_date(answer: &Answer) -> (String, String) {
    assert!(answer.status.is_success(), "{}", answer.text);
    let date = &answer.json()["dates"][0];
    let text = |name: &str| date[name].as_str().unwrap().to_owned();
    (text("date"), text("end_date"))
}

pub(super) async fn setup(api: &Api, size: usize, assignment: Value) -> Team {
    Team::new(&api.organization(), size, assignment).await
}
