//! What a round of reading calendars costs, and that one server holds up nobody else's.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use roster_calendars::{Client, Refreshed, Refresher};
use roster_domain::hooks::target::Targets;
use roster_store::dynamodb::capacity::{Usage, counted};
use serde_json::json;

use super::calendars::{Owner, calendar, day, event, text};
use crate::{
    harness::Api,
    hooks::receiver::{Reaction, Receiver},
};

/// How many users have calendars, where `ROSTER_TEST_CALENDARS` says nothing.
const USERS: usize = 20;
/// How many each of them has.
const EACH: usize = 3;

async fn round(api: &Api) -> (Refreshed, Usage) {
    round_of(api, Client::new(Targets::Any).unwrap()).await
}

async fn round_of(api: &Api, client: Client) -> (Refreshed, Usage) {
    let refresher = Refresher {
        app: api.app(),
        client: &client,
        deadline: Instant::now() + Duration::from_mins(10),
    };
    let (refreshed, usage) = counted(refresher.refresh_due()).await;
    (refreshed.unwrap(), usage)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_costs_each_user_the_same_few_calls_and_units_however_many_there_are() {
    let users = std::env::var("ROSTER_TEST_CALENDARS");
    let users = users.map_or(USERS, |text| text.parse().unwrap());
    let api = Api::start().await;
    let client = api.organization();
    let server = Receiver::start().await;
    let weekly = event("weekly", day(1), "RRULE:FREQ=WEEKLY;COUNT=10\r\n");
    server.answers(Reaction {
        headers: vec![("etag", "\"1\"".to_owned())],
        ..text(calendar(&[weekly]))
    });
    let own = json!({ "source": "ics", "url": server.url });
    let own = json!({ "calendars": vec![own; EACH] });
    let batch = (0..users)
        .map(|number| json!({ "user": { "email": format!("user-{number}@example.com") } }));
    let batch: Vec<_> = batch.collect();
    for batch in batch.chunks(100) {
        let made = client.post("/v2/users/batch", &json!(batch)).await;
        for one in made.json().as_array().unwrap() {
            let id = one["user"]["_id"].as_str().unwrap();
            let path = format!("/v2/users/{id}/calendars");
            client.put(&path, &own).await.ok();
        }
    }
    let mut printed = Vec::new();
    for (what, days) in [("the first", 10), ("nothing new", 0)] {
        let begun = Instant::now();
        let (refreshed, usage) = round(&api).await;
        let took = begun.elapsed();
        assert_eq!(
            refreshed,
            Refreshed {
                users,
                calendars: users * EACH,
                broken: 0,
                days: users * days,
            }
        );
        let each = |total: f64| total / f64::from(u32::try_from(users).unwrap());
        let (calls, reads, writes) = (
            each(f64::from(usage.calls)),
            each(usage.read_units),
            each(usage.write_units),
        );
        printed.push(format!(
            "{what}: {users} users with {EACH} calendars in {took:?}; each {calls:.1} calls, \
             {reads:.1} read and {writes:.1} write units"
        ));
        // The calendars, the user with the organization, the agenda, its days, the calendars.
        let days = f64::from(u32::try_from(days).unwrap());
        assert!(calls <= 5.0 + days, "{printed:?}");
        // DynamoDB Local counts more for a transaction than DynamoDB does.
        assert!(reads <= 8.0 && writes <= 26.0 + days, "{printed:?}");
        api.forward(SignedDuration::from_mins(17));
        server.answers(Reaction::status(304));
    }
    println!("{}", printed.join("\n"));
    let (refreshed, usage) = round(&api).await;
    assert_eq!(refreshed.users, users);
    api.forward(SignedDuration::from_secs(1));
    let (refreshed, idle) = round(&api).await;
    assert_eq!(refreshed, Refreshed::default(), "nothing is due");
    assert!(
        idle.read_units <= 2.0 && idle.calls < usage.calls,
        "{idle:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_holds_up_nobody_elses_calendar() {
    let api = Api::start().await;
    let silent = Receiver::start_silent().await;
    let stuck = Owner::new(&api, "stuck").await;
    stuck
        .set(json!([{ "source": "ics", "url": silent.url }]))
        .await;
    let other = Owner::new(&api, "other").await;
    other
        .server
        .answers(text(calendar(&[event("one", day(30), "")])));
    let own = json!({ "source": "ics", "url": other.server.url });
    other.set(json!([own])).await;
    let reads = round(&api);
    let looks = async {
        silent.has(1).await;
        while !other.is_busy(day(30)).await {
            tokio::task::yield_now().await;
        }
        assert_eq!(stuck.shown().await["last_success"], json!(null));
        silent.release();
    };
    let ((refreshed, _), ()) = futures_util::future::join(reads, looks).await;
    assert_eq!((refreshed.users, refreshed.calendars), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn once_a_few_have_waited_for_a_server_in_vain_nobody_else_does_in_that_round() {
    const USERS: usize = 60;
    let api = Api::start().await;
    let client = api.organization();
    let silent = Receiver::start_silent().await;
    let own = json!({ "calendars": [{ "source": "ics", "url": silent.url }] });
    for number in 0..USERS {
        let user = client
            .new_user_id(&format!("user-{number}@example.com"))
            .await;
        let path = format!("/v2/users/{user}/calendars");
        client.put(&path, &own).await.ok();
    }
    let impatient = Client::waiting(Targets::Any, Duration::from_millis(300));
    let (refreshed, _) = round_of(&api, impatient.unwrap()).await;
    assert_eq!((refreshed.users, refreshed.broken), (USERS, USERS));
    let waited = silent.received().len();
    assert!(waited < USERS, "{waited} waited");
}
