//! What members have reserved: it counts however far away it is and whichever release
//! wrote it, and costs the same however much of it there is.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use roster_domain::OrganizationId;
use roster_local::setup;
use roster_store::{bookings::migrate::migrate, keys};
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Api, Client, fixtures::Fields},
    surfaces::accounts::table::Table,
};

/// A team of one new member, with these hours and these rules; the member and the path
/// of the team's events.
async fn team(client: &Client<'_>, availability: Value, rules: Value) -> (String, String) {
    let user = json!({ "user": { "email": "a@example.com" }, "availability": availability });
    let user = client.post("/v2/users", &user).await.created().id();
    let team = json!({ "extid": "team", "name": "Team", "members": [user] });
    let team = client.new_team(team).await.id().to_owned();
    let path = format!("/v2/teams/{team}");
    let rules = json!({ "assignment": { "members": { (&user): rules } } });
    client.put(&path, &rules).await.ok();
    (user, format!("{path}/events"))
}

async fn book(client: &Client<'_>, events: &str, [start, end]: [&str; 2]) -> Answer {
    let body = json!({
        "title": "Hour", "created_by": { "email": "client@example.org" },
        "dates": [{ "date": start, "end_date": end }],
    });
    client.post(events, &body).await
}

fn refused(answer: &Answer, reason: &str) {
    assert_eq!(answer.status, 409, "{}", answer.text);
    assert_eq!(answer.json()["considered"][0]["reason"], reason);
}

const BUFFER: &str = "the date is too close to another booking of the member";

#[tokio::test(flavor = "multi_thread")]
async fn a_buffer_reaches_over_midnight_and_a_whole_day() {
    let api = Api::start().await;
    let client = api.organization();
    let day = json!({ "buffer_before": 1440 });
    let (_, events) = team(&client, day, json!({})).await;
    let first = ["2030-01-09T10:00:00Z", "2030-01-09T10:30:00Z"];
    book(&client, &events, first).await.created();
    for (near, far) in [
        (
            ["2030-01-10T10:29:00Z", "2030-01-10T11:00:00Z"],
            ["2030-01-10T10:30:00Z", "2030-01-10T11:00:00Z"],
        ),
        (
            ["2030-01-08T09:31:00Z", "2030-01-08T10:01:00Z"],
            ["2030-01-08T09:30:00Z", "2030-01-08T10:00:00Z"],
        ),
    ] {
        refused(&book(&client, &events, near).await, BUFFER);
        book(&client, &events, far).await.created();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_bookings_at_once_that_are_too_close_over_midnight_one_is_made() {
    let api = Api::start().await;
    let client = api.organization();
    let buffer = json!({ "buffer_after": 30 });
    let (user, _) = team(&client, buffer, json!({})).await;
    // Two teams, as those who book with one take turns.
    let mut teams = Vec::new();
    for extid in ["evening", "morning"] {
        let team = json!({ "extid": extid, "name": "Team", "members": [user] });
        let team = client.new_team(team).await;
        teams.push(format!("/v2/teams/{}/events", team.id()));
    }
    for day in 10..30 {
        let evening = [
            format!("2030-01-{day}T23:30:00Z"),
            format!("2030-01-{day}T23:55:00Z"),
        ];
        let next = day + 1;
        let morning = [
            format!("2030-01-{next}T00:05:00Z"),
            format!("2030-01-{next}T00:30:00Z"),
        ];
        let both = teams
            .iter()
            .zip([&evening, &morning])
            .map(|(events, [start, end])| book(&client, events, [start, end]));
        let answers = join_all(both).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(made, 1, "{} {}", answers[0].text, answers[1].text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cap_counts_all_days_of_the_members_week() {
    let api = Api::start().await;
    let client = api.organization();
    // Monday, 2030-01-07, begins in Auckland on Sunday at 11:00 of UTC.
    let zone = json!({ "timezone": "Pacific/Auckland" });
    let (_, events) = team(&client, zone, json!({ "max_per_week": 2 })).await;
    let first = ["2030-01-06T11:00:00Z", "2030-01-06T11:30:00Z"];
    let last = ["2030-01-13T10:30:00Z", "2030-01-13T11:00:00Z"];
    book(&client, &events, first).await.created();
    book(&client, &events, last).await.created();
    let between = ["2030-01-09T22:00:00Z", "2030-01-09T22:30:00Z"];
    let reason = "the member has no bookings left in that week";
    refused(&book(&client, &events, between).await, reason);
    let sunday = ["2030-01-06T10:00:00Z", "2030-01-06T10:30:00Z"];
    book(&client, &events, sunday).await.created();
    let monday = ["2030-01-13T11:00:00Z", "2030-01-13T11:30:00Z"];
    book(&client, &events, monday).await.created();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_month_costs_a_booking_no_more() {
    let api = Api::start().await;
    let client = api.organization();
    let (_, events) = team(&client, json!({}), json!({})).await;
    let at =
        |day: u32, hour: u32, minute: u32| format!("2030-04-{day:02}T{hour:02}:{minute:02}:00Z");
    let half_hour = |day, hour, minute| [at(day, hour, minute), at(day, hour, minute + 29)];
    let measure = async |day, hour, minute| {
        let [start, end] = half_hour(day, hour, minute);
        let answer = book(&client, &events, [&start, &end]).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.cost()
    };
    measure(15, 8, 0).await;
    let empty = measure(15, 8, 30).await;
    for day in (1..=30).filter(|day| *day != 15) {
        for hour in 9..17 {
            measure(day, hour, 0).await;
            measure(day, hour, 30).await;
        }
    }
    let full = measure(15, 9, 0).await;
    assert_eq!(full, empty, "after 464 bookings in the same month");
    // Neither does the last booking of a day of sixteen half hours.
    for half in 3..15 {
        measure(15, 8 + half / 2, half % 2 * 30).await;
    }
    let last = measure(15, 16, 0).await;
    assert_eq!(last, empty, "after 15 bookings on the same day");
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn map<const N: usize>(members: [(&str, AttributeValue); N]) -> HashMap<String, AttributeValue> {
    let members = members.into_iter();
    members
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_release_reserved_counts_after_a_migration() {
    let api = Api::start().await;
    let client = api.organization();
    let (user, events) = team(&client, json!({}), json!({})).await;
    let night = ["2030-01-09T23:00:00Z", "2030-01-10T01:00:00Z"];
    let made = book(&client, &events, night).await.created();
    let organization: OrganizationId = setup::ORGANIZATION.parse().unwrap();
    let member = user.parse().unwrap();
    let table = Table::of(&api);
    let days = ["2030-01-09", "2030-01-10"].map(|day| {
        let key = keys::agenda_day(organization, member, day.parse().unwrap());
        (key.pk, key.sk)
    });
    // As the earlier release left it: an item of four weeks, and no days.
    let mut as_made = Vec::new();
    for key in &days {
        as_made.push(table.get(key).await.unwrap()["reserved"].clone());
        table.delete(key).await;
    }
    let weeks = (days[0].0.clone(), format!("AGENDA#{user}#100782"));
    let span = map([("start", text(night[0])), ("end", text(night[1]))]);
    let entry = map([
        ("event", text(made.id().as_str())),
        ("span", AttributeValue::M(span)),
    ]);
    let entries = AttributeValue::L(vec![AttributeValue::M(entry)]);
    let item = map([
        ("pk", text(&weeks.0)),
        ("sk", text(&weeks.1)),
        ("schema_version", AttributeValue::N("1".to_owned())),
        ("__v", AttributeValue::N("1".to_owned())),
        ("entries", entries),
    ]);
    table.put(item).await;

    let store = api.app().store();
    for (keeps, migrated) in [(true, 1), (true, 0), (false, 0)] {
        let done = migrate(&store, keeps).await.unwrap();
        assert_eq!(done.reservations, migrated);
        assert_eq!(table.get(&weeks).await.is_some(), keeps);
        for (key, reserved) in days.iter().zip(&as_made) {
            assert_eq!(&table.get(key).await.unwrap()["reserved"], reserved);
        }
    }
    let taken = "the member has another booking at that time";
    refused(&book(&client, &events, night).await, taken);
}
