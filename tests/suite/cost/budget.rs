//! What each operation costs at DynamoDB, held to the budget and printed:
//! `cargo test -p roster-tests budget -- --nocapture`.

mod accounts;
mod directory;

use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, engine::other_engine, fixtures::Fields};

/// Prints a line of the table and holds the operation to its round trips.
fn hold(operation: &str, most_round_trips: u32, answer: &Answer) {
    assert!(answer.status.is_success(), "{operation}: {}", answer.text);
    hold_any(operation, most_round_trips, answer);
}

/// The same, whatever the answer.
fn hold_any(operation: &str, most_round_trips: u32, answer: &Answer) {
    let cost = answer.cost();
    println!(
        "| {operation} | {} | {} | {} | {} |",
        cost.round_trips, cost.calls, cost.read, cost.write
    );
    assert!(
        cost.round_trips <= most_round_trips,
        "{operation} took {} round trips one after another, {most_round_trips} are allowed",
        cost.round_trips
    );
}

fn id(value: &Value) -> &str {
    value.id()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_stays_within_its_round_trips() {
    let api = Api::start().await;
    let client = api.organization();
    println!("| operation | sequential round trips | calls | RCU | WCU |\n|---|---|---|---|---|");

    let body = json!({
        "user": {
            "email": "jean@example.com", "first_name": "Jean",
            "account": { "organization": { "extid": "1" } },
        },
        "teams": [{ "extid": "a", "name": "A" }, { "extid": "b", "name": "B" }],
        "vyteme": { "nickname": "jean" },
    });
    let created = client.post("/v2/users", &body).await;
    hold(
        "create user with extid, nickname and two new teams",
        2,
        &created,
    );
    let user = created.json()["user"].clone();
    let path = format!("/v2/users/{}", id(&user));
    hold(
        "create user",
        2,
        &client
            .post("/v2/users", &json!({ "user": { "email": "a@x.org" } }))
            .await,
    );
    hold(
        "update user",
        2,
        &client
            .put(&path, &json!({ "user": { "language": "fr" } }))
            .await,
    );
    let renamed = json!({ "user": { "first_name": "Jeanne" } });
    hold(
        "update user, name copied to two teams",
        2,
        &client.put(&path, &renamed).await,
    );
    let upsert = json!({ "user": {
        "email": "jean@example.com", "account": { "organization": { "extid": "1" } },
    }});
    // The external id leads to a guard, the guard to the user.
    hold(
        "upsert of an existing user by extid",
        3,
        &client.post("/v2/users", &upsert).await,
    );
    hold("get user", 1, &client.get(&path).await);
    hold(
        "list users page",
        1,
        &client.get("/v2/users?limit=100").await,
    );
    hold(
        "find user by address",
        2,
        &client.get("/v2/users?email=jean@example.com").await,
    );
    hold(
        "find user by extid",
        2,
        &client.get("/v2/users?extid=1").await,
    );

    let people = json!({ "extid": "c", "name": "C", "members": [id(&user)], "public": true });
    let created = client.post("/v2/teams", &people).await;
    hold("create team", 2, &created);
    let team = created.json();
    let path = format!("/v2/teams/{}", id(&team));
    hold(
        "update team",
        2,
        &client
            .put(&path, &json!({ "members": [], "admins": [id(&user)] }))
            .await,
    );
    hold("get team", 1, &client.get(&path).await);
    hold(
        "list teams page",
        1,
        &client.get("/v2/teams?limit=100").await,
    );
    hold(
        "find team by extid",
        2,
        &client.get("/v2/teams?extid=c").await,
    );
    hold(
        "users of a team",
        2,
        &client.get(&format!("/v2/users?team={}", id(&team))).await,
    );
    hold(
        "public team",
        1,
        &api.anybody().get(&format!("{path}/public")).await,
    );
    hold("delete team", 2, &client.delete(&path).await);
    hold(
        "unlink user",
        3,
        &client.delete(&format!("/v2/users/{}", id(&user))).await,
    );

    let batch: Vec<_> = (0..500)
        .map(|n| json!({ "user": { "email": format!("{n}@example.com") } }))
        .collect();
    let answer = client.post("/v2/users/batch", &Value::Array(batch)).await;
    let statuses: Vec<_> = answer
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["status"].clone())
        .collect();
    assert_eq!(statuses, vec![json!(201); 500]);
    hold("batch of 500 new users", 500, &answer);
    // One update takes the 500 numbers, and one read tells who calls: 2 calls for
    // each user and no more, plus these and nothing to look up before.
    assert_eq!(answer.cost().calls, 2 + 2 * 500);
    let numbers = client.get("/v2/keys").await;
    hold("list keys", 1, &numbers);
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_are_eventually_consistent_at_half_a_unit_for_four_kilobytes() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("jean@example.com").await;
    let team = client
        .new_team(json!({ "extid": "1", "name": "A", "public": true }))
        .await;
    // The user, and the organization that its answer names.
    let cost = client.get(&format!("/v2/users/{user}")).await.cost();
    assert!((cost.read - 1.0).abs() < f64::EPSILON, "{cost:?}");
    for path in [
        format!("/v2/teams/{}", id(&team)),
        format!("/v2/teams/{}/public", id(&team)),
    ] {
        let cost = client.get(&path).await.cost();
        assert!((cost.read - 0.5).abs() < f64::EPSILON, "{path}: {cost:?}");
    }
}

/// A team of as many new members; the path of its events.
async fn team_of(client: &Client<'_>, extid: &str, members: usize) -> (String, Vec<String>) {
    let users = (0..members)
        .map(|n| json!({ "user": { "email": format!("{extid}-{n}@example.com") } }))
        .collect();
    let made = client.post("/v2/users/batch", &Value::Array(users)).await;
    let made = made.json();
    let ids: Vec<_> = made
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| id(&entry["user"]).to_owned())
        .collect();
    let team = json!({ "extid": extid, "name": "Team", "members": ids });
    let team = client.new_team(team).await;
    (format!("/v2/teams/{}/events", id(&team)), ids)
}

fn booking(start: &str, end: &str) -> Value {
    json!({
        "title": "Demo", "created_by": { "email": "zoe@example.org" },
        "dates": [{ "date": start, "end_date": end }],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn booking_stays_within_its_round_trips_whatever_the_size_of_the_team() {
    let api = Api::start().await;
    let client = api.organization();
    for members in [1, 100] {
        let (events, _) = team_of(&client, &format!("{members}"), members).await;
        let what = |operation: &str| format!("{operation}, team of {members}");
        let first = booking("2099-07-16T09:00:00Z", "2099-07-16T10:00:00Z");
        let booked = client.post(&events, &first).await;
        hold(&what("book event"), 3, &booked);
        let second = booking("2099-07-17T09:00:00Z", "2099-07-17T10:00:00Z");
        let body = second.to_string().into_bytes();
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", &*events),
        ];
        let keyed = client
            .send(reqwest::Method::POST, &events, Some(body), &headers)
            .await;
        hold(&what("book event with an idempotency key"), 3, &keyed);
        if members == 1 {
            let refused = client.post(&events, &first).await;
            assert_eq!(refused.status, 409, "{}", refused.text);
            hold_any(&what("book event that is refused"), 3, &refused);
        }
        hold(&what("list events page"), 3, &client.get(&events).await);
        for filter in ["upcoming", "confirmed"] {
            let listed = client.get(&format!("{events}?filter={filter}")).await;
            hold(&what(&format!("list {filter} events page")), 3, &listed);
        }
        let assignments = events.replace("/events", "/assignments");
        hold(&what("assignments"), 1, &client.get(&assignments).await);
        if members > 1 {
            let path = format!("{events}/{}/reassign", id(&booked.json()));
            hold(
                &what("reassign event"),
                3,
                &client.post(&path, &json!({})).await,
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_of_a_team_of_five_and_of_a_hundred_stays_within_its_units() {
    let api = Api::start().await;
    let client = api.organization();
    // The event, the member's part and its index, the day, the ledger, the decision: each
    // up to a kilobyte; a check of the member; and the entry of the audit log. The
    // authorizer reads one unit more, where it is asked. Half a unit is the organization,
    // for when everybody is away.
    for (members, most_read, most_write) in [(5, 9.0, 15.0), (100, 109.5, 52.0)] {
        let (events, _) = team_of(&client, &members.to_string(), members).await;
        for hour in 10..14 {
            let [start, end] = ["00", "30"].map(|minute| format!("2099-07-16T{hour}:{minute}:00Z"));
            let made = client.post(&events, &booking(&start, &end)).await;
            hold(&format!("book event, team of {members}"), 3, &made);
            let cost = made.cost();
            // DynamoDB Local counts otherwise than AWS documents.
            let is_within = cost.read <= most_read && cost.write <= most_write;
            assert!(is_within || other_engine(), "{cost:?}");
        }
    }
}

/// Teams that book the same member at once: each has its ledger.
const TEAMS: usize = 8;
/// Bookings of each.
const EACH: usize = 250;

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_costs_the_same_for_a_member_with_two_thousand_bookings_to_come() {
    let api = Api::start().await;
    let client = api.organization();
    let (events, members) = team_of(&client, "measured", 1).await;
    // Spread over the first twenty days of twenty-four months, half an hour each.
    let book = async |events: &str, number: usize| {
        let (month, day, hour) = (number % 24, number / 24 % 20 + 1, 9 + number / 480);
        let (year, month) = (2098 + month / 12, month % 12 + 1);
        let at = |minute: &str| format!("{year}-{month:02}-{day:02}T{hour:02}:{minute}:00Z");
        client.post(events, &booking(&at("00"), &at("30"))).await
    };
    for number in [0, 1, 2, 3, 4] {
        book(&events, number).await.created();
    }
    let measure = async |start: &str, end: &str| {
        let answer = client.post(&events, &booking(start, end)).await;
        hold("book event", 3, &answer);
        answer.cost()
    };
    let few = measure("2098-01-28T10:00:00Z", "2098-01-28T10:30:00Z").await;

    let mut teams = Vec::new();
    for n in 0..TEAMS {
        let body = json!({ "extid": n.to_string(), "name": "Team", "members": members });
        let team = client.new_team(body).await;
        teams.push(format!("/v2/teams/{}/events", id(&team)));
    }
    let busy = teams.iter().enumerate().map(async |(team, events)| {
        for n in 0..EACH {
            let mut made = book(events, 5 + team * EACH + n).await;
            // The teams may meet at the member's agenda.
            while made.status == 503 {
                made = book(events, 5 + team * EACH + n).await;
            }
            assert_eq!(made.status, 201, "{}", made.text);
        }
    });
    futures_util::future::join_all(busy).await;

    let many = measure("2098-01-28T11:00:00Z", "2098-01-28T11:30:00Z").await;
    assert_eq!((many.round_trips, many.calls), (few.round_trips, few.calls));
    // The days that are looked at hold three bookings at most.
    assert!(many.read <= few.read + 1.0, "{few:?}, then {many:?}");
    // Not compared with `few`: DynamoDB Local counts a small transaction with
    // less than the two units for each item that AWS documents.
    assert!(many.write <= 20.0, "{few:?}, then {many:?}");
}
