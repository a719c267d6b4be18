//! What becomes of a booked event: confirmed, moved, handed over, declined, cancelled.

mod confirming;
mod ending;
mod guests;
mod ledger;
mod lists;
mod moving;
mod organizing;
mod pages;
mod reaching;
mod updating;

use serde_json::{Value, json};

use super::booking::{Team, booking, hour, setup};
use crate::harness::{Answer, Api, Client, fixtures::Fields};

/// Books an hour with a team.
async fn book(client: &Client<'_>, team: &Team, day: u32, at: u32) -> Value {
    let (start, end) = hour(day, at);
    team.book(client, &[(&start, &end)]).await.created().json()
}

/// Changes an event.
async fn change(client: &Client<'_>, event: &Value, what: &str, body: &Value) -> Answer {
    let path = format!("/v2/events/{}/{what}", event.id());
    client.post(&path, body).await
}

/// An event as it is now.
async fn now(client: &Client<'_>, event: &Value) -> Value {
    let path = format!("/v2/events/{}", event.id());
    client.get(&path).await.ok().json()
}

/// The balance of each member, in the team's order.
async fn balances(client: &Client<'_>, team: &Team) -> Vec<i64> {
    let shown = client.get(&format!("{}/assignments", team.path)).await.ok();
    let shown = shown.json();
    let ledger = shown["ledger"].as_array().unwrap();
    let balance = |member: &String| {
        let account = ledger.iter().find(|account| account["user"] == **member);
        account.map_or(0, |account| account["balance"].as_i64().unwrap())
    };
    team.members.iter().map(balance).collect()
}

/// Which member has an event.
fn member_of(team: &Team, event: &Value) -> usize {
    let user = event["created_by"].field("user");
    let place = team.members.iter().position(|member| member == user);
    place.expect("a member of the team")
}

/// A date of an event.
fn date(day: u32, at: u32) -> Value {
    let (start, end) = hour(day, at);
    json!({ "date": start, "end_date": end })
}
