//! Holding a time for somebody who is about to book it.

use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields};

const HOLDS: &str = "/v2/slots/holds";

/// A team of so many: its id and its members.
async fn team(client: &Client<'_>, size: usize) -> (String, Vec<String>) {
    let mut members = Vec::new();
    for n in 0..size {
        members.push(client.new_user_id(&format!("{n}@example.com")).await);
    }
    let team = json!({ "extid": "1", "name": "Team", "members": members });
    (client.new_team(team).await.id().to_owned(), members)
}

fn hour(day: u32, hour: u32) -> Value {
    let at = |hour| format!("2030-01-{day:02}T{hour:02}:00:00Z");
    json!({ "date": at(hour), "end_date": at(hour + 1) })
}

fn hold(name: &str, whose: Value, day: u32, at: u32) -> Value {
    let mut body = hour(day, at);
    body[name] = whose;
    body
}

async fn book(client: &Client<'_>, team: &str, body: Value) -> Answer {
    let mut body = body;
    body["title"] = json!("Hour");
    client
        .post(&format!("/v2/teams/{team}/events"), &body)
        .await
}

async fn balances(client: &Client<'_>, team: &str) -> Vec<i64> {
    let path = format!("/v2/teams/{team}/assignments");
    let shown = client.get(&path).await.ok().json();
    let ledger = shown["ledger"].as_array().unwrap().iter();
    ledger
        .map(|account| account["balance"].as_i64().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_time_is_nobodys_but_the_holders_and_the_ledger_does_not_move() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, members) = team(&client, 1).await;
    let held = client
        .post(HOLDS, &hold("team", json!(team), 1, 10))
        .await
        .created()
        .json();
    assert_eq!(held["users"], json!(members));
    assert_eq!(held["team"], team);
    let lasts = held.field("until").parse::<jiff::Timestamp>().unwrap() - api.now();
    assert!(
        lasts.get_minutes() >= 9 || lasts.get_seconds() >= 590,
        "{lasts}"
    );
    assert!(
        balances(&client, &team)
            .await
            .iter()
            .all(|balance| *balance == 0)
    );
    let refused = book(&client, &team, json!({ "dates": [hour(1, 10)] })).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    let slots = format!("/v2/slots?team={team}&from=2030-01-01&to=2030-01-01&duration=60");
    let offered = client.get(&slots).await.ok().json();
    assert_eq!(offered["slots"].as_array().unwrap().len(), 23);

    let body = json!({ "hold": held["_id"], "confirmed": { "flag": true } });
    let booked = book(&client, &team, body).await.created().json();
    assert_eq!(booked["_id"], held["_id"]);
    assert_eq!(booked["dates"][0]["date"], "2030-01-01T10:00:00.000Z");
    assert_eq!(booked["confirmed"]["flag"], true);
    let reason = &booked["assignment"]["considered"][0]["reason"];
    assert_eq!(reason, "assigned: the time was held");
    let gone = client.delete(&format!("{HOLDS}/{}", held.id())).await;
    assert_eq!(gone.status, 404, "it is used");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_ends_by_itself_and_can_be_freed_before() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, _) = team(&client, 1).await;
    let mut body = hold("team", json!(team), 1, 10);
    body["minutes"] = json!(2);
    let held = client.post(HOLDS, &body).await.created().json();
    api.forward(SignedDuration::from_secs(119));
    assert_eq!(client.post(HOLDS, &body).await.status, 409);
    api.forward(SignedDuration::from_secs(2));
    let late = book(&client, &team, json!({ "hold": held["_id"] })).await;
    assert_eq!(late.status, 409);
    assert_eq!(late.places(), ["/hold"]);
    assert!(late.field("detail").contains("ended"), "{}", late.text);
    assert_eq!(
        client
            .delete(&format!("{HOLDS}/{}", held.id()))
            .await
            .status,
        404
    );
    let held = client.post(HOLDS, &body).await.created().json();
    let freed = client
        .delete(&format!("{HOLDS}/{}", held.id()))
        .await
        .ok()
        .json();
    assert_eq!(freed, json!({ "n": 1, "ok": 1 }));
    book(&client, &team, json!({ "dates": [hour(1, 10)] }))
        .await
        .created();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_of_the_team_choose_whose_time_is_held_and_the_booking_is_theirs() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, members) = team(&client, 3).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(
            client
                .post(HOLDS, &hold("team", json!(team), 1, 10))
                .await
                .created()
                .json(),
        );
    }
    let refused = client.post(HOLDS, &hold("team", json!(team), 1, 10)).await;
    assert_eq!(refused.json()["considered"].as_array().unwrap().len(), 3);
    let mut users: Vec<_> = held
        .iter()
        .map(|held| held["users"][0].as_str().unwrap().to_owned())
        .collect();
    users.sort_unstable();
    let mut all = members.clone();
    all.sort_unstable();
    assert_eq!(users, all);
    // The last is booked first: the charge is hers, whoever is next.
    let last = &held[2];
    let booked = book(&client, &team, json!({ "hold": last["_id"] }))
        .await
        .created()
        .json();
    assert_eq!(booked["created_by"]["user"], last["users"][0]);
    assert_eq!(balances(&client, &team).await.iter().sum::<i64>(), 0);
    let other = json!({ "hold": held[0]["_id"], "created_by": { "user": last["users"][0] } });
    let refused = book(&client, &team, other).await;
    assert_eq!(
        (refused.status.as_u16(), refused.places()),
        (422, vec!["/created_by/user".to_owned()])
    );
    let other = json!({ "hold": held[0]["_id"], "dates": [hour(1, 11)] });
    let refused = book(&client, &team, other).await;
    assert_eq!(
        (refused.status.as_u16(), refused.places()),
        (422, vec!["/dates".to_owned()])
    );
    let same = json!({ "hold": held[0]["_id"], "dates": [hour(1, 10)] });
    book(&client, &team, same).await.created();
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_held_together_or_not_at_all_and_all_take_part() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, members) = team(&client, 2).await;
    let both = hold("users", json!(members), 1, 10);
    let held = client.post(HOLDS, &both).await.created().json();
    assert_eq!(client.post(HOLDS, &both).await.status, 409);
    for member in &members {
        let one = hold("users", json!([member]), 1, 10);
        assert_eq!(client.post(HOLDS, &one).await.status, 409);
    }
    let event = |invitees: Value| {
        json!({
            "title": "Both", "created_by": { "user": members[0] }, "hold": held["_id"],
            "invitees": invitees, "confirmed": { "flag": true },
        })
    };
    let refused = client.post("/v2/events", &event(json!([]))).await;
    assert_eq!(
        (refused.status.as_u16(), refused.places()),
        (422, vec!["/hold".to_owned()])
    );
    let of_team = book(&client, &team, json!({ "hold": held["_id"] })).await;
    assert_eq!(
        (of_team.status.as_u16(), of_team.places()),
        (422, vec!["/hold".to_owned()])
    );
    let all = event(json!([{ "email": "1@example.com", "required": true }]));
    let made = client.post("/v2/events", &all).await.created().json();
    assert_eq!(made["_id"], held["_id"]);
    assert_eq!(
        client
            .post(HOLDS, &hold("users", json!([members[1]]), 1, 10))
            .await
            .status,
        409
    );
    let cancel = format!("/v2/events/{}/cancel", made.id());
    client.post(&cancel, &json!({})).await.ok();
    client.post(HOLDS, &both).await.created();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_hold_one_time_exactly_one_has_it() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, _) = team(&client, 2).await;
    let body = hold("team", json!(team), 1, 10);
    let answers = join_all((0..100).map(|_| client.post(HOLDS, &body))).await;
    let made = answers.iter().filter(|answer| answer.status == 201);
    assert_eq!(made.count(), 2);
    for answer in &answers {
        assert!(
            [201, 409].contains(&answer.status.as_u16()),
            "{}",
            answer.text
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_hold_is_told_at_its_place() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, members) = team(&client, 1).await;
    for (body, status, place) in [
        (hour(1, 10), 422, "/team"),
        (hold("team", Value::Null, 1, 10), 422, "/team"),
        (hold("users", json!([]), 1, 10), 422, "/team"),
        (
            hold("users", json!(["5f5e10000000000000000000"]), 1, 10),
            422,
            "/users",
        ),
        (
            json!({ "team": team, "users": members, "date": "2030-01-01", "end_date": "2030-01-01" }),
            422,
            "/users",
        ),
        (
            json!({
                "team": team, "date": "2030-01-01T10:00:00Z", "end_date": "2030-01-01T09:00:00Z",
            }),
            400,
            "/end_date",
        ),
    ] {
        let refused = client.post(HOLDS, &body).await;
        assert_eq!(
            (refused.status.as_u16(), refused.places()),
            (status, vec![place.to_owned()])
        );
    }
    for minutes in [0, 31] {
        let mut body = hold("team", json!(team), 1, 10);
        body["minutes"] = json!(minutes);
        let refused = client.post(HOLDS, &body).await;
        assert_eq!(refused.places(), ["/minutes"], "{}", refused.text);
    }
    let unknown = client
        .post(
            HOLDS,
            &hold("team", json!("5f5e10000000000000000000"), 1, 10),
        )
        .await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_users_than_can_be_held_at_once_are_refused() {
    let api = Api::start().await;
    let client = api.organization();
    let users: Vec<_> = (0..50)
        .map(|n| json!({ "user": { "email": format!("{n}@example.com") } }))
        .collect();
    let made = client.post("/v2/users/batch", &json!(users)).await.json();
    let made = made.as_array().unwrap().iter();
    let made: Vec<_> = made.map(|entry| entry["user"]["_id"].clone()).collect();
    let refused = client.post(HOLDS, &hold("users", json!(made), 1, 10)).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert!(refused.text.contains("too many users"), "{}", refused.text);
    let fewer = hold("users", json!(made[..49]), 1, 10);
    client.post(HOLDS, &fewer).await.created();
}
