//! Bookings: dates, the idempotency key, and how events are listed.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Refusal, queries::WRONG_LIMITS, refused};
use crate::{
    fixtures::Fields,
    harness::{Api, Client},
};

const UNKNOWN: &str = "5f5e10000000000000000000";

/// The path of the events of a team of one member.
async fn events(client: &Client<'_>, member: Value) -> String {
    let member = client.new_user(member).await;
    let body = json!({ "extid": "t", "name": "Team", "members": [member["_id"]] });
    let team = client.new_team(body).await;
    format!("/v2/teams/{}/events", team.id())
}

fn host() -> Value {
    json!({ "email": "host@example.com" })
}

fn booking(fields: Value) -> Value {
    let mut body = json!({ "title": "Demo", "created_by": { "email": "zoe@example.com" } });
    let fields = fields.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    body
}

fn date(start: &str, end: &str) -> Value {
    json!({ "date": start, "end_date": end })
}

fn all_day(start: &str, end: &str) -> Value {
    json!({ "all_day": true, "date": start, "end_date": end })
}

/// Bookings, each with the status and places of its refusal.
async fn assert_refused(cases: Vec<(Value, u16, &[&str])>) {
    let api = Api::start().await;
    let client = api.organization();
    let path = events(&client, host()).await;
    for (fields, status, places) in cases {
        let body = booking(fields);
        let refusal = refused(&client, Method::POST, &path, Some(&body)).await;
        assert_eq!(refusal.status, status, "{body}: {}", refusal.problem);
        assert_eq!(refusal.pointers(), places, "{body}");
    }
    assert_eq!(
        client.get(&path).await.json(),
        json!([]),
        "nothing was booked"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_cannot_be_read_is_a_400_at_its_place() {
    let fine = "2099-07-16T09:00:00Z";
    for garbage in [
        "",
        "tomorrow",
        "2099-02-30T09:00:00",
        "2099-02-29T24:00:00",
        "2099-07-16T24:00:01",
        "9999-12-31T23:00:00Z",
        "-000001-01-01T00:00:00Z",
        "2099-07-16T09:00:60",
        "2099-07-16T09:00:00+25:00",
        "2099-07-16T09:00:00[Europe/Paris]",
        "16/07/2099",
        "4076298000",
        "\u{1f389}",
    ] {
        assert_refused(vec![
            (
                json!({ "dates": [date(garbage, fine)] }),
                400,
                &["/dates/0/date"],
            ),
            (
                json!({ "dates": [date(fine, garbage)] }),
                400,
                &["/dates/0/end_date"],
            ),
            (
                json!({ "dates": [all_day(fine, garbage)] }),
                400,
                &["/dates/0/end_date"],
            ),
            (
                json!({ "dates": [all_day(garbage, garbage), date(fine, fine), date(garbage, fine)] }),
                400,
                &["/dates/0/date", "/dates/0/end_date", "/dates/2/date"],
            ),
            // Beside whatever else is wrong.
            (
                json!({ "title": "", "dates": [date(garbage, fine)] }),
                400,
                &["/dates/0/date", "/title"],
            ),
        ])
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_ends_before_it_starts_is_a_400_at_its_end() {
    assert_refused(vec![
        (
            json!({ "dates": [date("2099-07-16T10:00:00Z", "2099-07-16T09:59:59Z")] }),
            400,
            &["/dates/0/end_date"],
        ),
        (
            json!({ "dates": [date("2099-07-16T10:00:00", "2099-07-16T09:00:00")] }),
            400,
            &["/dates/0/end_date"],
        ),
        (
            json!({ "dates": [date("2099-07-16T10:00:00", "2098-07-16T11:00:00")] }),
            400,
            &["/dates/0/end_date"],
        ),
        (
            json!({ "dates": [date("2099-07-16T10:00:00+01:00", "2099-07-16T10:00:00+02:00")] }),
            400,
            &["/dates/0/end_date"],
        ),
        (
            json!({ "dates": [all_day("2099-07-16", "2099-07-15")] }),
            400,
            &["/dates/0/end_date"],
        ),
        (
            json!({ "dates": [
                date("2099-07-16T10:00:00Z", "2099-07-16T10:00:00Z"),
                date("2099-07-16T10:00:00Z", "2099-07-16T09:00:00Z"),
            ]}),
            400,
            &["/dates/1/end_date"],
        ),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_lasts_at_most_31_days_and_an_event_has_at_most_40() {
    let many = vec![date("2099-07-16T10:00:00Z", "2099-07-16T11:00:00Z"); 41];
    assert_refused(vec![
        (
            json!({ "dates": [date("2099-07-01T00:00:00Z", "2099-08-02T00:00:00Z")] }),
            422,
            &["/dates/0/end_date"],
        ),
        (
            json!({ "dates": [date("2099-07-01T00:00:00", "2199-07-01T00:00:00")] }),
            422,
            &["/dates/0/end_date"],
        ),
        (
            json!({ "dates": [all_day("2099-07-01", "2099-08-01")] }),
            422,
            &["/dates/0/end_date"],
        ),
        (json!({ "dates": many }), 422, &["/dates"]),
    ])
    .await;
    let api = Api::start().await;
    let client = api.organization();
    let path = events(&client, host()).await;
    let dates: Vec<_> = (1..=40)
        .map(|n| all_day("2099-07-01", &format!("2099-07-{:02}", n % 31 + 1)))
        .collect();
    let made = client
        .post(&path, &booking(json!({ "dates": dates })))
        .await
        .created();
    assert_eq!(made.json()["dates"].as_array().unwrap().len(), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_counts_in_the_zone_of_who_is_assigned_not_in_utc() {
    for (zone, start, end, from, to) in [
        (
            "Europe/Paris",
            "2099-07-16T09:00:00",
            "2099-07-16T07:30:00Z",
            "2099-07-16T07:00:00.000Z",
            "2099-07-16T07:30:00.000Z",
        ),
        (
            "America/New_York",
            "2099-07-16T14:00:00-04:00",
            "2099-07-16T15:00:00",
            "2099-07-16T18:00:00.000Z",
            "2099-07-16T19:00:00.000Z",
        ),
        (
            "Pacific/Kiritimati",
            "2099-07-16T01:00:00",
            "2099-07-15T12:00:00Z",
            "2099-07-15T11:00:00.000Z",
            "2099-07-15T12:00:00.000Z",
        ),
        // 31 days in the member's zone, more in UTC.
        (
            "America/New_York",
            "2099-07-01T00:00:00",
            "2099-08-01T04:00:00Z",
            "2099-07-01T04:00:00.000Z",
            "2099-08-01T04:00:00.000Z",
        ),
    ] {
        let api = Api::start().await;
        let client = api.organization();
        let member = json!({ "email": "host@example.com", "timezone": zone });
        let path = events(&client, member).await;
        let body = booking(json!({ "dates": [date(start, end)] }));
        let made = client.post(&path, &body).await;
        assert_eq!(made.status, 201, "{zone} {body}: {}", made.text);
        let booked = &made.json()["dates"][0];
        assert_eq!(booked["date"], from, "{zone}");
        assert_eq!(booked["end_date"], to, "{zone}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_event_cannot_be_is_refused_at_its_place() {
    let fine = date("2099-07-16T10:00:00Z", "2099-07-16T11:00:00Z");
    let guest = json!({ "email": "tom@example.com" });
    assert_refused(vec![
        (json!({ "vyteme": false }), 400, &["/vyteme"]),
        (json!({ "vyteme": "false" }), 400, &["/vyteme"]),
        (
            json!({ "confirmed": { "flag": true } }),
            422,
            &["/confirmed/flag"],
        ),
        (
            json!({ "confirmed": { "flag": true }, "dates": [] }),
            422,
            &["/confirmed/flag"],
        ),
        (
            json!({ "confirmed": true, "dates": [fine] }),
            400,
            &["/confirmed"],
        ),
        (json!({ "timezone": "Mars/Olympus" }), 422, &["/timezone"]),
        (json!({ "timezone": "+02:00" }), 422, &["/timezone"]),
        (json!({ "lang": "xx" }), 422, &["/lang"]),
        (json!({ "locale": "xx" }), 422, &["/locale"]),
        (
            json!({ "invitees": [guest, guest] }),
            422,
            &["/invitees/1/email"],
        ),
        (
            json!({ "invitees": "tom@example.com" }),
            400,
            &["/invitees"],
        ),
        (
            json!({ "places": [{ "name": "X", "address": "1", "adress": "2" }] }),
            422,
            &["/places/0/adress"],
        ),
        (json!({ "created_by": {} }), 422, &["/created_by/email"]),
        (
            json!({ "created_by": "zoe@example.com" }),
            400,
            &["/created_by"],
        ),
    ])
    .await;
    let api = Api::start().await;
    let client = api.organization();
    let path = events(&client, host()).await;
    let refusal = refused(&client, Method::POST, &path, Some(&json!({}))).await;
    assert_eq!(refusal.pointers(), ["/title"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_has_1_to_255_printable_characters() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events(&client, host()).await;
    let send = async |key: &str| {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        let body = booking(json!({})).to_string().into_bytes();
        client.send(Method::POST, &path, Some(body), &headers).await
    };
    for key in ["", " ", "\"\"", "J\u{e9}r\u{f4}me", &"k".repeat(256)] {
        let answer = send(key).await;
        let refusal = Refusal::of(&path, &answer, key);
        assert_eq!(refusal.status, 400, "{key}");
        assert_eq!(answer.places(), ["Idempotency-Key"], "{key}");
        assert_eq!(refusal.places("header"), ["Idempotency-Key"], "{key}");
    }
    for key in ["k", &"k".repeat(255)] {
        let made = send(key).await;
        assert_eq!(made.status, 201, "{key}: {}", made.text);
    }
    assert_eq!(client.get(&path).await.json().as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_that_came_with_another_booking_is_refused() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events(&client, host()).await;
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "\"one\""),
    ];
    let send = async |body: Value| {
        let body = body.to_string().into_bytes();
        client.send(Method::POST, &path, Some(body), &headers).await
    };
    // A refusal keeps nothing.
    let refusal = send(booking(json!({ "title": "" }))).await;
    assert_eq!(refusal.status, 422, "{}", refusal.text);
    let refusal = send(booking(
        json!({ "dates": [date("2099-07-16T10:00:00", "2099-07-16")] }),
    ))
    .await;
    assert_eq!(refusal.status, 400, "{}", refusal.text);
    let first = send(booking(json!({}))).await.created();
    let again = send(booking(json!({}))).await;
    assert_eq!((again.status.as_u16(), &again.text), (201, &first.text));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let other = send(booking(json!({ "title": "Other" }))).await;
    let refusal = Refusal::of(&path, &other, "another booking");
    assert_eq!(refusal.status, 422);
    assert_eq!(refusal.places("header"), ["Idempotency-Key"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_list_of_events_is_asked_for_is_refused_by_name() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events(&client, host()).await;
    let long = "a".repeat(5_000);
    let nested = format!("{}a{}", "%28".repeat(300), "%29".repeat(300));
    let mut cases = vec![
        ("q", "%28"),
        ("q", "%5B"),
        ("q", "%2A"),
        ("q", "a%7B2%2C1%7D"),
        ("q", "%28a%29%5C1"),
        ("q", "%28%3F%3Da%29"),
        ("q", "%5Cp%7BMars%7D"),
        // Millions of states, if they were built.
        ("q", "a%7B1000000%7D"),
        ("q", "%28%28a%7B100%7D%29%7B100%7D%29%7B100%7D"),
        ("q", "%5Cw%7B5000%7D"),
        ("q", &*nested),
        ("filter", "x"),
        ("filter", ""),
        ("filter", "Confirmed"),
        ("filter", "confirmed,upcoming"),
        ("cursor", "x"),
        ("cursor", &*long),
    ];
    cases.extend(WRONG_LIMITS.map(|limit| ("limit", limit)));
    for (name, value) in cases {
        let asked = format!("{path}?{name}={value}");
        let refusal = refused(&client, Method::GET, &asked, None).await;
        assert_eq!(refusal.status, 400, "{asked}");
        assert_eq!(refusal.places("parameter"), [name], "{asked}");
    }
    for name in ["limit", "cursor", "q", "filter"] {
        let asked = format!("{path}?{name}=1&{name}=1");
        let refusal = refused(&client, Method::GET, &asked, None).await;
        assert_eq!(refusal.places("parameter"), [name], "{asked}");
    }
    for query in [
        "q=",
        "q=%5EDemo%24",
        "q=%28%3Fi%29d%C3%A9mo",
        "filter=confirmed",
        "filter=upcoming&q=.&limit=1000",
    ] {
        let listed = client.get(&format!("{path}?{query}")).await;
        assert_eq!(listed.status, 200, "{query}: {}", listed.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_list_is_refused_by_the_list_of_events_and_the_other_way_round() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events(&client, host()).await;
    client.new_user_id("second@example.com").await;
    for _ in 0..2 {
        client.post(&path, &booking(json!({}))).await.created();
    }
    let cursor = async |list: &str| {
        let page = client.get(&format!("{list}?limit=1")).await;
        let link = page.next_link().expect("a second page");
        link.split_once("cursor=").unwrap().1.to_owned()
    };
    for (from, list) in [("/v2/users", &*path), (&*path, "/v2/users")] {
        let asked = format!("{list}?cursor={}", cursor(from).await);
        let refusal = refused(&client, Method::GET, &asked, None).await;
        assert_eq!(refusal.status, 400, "{asked}");
        assert_eq!(refusal.places("parameter"), ["cursor"], "{asked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_of_a_team_are_for_its_members_and_within_their_ranges() {
    let api = Api::start().await;
    let client = api.organization();
    let (member, other) = (
        client.new_user_id("a@x.org").await,
        client.new_user_id("b@x.org").await,
    );
    let body = json!({ "extid": "t", "name": "Team", "members": [member] });
    let team = client.new_team(body).await;
    let path = format!("/v2/teams/{}", team.id());
    let own = |rules: Value| json!({ "members": { &member: rules } });
    let at = |name: &str| format!("/assignment/members/{member}/{name}");
    for (assignment, status, place) in [
        (
            json!({ "strategy": "lottery" }),
            422,
            "/assignment/strategy".to_owned(),
        ),
        (
            json!({ "minimum_notice": -1 }),
            400,
            "/assignment/minimum_notice".to_owned(),
        ),
        (
            json!({ "minimum_notice": 525_601 }),
            422,
            "/assignment/minimum_notice".to_owned(),
        ),
        (
            json!({ "members": { &other: {} } }),
            422,
            format!("/assignment/members/{other}"),
        ),
        (
            json!({ "members": { UNKNOWN: { "weight": 1 } } }),
            422,
            format!("/assignment/members/{UNKNOWN}"),
        ),
        (
            json!({ "members": { "x": {} } }),
            422,
            "/assignment/members/x".to_owned(),
        ),
        (own(json!({ "weight": 1_001 })), 422, at("weight")),
        (own(json!({ "priority": 1_001 })), 422, at("priority")),
        (own(json!({ "max_per_day": 0 })), 422, at("max_per_day")),
        (
            own(json!({ "max_per_week": 1_001 })),
            422,
            at("max_per_week"),
        ),
        (own(json!({ "wieght": 1 })), 400, at("wieght")),
    ] {
        let body = json!({ "assignment": assignment });
        let refusal = refused(&client, Method::PUT, &path, Some(&body)).await;
        assert_eq!(refusal.status, status, "{body}: {}", refusal.problem);
        assert_eq!(refusal.pointers(), [place], "{body}");
    }
    assert_eq!(client.get(&path).await.json(), team, "nothing changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_reassigned_within_the_team_that_it_was_booked_with() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events(&client, host()).await;
    let event = client.post(&path, &booking(json!({}))).await.json();
    let event = event.id();
    let other = client
        .new_team(json!({ "extid": "other", "name": "Other" }))
        .await;
    let other = other.id();
    for path in [
        format!("/v2/teams/{other}/events/{event}/reassign"),
        format!("/v2/teams/{UNKNOWN}/events/{event}/reassign"),
        format!("{path}/{UNKNOWN}/reassign"),
    ] {
        let refusal = refused(&client, Method::POST, &path, None).await;
        assert_eq!(refusal.status, 404, "{path}");
    }
    for unknown in ["events", "assignments"] {
        let path = format!("/v2/teams/{UNKNOWN}/{unknown}");
        let refusal = refused(&client, Method::GET, &path, None).await;
        assert_eq!(refusal.status, 404, "{path}");
    }
}
