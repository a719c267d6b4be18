//! When a booking is, and whether a member can take it then.

use serde_json::{Value, json};

use super::{booking, setup};
use crate::harness::{Answer, Api, fixtures::Fields};

fn spans(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.status, 201, "{}", answer.text);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let dates = answer.json()["dates"].as_array().unwrap().clone();
    dates
        .iter()
        .map(|date| (text(&date["date"]), text(&date["end_date"])))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_without_an_offset_is_in_the_events_zone_else_the_members() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    for (zone, dates, expected) in [
        (
            None,
            ("2030-07-01T09:00:00", "2030-07-01T10:00:00"),
            ("2030-07-01T07:00:00.000Z", "2030-07-01T08:00:00.000Z"),
        ),
        (
            Some("America/New_York"),
            ("2030-07-02T09:00:00", "2030-07-02T10:00"),
            ("2030-07-02T13:00:00.000Z", "2030-07-02T14:00:00.000Z"),
        ),
        // An end whose offset differs from its start's.
        (
            None,
            ("2030-07-03T09:00:00+05:30", "2030-07-03T09:00:00+04:30"),
            ("2030-07-03T03:30:00.000Z", "2030-07-03T04:30:00.000Z"),
        ),
        (
            None,
            ("2030-07-04T09:00:00+0100", "2030-07-04T09:00:00Z"),
            ("2030-07-04T08:00:00.000Z", "2030-07-04T09:00:00.000Z"),
        ),
        // One that occurs twice is the first.
        (
            Some("Europe/Paris"),
            ("2030-10-27T02:30:00", "2030-10-27T03:30:00"),
            ("2030-10-27T00:30:00.000Z", "2030-10-27T02:30:00.000Z"),
        ),
    ] {
        let mut body = booking(&[dates]);
        if let Some(zone) = zone {
            body["timezone"] = json!(zone);
        }
        let answer = team.post(&client, &body).await;
        assert_eq!(
            spans(&answer),
            [(expected.0.to_owned(), expected.1.to_owned())],
            "{dates:?}"
        );
        assert_eq!(
            answer.json()["timezone"],
            zone.unwrap_or("Europe/Paris"),
            "{dates:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_all_day_date_is_whole_days_in_the_events_zone() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let mut body = booking(&[("2030-03-30", "2030-03-31")]);
    body["dates"][0]["all_day"] = json!("true");
    body["timezone"] = json!("Europe/Paris");
    let answer = team.post(&client, &body).await;
    // The second day has 23 hours.
    let expected = (
        "2030-03-29T23:00:00.000Z".to_owned(),
        "2030-03-31T22:00:00.000Z".to_owned(),
    );
    assert_eq!(spans(&answer), [expected]);
    assert_eq!(answer.json()["dates"][0]["all_day"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_without_dates_reserves_nothing_and_several_dates_none_until_one_is_confirmed() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let (ten, noon) = (
        ("2030-01-01T10:00:00Z", "2030-01-01T11:00:00Z"),
        ("2030-01-01T12:00:00Z", "2030-01-01T13:00:00Z"),
    );
    team.book(&client, &[]).await.created();
    team.book(&client, &[ten, noon]).await.created();
    assert_eq!(
        team.book(&client, &[ten]).await.status,
        201,
        "nothing was reserved"
    );
    let mut confirmed = booking(&[ten, noon]);
    confirmed["confirmed"] = json!({ "flag": true });
    let confirmed = team.post(&client, &confirmed).await.created();
    let confirmed = confirmed.json();
    assert_eq!(confirmed["confirmed"]["flag"], true);
    assert!(confirmed["confirmed"]["updated_at"].is_string());
    let flags: Vec<_> = confirmed["dates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["confirmed"].clone())
        .collect();
    assert_eq!(
        flags,
        [false, true],
        "the first date that the member can take"
    );
    let free: Vec<_> = confirmed["assignment"]["dates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["free"].clone())
        .collect();
    assert_eq!(free, [false, true]);
    assert_eq!(
        confirmed["dates"][0]["votes"]["no"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        team.book(&client, &[noon]).await.status,
        409,
        "the confirmed date is reserved"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_dates_who_can_take_the_most_is_preferred() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    let day = |day: u32| {
        (
            format!("2030-01-{day:02}T10:00:00Z"),
            format!("2030-01-{day:02}T11:00:00Z"),
        )
    };
    let (first, second) = (day(1), day(2));
    let taken = team.assigned(&client, &[(&first.0, &first.1)]).await;
    // Who took the first owes nothing less, and still the other is free for both.
    for _ in 0..3 {
        let dates = [(&*first.0, &*first.1), (&*second.0, &*second.1)];
        assert_eq!(team.assigned(&client, &dates).await, 1 - taken);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_booked_outside_their_hours_too_late_or_too_far_ahead() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let user = format!("/v2/users/{}", team.members[0]);
    let slots = json!([{ "start_time": "2018-01-01T09:00", "end_time": "2018-01-01T17:00" }]);
    let availability = json!({ "availability": {
        "timezone": "Europe/Paris", "past_as_busy": true, "buffer_before": 15, "buffer_after": 30,
        "days": { "monday": { "enabled": true, "slots": slots }, "tuesday": { "enabled": true, "slots": slots } },
    }});
    client.put(&user, &availability).await.ok();
    for (start, end, status) in [
        // 2030-01-07 is a Monday; Paris is an hour ahead of UTC in winter.
        ("2030-01-07T08:00:00Z", "2030-01-07T09:00:00Z", 201),
        ("2030-01-07T07:59:00Z", "2030-01-07T08:00:00Z", 409),
        ("2030-01-07T15:30:00Z", "2030-01-07T16:01:00Z", 409),
        ("2030-01-09T10:00:00Z", "2030-01-09T11:00:00Z", 409),
        ("2020-01-06T10:00:00Z", "2020-01-06T11:00:00Z", 409),
        // The same hours in summer are an hour earlier in UTC.
        ("2030-07-01T07:00:00Z", "2030-07-01T08:00:00Z", 201),
        ("2030-07-01T15:00:00Z", "2030-07-01T15:30:00Z", 409),
        // Half an hour stays free after a meeting.
        ("2030-01-07T09:29:00Z", "2030-01-07T10:00:00Z", 409),
        ("2030-01-07T09:30:00Z", "2030-01-07T10:00:00Z", 201),
    ] {
        let answer = team.book(&client, &[(start, end)]).await;
        assert_eq!(answer.status, status, "{start}: {}", answer.text);
    }
    let switched_off = json!({ "assignment": { "respect_availability": false } });
    client.put(&team.path, &switched_off).await;
    let night = [("2030-01-09T02:00:00Z", "2030-01-09T03:00:00Z")];
    team.book(&client, &night).await.created();
    assert_eq!(
        team.book(&client, &night).await.status,
        409,
        "overlaps are never allowed"
    );
    client
        .put(
            &team.path,
            &json!({ "assignment": { "minimum_notice": 525_600 } }),
        )
        .await;
    let soon = in_hours(24);
    let late = team.book(&client, &[(&soon, &soon)]).await;
    assert_eq!(late.status, 409, "{}", late.text);
}

fn in_hours(hours: u64) -> String {
    let then = std::time::SystemTime::now() + std::time::Duration::from_hours(hours);
    aws_sdk_dynamodb::primitives::DateTime::from(then)
        .fmt(aws_sdk_dynamodb::primitives::DateTimeFormat::DateTime)
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_real_clients_send_works() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let known = client
        .new_user(json!({ "email": "known@example.com", "first_name": "Known", "language": "de" }))
        .await;
    let body = json!({
        "title": "Été & co",
        "created_by": { "email": "booker@example.org" },
        "dates": [{ "all_day": "false", "date": "2030-01-01T10:00:00Z", "end_date": "2030-01-01T11:00:00Z" }],
        "places": { "name": "Office", "address": "1 rue de Rivoli", "source": "crm" },
        "messages": { "body": "Hello\nthere" },
        "invitees": { "email": "Known@Example.com", "phone": "0102030405" },
        "lang": "fr", "vyteme": "true", "confirmed": { "flag": "true" },
    });
    let answer = team.post(&client, &body).await.created();
    let event = answer.json();
    let invitees = event["invitees"].as_array().unwrap();
    assert_eq!(event["invitees_length"], 3);
    assert_eq!(
        (&invitees[0]["user"], &invitees[0]["su"]),
        (&json!(team.members[0]), &json!(true))
    );
    assert_eq!(invitees[1]["email"], "booker@example.org");
    assert_eq!(invitees[1].get("user"), None);
    assert_eq!(
        (&invitees[2]["user"], &invitees[2]["full_name"]),
        (&known["_id"], &json!("Known"))
    );
    assert_eq!(
        (&invitees[2]["phone"], &invitees[2]["locale"]),
        (&json!("0102030405"), &json!("de"))
    );
    assert_eq!(
        (
            &event["places"][0]["source"],
            &event["places"][0]["address"]
        ),
        (&json!("crm"), &json!("1 rue de Rivoli"))
    );
    assert_eq!(
        (&event["messages"][0]["body"], &event["messages"][0]["from"]),
        (&json!("Hello\nthere"), &json!("booker@example.org"))
    );
    assert_eq!(
        (&event["lang"], &event["locale"]),
        (&json!("fr"), &json!("fr"))
    );
    let address = event.field("email");
    assert!(
        address.starts_with("reply-to-participants-to-t-co-")
            && address.ends_with("@roster.localhost"),
        "{address}"
    );
    assert!(address.split('@').next().unwrap().len() <= 64);
    let keys = event["key_store"]["hash"].as_object().unwrap();
    assert_eq!(keys.len(), 3);
    let distinct: std::collections::BTreeSet<_> = keys.values().map(ToString::to_string).collect();
    assert_eq!(distinct.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_iso_8601_and_rfc_3339_have_is_read_as_the_instant() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    for (day, start, end) in [
        (1, "2027-03-01T23:00", "2027-03-01T24:00"),
        (2, "2027-03-02t23:00:00z", "2027-03-02t24:00:00z"),
        (3, "2027-03-03 23:00:00Z", "2027-03-03 24:00:00,0Z"),
        (4, "20270304T230000Z", "20270304T240000Z"),
        (5, "2027-03-05T23:00-00:00", "2027-03-06T01:00+0100"),
        (6, "2027-03-07T00:00+01", "2027-03-06T24:00:00.000Z"),
    ] {
        let mut body = booking(&[(start, end)]);
        body["timezone"] = json!("UTC");
        let answer = team.post(&client, &body).await;
        let next = day + 1;
        let expected = (
            format!("2027-03-{day:02}T23:00:00.000Z"),
            format!("2027-03-{next:02}T00:00:00.000Z"),
        );
        assert_eq!(spans(&answer), [expected], "{start}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_is_refused_is_told_why_truly() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    for (wrong, why) in [
        ("2027-02-29T09:00:00Z", "2027-02-29 is no such day"),
        ("2027-04-31", "2027-04-31 is no such day"),
        ("20271301T090000Z", "2027-13-01 is no such day"),
        ("2027-03-01T24:30", "24:00 is the end of the day"),
        (
            "2027-03-01T09:00:00+25:00",
            "an offset of less than 24 hours",
        ),
        ("2027-03-01T09:00[Europe/Paris]", "a zone in brackets"),
        ("9999-12-31T23:00:00Z", "in the years 1 to 9998"),
        ("-000001-01-01T00:00:00Z", "in the years 1 to 9998"),
        ("2020-W29-4T09:00:00", "a date and time such as"),
        ("2016-12-31T23:59:60Z", "seconds 00 to 59"),
        ("1594890000", "a date and time such as"),
        ("2027-3-1T9:00:00", "a date and time such as"),
    ] {
        let answer = team.book(&client, &[(wrong, "2027-03-02T10:00Z")]).await;
        assert_eq!(answer.status, 400, "{wrong}: {}", answer.text);
        assert_eq!(answer.places(), ["/dates/0/date"], "{wrong}");
        assert!(answer.text.contains(why), "{wrong}: {}", answer.text);
    }
    let leap = [("2028-02-29T09:00:00Z", "2028-02-29T10:00:00Z")];
    team.book(&client, &leap).await.created();
}
