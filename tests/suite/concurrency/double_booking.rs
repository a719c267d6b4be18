//! Many callers who want the same hours of few members.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use reqwest::Method;
use roster_domain::bookings::agenda::TimeSpan;
use serde_json::{Value, json};

use crate::{
    concurrency::history::{
        check::Table,
        run::{insist_on_team, insist_on_user},
    },
    harness::{Answer, Api, Client, excused, faults, fixtures::Fields, patiently},
};

/// A team of so many: its id and its members.
async fn team(client: &Client<'_>, size: usize) -> (String, Vec<String>) {
    let mut members = Vec::new();
    for number in 0..size {
        members.push(insist_on_user(client, &format!("{number}@example.com")).await);
    }
    (
        insist_on_team(client, "all", &json!(members)).await,
        members,
    )
}

/// Books, and again where another engine is too slow, as its 503 says.
async fn book(client: &Client<'_>, team: &str, start: &str, end: &str) -> Answer {
    let body = json!({
        "title": "Hour",
        "created_by": { "email": "client@example.com" },
        "dates": [{ "date": start, "end_date": end }],
    });
    let path = format!("/v2/teams/{team}/events");
    patiently(async || client.post(&path, &body).await).await
}

fn span(start: &str, end: &str) -> TimeSpan {
    TimeSpan {
        start: start.parse().unwrap(),
        end: end.parse().unwrap(),
    }
}

fn count(answers: &[Answer], status: u16) -> usize {
    let with = answers.iter().filter(|answer| answer.status == status);
    with.count()
}

/// No other answers, but what faults explain.
fn only(answers: &[Answer], statuses: &[u16]) {
    for answer in answers {
        let status = answer.status.as_u16();
        assert!(
            statuses.contains(&status) || excused(status),
            "{}",
            answer.text
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn double_booking_200_at_once_for_one_hour_of_a_team_of_5_make_5_events() {
    let api = Api::start_alone().await;
    let client = api.organization();
    let (team, members) = team(&client, 5).await;
    let (start, end) = ("2030-01-09T10:00:00Z", "2030-01-09T11:00:00Z");
    let answers = join_all((0..200).map(|_| book(&client, &team, start, end))).await;
    only(&answers, &[201, 409]);
    let table = Table::read(&api).await;
    table.agrees_with_itself();
    let (made, refused) = (count(&answers, 201), count(&answers, 409));
    if !faults() {
        assert_eq!((made, refused), (5, 195));
    }
    assert!((made..=5).contains(&table.events.len()));
    if refused > 0 {
        assert_eq!(table.events.len(), 5, "a conflict while somebody was free");
    }
    let everybody: BTreeSet<&str> = members.iter().map(String::as_str).collect();
    for answer in answers.iter().filter(|answer| answer.status == 409) {
        let body = answer.json();
        let considered = body["considered"].as_array().unwrap();
        let named: BTreeSet<&str> = considered.iter().map(|entry| entry.field("user")).collect();
        assert_eq!((named, considered.len()), (everybody.clone(), 5));
        for entry in considered {
            let reason = "the member has another booking at that time";
            assert_eq!(entry["reason"], reason);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn double_booking_of_hours_that_overlap_in_part_is_refused_only_where_all_are_busy() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, members) = team(&client, 3).await;
    // Hours that begin every ten minutes, around midnight, where one day of an agenda
    // ends.
    let at = |minutes: u64| {
        let (day, hour, minute) = (9 + minutes / 1440, minutes / 60 % 24, minutes % 60);
        format!("2030-01-{day:02}T{hour:02}:{minute:02}:00Z")
    };
    let hours: Vec<(String, String)> = (0..72)
        .map(|number| 22 * 60 + number % 24 * 10)
        .map(|start| (at(start), at(start + 60)))
        .collect();
    let calls = hours
        .iter()
        .map(|(start, end)| book(&client, &team, start, end));
    let answers = join_all(calls).await;
    only(&answers, &[201, 409]);
    let table = Table::read(&api).await;
    table.agrees_with_itself();
    if !faults() {
        assert_eq!(table.events.len(), count(&answers, 201));
    }
    // Nothing is ever freed here, so who was busy then is busy now.
    for ((start, end), answer) in hours.iter().zip(&answers) {
        if answer.status == 409 {
            let free = !table.all_busy(&members, &span(start, end));
            assert!(!free, "{start} was refused: {}", answer.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn double_booking_does_not_come_of_a_booking_that_races_a_reassign() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, _) = team(&client, 2).await;
    let mut outcomes = BTreeSet::new();
    for day in 1..=20 {
        let (start, end) = (
            format!("2030-01-{day:02}T10:00:00Z"),
            format!("2030-01-{day:02}T11:00:00Z"),
        );
        let first = book(&client, &team, &start, &end).await;
        only(std::slice::from_ref(&first), &[201]);
        let Value::String(event) = first.json()["_id"].clone() else {
            continue;
        };
        let path = format!("/v2/teams/{team}/events/{event}/reassign");
        let (moved, booked) = tokio::join!(
            client.send(Method::POST, &path, None, &[]),
            book(&client, &team, &start, &end),
        );
        // Whoever comes second gets what is left: the booking the other member,
        // the event that moves nobody.
        only(std::slice::from_ref(&moved), &[200, 409]);
        only(std::slice::from_ref(&booked), &[201]);
        outcomes.insert((moved.status.as_u16(), booked.status.as_u16()));
    }
    println!("{outcomes:?}");
    Table::read(&api).await.agrees_with_itself();
}
