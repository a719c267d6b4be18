//! Bookings: their dates, and everything else that an event cannot be.

use reqwest::Method;
use serde_json::{Value, json};

use super::refused;
use crate::harness::{Api, Client, fixtures::Fields};

/// The path of the events of a team of one member.
pub(super) async fn events(client: &Client<'_>, member: Value) -> String {
    let member = client.new_user(member).await;
    let body = json!({ "extid": "t", "name": "Team", "members": [member["_id"]] });
    let team = client.new_team(body).await;
    format!("/v2/teams/{}/events", team.id())
}

pub(super) fn host() -> Value {
    json!({ "email": "host@example.com" })
}

pub(super) fn booking(fields: Value) -> Value {
    let mut body = json!({ "title": "Demo", "created_by": { "email": "zoe@example.com" } });
    let fields = fields.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    body
}

pub(super) fn date(start: &str, end: &str) -> Value {
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
