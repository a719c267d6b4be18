//! Dates that a change of the clocks skips, or repeats.

use serde_json::{Value, json};

use super::{booking, events_of, first_date};
use crate::harness::{Answer, Api, Client, fixtures::Fields};

/// Books an event with this zone with a member in UTC.
async fn book(client: &Client<'_>, path: &str, zone: &str, dates: (&str, &str)) -> Answer {
    let mut body = booking(&[dates]);
    body["timezone"] = json!(zone);
    client.post(path, &body).await
}

fn instants(start: &str, end: &str) -> (String, String) {
    let full = |text: &str| format!("{text}:00.000Z");
    (full(start), full(end))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_whose_start_or_end_is_skipped_is_as_long_as_it_is_written() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events_of(&client, "t", vec![json!({ "email": "a@example.com" })]).await;
    for (zone, dates, start, end) in [
        // The start, both, and the end.
        (
            "Europe/Paris",
            ("2027-03-28T02:30", "2027-03-28T03:30"),
            "2027-03-28T01:30",
            "2027-03-28T02:30",
        ),
        (
            "Europe/Paris",
            ("2028-03-26T02:15", "2028-03-26T02:45"),
            "2028-03-26T01:15",
            "2028-03-26T01:45",
        ),
        (
            "Europe/Paris",
            ("2029-03-25T01:30", "2029-03-25T02:30"),
            "2029-03-25T00:30",
            "2029-03-25T01:30",
        ),
        // Into the next day.
        (
            "America/New_York",
            ("2027-03-14T02:30", "2027-03-15T02:30"),
            "2027-03-14T07:30",
            "2027-03-15T07:30",
        ),
        // Half an hour, at midnight, and a whole day.
        (
            "Australia/Lord_Howe",
            ("2027-10-03T02:15", "2027-10-03T02:45"),
            "2027-10-02T15:45",
            "2027-10-02T16:15",
        ),
        (
            "Africa/Cairo",
            ("2027-04-30T00:30", "2027-04-30T01:15"),
            "2027-04-29T22:30",
            "2027-04-29T23:15",
        ),
        (
            "Pacific/Apia",
            ("2011-12-30T23:30", "2011-12-31T00:30"),
            "2011-12-31T09:30",
            "2011-12-31T10:30",
        ),
        // Where the clocks never change.
        (
            "Asia/Kolkata",
            ("2027-03-28T02:30", "2027-03-28T03:30"),
            "2027-03-27T21:00",
            "2027-03-27T22:00",
        ),
    ] {
        let answer = book(&client, &path, zone, dates).await;
        assert_eq!(
            first_date(&answer),
            instants(start, end),
            "{dates:?} in {zone}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_moved_out_of_a_gap_takes_its_time() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events_of(&client, "t", vec![json!({ "email": "a@example.com" })]).await;
    let skipped = ("2027-03-28T02:30", "2027-03-28T03:30");
    book(&client, &path, "Europe/Paris", skipped)
        .await
        .created();
    let over = ("2027-03-28T01:00Z", "2027-03-28T03:00Z");
    for dates in [skipped, over, ("2027-03-28T03:45", "2027-03-28T04:00")] {
        let second = book(&client, &path, "Europe/Paris", dates).await;
        assert_eq!(second.status, 409, "{dates:?}: {}", second.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skipped_start_that_would_move_up_to_an_end_with_an_offset_is_refused() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events_of(&client, "t", vec![json!({ "email": "a@example.com" })]).await;
    let dates = ("2027-03-28T02:30", "2027-03-28T03:30+02:00");
    let refused = book(&client, &path, "Europe/Paris", dates).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    assert_eq!(refused.places(), ["/dates/0/end_date"]);
    assert!(
        refused.text.contains("the clocks skip 2027-03-28T02:30:00"),
        "{}",
        refused.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_occurs_twice_is_not_before_the_start() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events_of(&client, "t", vec![json!({ "email": "a@example.com" })]).await;
    for (dates, start, end) in [
        (
            ("2027-10-31T02:15+01:00", "2027-10-31T02:45"),
            "2027-10-31T01:15",
            "2027-10-31T01:45",
        ),
        (
            ("2028-10-29T02:15", "2028-10-29T02:45"),
            "2028-10-29T00:15",
            "2028-10-29T00:45",
        ),
    ] {
        let answer = book(&client, &path, "Europe/Paris", dates).await;
        assert_eq!(first_date(&answer), instants(start, end), "{dates:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_around_a_change_of_the_clocks_are_those_that_the_clock_shows() {
    let api = Api::start().await;
    let client = api.organization();
    let slots = |slots: &[(&str, &str)]| -> Value {
        let slot = |(start, end): &(&str, &str)| json!({ "start_time": start, "end_time": end });
        slots.iter().map(slot).collect()
    };
    let sunday = json!({ "user": { "email": "a@example.com", "timezone": "Europe/Paris" },
        "availability": { "days": { "sunday": { "slots": slots(&[("01:30", "02:30")]) } } } });
    let made = client.post("/v2/users", &sunday).await.created();
    let team = json!({ "extid": "t", "name": "Team", "members": [made.json()["user"]["_id"]] });
    let team = client.new_team(team).await;
    let path = format!("/v2/teams/{}/events", team.id());
    for (start, end, status) in [
        // 02:00 to 02:30 occurs twice; from 02:30 to 03:00 the slot is shut.
        ("2027-10-31T00:00Z", "2027-10-31T00:30Z", 201),
        ("2027-10-31T00:30Z", "2027-10-31T01:00Z", 409),
        ("2027-10-31T01:00Z", "2027-10-31T01:30Z", 201),
        // 02:00 to 03:00 is skipped: 01:30 to 02:00 is all that is left.
        ("2027-03-28T00:30Z", "2027-03-28T01:00Z", 201),
        ("2027-03-28T01:00Z", "2027-03-28T01:30Z", 409),
    ] {
        let answer = client.post(&path, &booking(&[(start, end)])).await;
        assert_eq!(answer.status, status, "{start}: {}", answer.text);
    }
    // It moved to 03:00, when the member is off.
    let skipped = [("2027-03-28T02:00", "2027-03-28T02:30")];
    let answer = client.post(&path, &booking(&skipped)).await;
    assert_eq!(answer.status, 409, "{}", answer.text);
}
