//! The weekly hours of a member: how they are written, and when there are none.

use serde_json::{Value, json};

use super::booking;
use crate::harness::{Answer, Api, Client, fixtures::Fields};

async fn new_user(client: &Client<'_>, name: &str, availability: Value) -> Answer {
    let email = format!("{name}@example.com");
    let body = json!({ "user": { "email": email }, "availability": availability });
    client.post("/v2/users", &body).await
}

/// A user with these hours: the user's path, and that of the events of a team
/// with no other member.
async fn member(client: &Client<'_>, name: &str, availability: Value) -> (String, String) {
    let made = new_user(client, name, availability).await.created();
    let id = made.id();
    let team = json!({ "extid": name, "name": "Team", "members": [id] });
    let team = client.new_team(team).await;
    let events = format!("/v2/teams/{}/events", team.id());
    (format!("/v2/users/{id}"), events)
}

fn slot(start: &str, end: &str) -> Value {
    json!({ "start_time": start, "end_time": end })
}

/// Monday, 1 March 2027, in UTC.
async fn book(client: &Client<'_>, events: &str, hour: u32) -> u16 {
    let at = |minute: u32| format!("2027-03-01T{hour:02}:{minute:02}:00Z");
    let answer = client.post(events, &booking(&[(&at(0), &at(30))])).await;
    answer.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_out_the_last_day_means_never_and_clearing_the_days_means_always() {
    let api = Api::start().await;
    let client = api.organization();
    let monday = json!({ "enabled": true, "slots": [slot("09:00", "10:00")] });
    let (user, events) = member(&client, "a", json!({ "days": { "monday": monday } })).await;
    assert_eq!(book(&client, &events, 3).await, 409);
    let put = async |days: Value| {
        let answer = client
            .put(&user, &json!({ "availability": { "days": days } }))
            .await
            .ok();
        answer.json()["user"]["availability"].clone()
    };
    assert_eq!(put(json!({ "monday": null })).await, json!({ "days": {} }));
    assert_eq!(
        (
            book(&client, &events, 3).await,
            book(&client, &events, 9).await
        ),
        (409, 409)
    );
    // What the answer shows changes nothing when it is sent back.
    assert_eq!(put(json!({})).await, json!({ "days": {} }));
    assert_eq!(book(&client, &events, 3).await, 409);
    assert_eq!(put(json!(null)).await, json!({}));
    assert_eq!(book(&client, &events, 3).await, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn days_that_were_never_set_stay_unset_when_nothing_is_set() {
    let api = Api::start().await;
    let client = api.organization();
    for (name, days) in [
        ("none", json!({})),
        ("out", json!({ "monday": null })),
        ("empty", json!({ "monday": {} })),
    ] {
        let (user, events) = member(&client, name, json!({ "days": days })).await;
        let shown = client.get(&user).await.json();
        assert_eq!(shown["availability"], json!({}), "{days}");
        assert_eq!(book(&client, &events, 3).await, 201, "{days}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slots_without_enabled_are_enabled() {
    let api = Api::start().await;
    let client = api.organization();
    let slots = json!({ "slots": [slot("09:00", "10:00")] });
    let (user, events) = member(&client, "a", json!({ "days": { "monday": slots } })).await;
    assert_eq!(book(&client, &events, 9).await, 201);
    let put = async |monday: Value| {
        let body = json!({ "availability": { "days": { "monday": monday } } });
        let answer = client.put(&user, &body).await.ok();
        answer.json()["user"]["availability"]["days"]["monday"]["enabled"].clone()
    };
    assert_eq!(put(json!({ "enabled": false })).await, false);
    let later = json!([slot("12:00", "13:00")]);
    assert_eq!(
        put(json!({ "enabled": false, "slots": later })).await,
        false
    );
    assert_eq!(put(json!({ "slots": later })).await, true);
    assert_eq!(
        (
            book(&client, &events, 10).await,
            book(&client, &events, 12).await
        ),
        (409, 201)
    );
    let body = json!({ "days": { "monday": { "enabled": true } } });
    let refused = new_user(&client, "b", body).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(refused.places(), ["/availability/days/monday/slots"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_availability_as_the_original_api_answers_it_is_taken() {
    let api = Api::start().await;
    let client = api.organization();
    let slot = json!({
        "_id": "5f2d70c51e066227db71d493",
        "start_time": "2018-01-01T08:00:00.000Z", "end_time": "2018-01-01T16:00:00.000Z",
    });
    let original = |zone: &str| {
        json!({
            "_id": "5f2d4abf1e0662085171d476", "belongs_to": "5f2d4abf1e0662386371d475",
            "trim_scheduler": true, "dates": [], "timezone": zone,
            "days": {
                "monday": { "_id": "5f2d4abf1e0662085171d477", "enabled": true, "slots": [slot] },
                "saturday": { "enabled": false },
            },
            "past_as_busy": true, "today_as_busy": false, "days_after_as_busy": 600,
            "buffer_before": 0, "buffer_after": 0, "all_day_busy": true,
        })
    };
    for (name, zone, start, end) in [
        ("london", "Europe/London", "08:00", "16:00"),
        ("paris", "Europe/Paris", "09:00", "17:00"),
        ("york", "America/New_York", "03:00", "11:00"),
        ("kolkata", "Asia/Kolkata", "13:30", "21:30"),
    ] {
        let (user, _) = member(&client, name, original(zone)).await;
        let shown = client.get(&user).await.json()["availability"].clone();
        let expected = json!([{
            "start_time": format!("2018-01-01T{start}"), "end_time": format!("2018-01-01T{end}"),
        }]);
        assert_eq!(shown["days"]["monday"]["slots"], expected, "{zone}");
        assert_eq!(shown.get("belongs_to"), None);
        // What is shown is what is stored: sent back, it is the same.
        let again = client
            .put(&user, &json!({ "availability": shown }))
            .await
            .ok();
        assert_eq!(again.json()["user"]["availability"], shown);
    }
    let mut exceptions = original("Europe/Paris");
    exceptions["dates"] = json!([{ "date": "2027-03-01", "slots": [] }]);
    let refused = new_user(&client, "exceptions", exceptions).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(refused.places(), ["/availability/dates"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_with_an_offset_is_read_in_the_zone_that_the_availability_has_afterwards() {
    let api = Api::start().await;
    let client = api.organization();
    let slots = json!([slot("2018-07-01T08:00:00Z", "2018-07-01T18:00:00+02:00")]);
    let days = json!({ "monday": { "slots": slots } });
    let body = json!({
        "user": { "email": "a@example.com", "timezone": "Europe/Paris" },
        "availability": { "days": days },
    });
    let made = client.post("/v2/users", &body).await.created();
    let made = made.json()["user"].clone();
    let times = |user: &Value| {
        let slot = &user["availability"]["days"]["monday"]["slots"][0];
        ["start_time", "end_time"].map(|name| slot[name].as_str().unwrap()[11..].to_owned())
    };
    assert_eq!(times(&made), ["10:00", "18:00"]);
    let path = format!("/v2/users/{}", made.id());
    for (availability, expected) in [
        (
            json!({ "timezone": "Asia/Tokyo", "days": { "monday": { "slots": [slot("2018-07-01T00:00Z", "2018-07-01T15:00Z")] } } }),
            ["09:00", "00:00"],
        ),
        (
            json!({ "days": { "monday": { "slots": [slot("2018-07-01T01:00Z", "11:00")] } } }),
            ["10:00", "11:00"],
        ),
    ] {
        let put = client
            .put(&path, &json!({ "availability": availability }))
            .await
            .ok();
        assert_eq!(times(&put.json()["user"]), expected, "{availability}");
    }
    let wrong = json!({ "days": { "monday": { "slots": [slot("10:00", "2018-07-01T00:00Z")] } } });
    let refused = client.put(&path, &json!({ "availability": wrong })).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(refused.places(), ["/availability/days/monday/slots/0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_end_at_24_00_and_those_that_cross_midnight_say_how_to_write_them() {
    let api = Api::start().await;
    let client = api.organization();
    let (_, events) = member(
        &client,
        "a",
        json!({ "days": {
        "monday": { "slots": [slot("22:00", "24:00")] },
        "tuesday": { "slots": [slot("2018-01-01T00:00", "2018-01-01T02:00")] },
        "wednesday": { "slots": [slot("00:00", "2018-01-01T24:00:00")] },
    } }),
    )
    .await;
    for (start, end, status) in [
        ("2027-03-01T23:30", "2027-03-02T00:30", 201),
        ("2027-03-08T23:00", "2027-03-08T24:00", 201),
        ("2027-03-09T01:30", "2027-03-09T02:30", 409),
        ("2027-03-10", "2027-03-10T24:00", 201),
    ] {
        let answer = client.post(&events, &booking(&[(start, end)])).await;
        assert_eq!(answer.status, status, "{start}: {}", answer.text);
    }
    let days = json!({ "days": { "monday": { "slots": [slot("22:00", "02:00")] } } });
    let refused = new_user(&client, "b", days).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(refused.places(), ["/availability/days/monday/slots/0"]);
    assert!(
        refused.text.contains("cross midnight are two slots"),
        "{}",
        refused.text
    );
}
