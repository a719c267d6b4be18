//! What a search offers can be booked, and what it does not offer cannot.

use jiff::{civil, tz::TimeZone};
use roster_domain::bookings::availability::Weekday;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields};

/// Slot hours of each day of the week.
fn daily(start: &str, end: &str) -> Value {
    let slots = json!([{ "start_time": start, "end_time": end }]);
    let day = json!({ "enabled": true, "slots": slots });
    let days = Weekday::ALL.map(|(_, name)| name);
    Value::Object(
        days.map(|name| (name.to_owned(), day.clone()))
            .into_iter()
            .collect(),
    )
}

async fn user(client: &Client<'_>, name: &str, availability: Value) -> String {
    let email = format!("{name}@example.com");
    let body = json!({ "user": { "email": email }, "availability": availability });
    client.post("/v2/users", &body).await.created().id()
}

async fn team(client: &Client<'_>, members: &[&str], rules: Value) -> String {
    let body = json!({ "extid": "team", "name": "Team", "members": members });
    let team = client.new_team(body).await.id().to_owned();
    let path = format!("/v2/teams/{team}");
    client
        .put(&path, &json!({ "assignment": rules }))
        .await
        .ok();
    team
}

async fn book(client: &Client<'_>, team: &str, start: &str, end: &str) -> Answer {
    let body = json!({
        "title": "Demo", "created_by": { "email": "zoe@example.org" },
        "dates": [{ "date": start, "end_date": end }],
    });
    client
        .post(&format!("/v2/teams/{team}/events"), &body)
        .await
}

/// When the slots of an answer start.
fn starts(slots: &Value) -> Vec<&str> {
    let slots = slots.as_array().unwrap().iter();
    slots.map(|slot| slot["start"].field("dateTime")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_time_that_is_offered_is_booked_and_each_other_is_refused_as_explained() {
    let api = Api::start().await;
    let client = api.organization();
    let early = json!({
        "timezone": "Europe/Paris", "days": daily("09:00", "12:00"), "buffer_after": 15,
    });
    let late = json!({ "timezone": "America/New_York", "days": daily("04:00", "08:00") });
    let (first, second) = (
        user(&client, "first", early).await,
        user(&client, "second", late).await,
    );
    let rules = json!({ "members": { (&first): { "max_per_day": 2 } } });
    let team = team(&client, &[&first, &second], rules).await;
    let organization = client.get("/v2/auth/test").await.json().id().to_owned();
    for (owner, from, to) in [
        (format!("users/{first}"), "10:15", "10:30"),
        (format!("users/{second}"), "05:00", "05:30"),
        (format!("teams/{team}"), "11:00:00Z", "11:15:00Z"),
        (
            format!("organizations/{organization}"),
            "12:00:00Z",
            "12:15:00Z",
        ),
    ] {
        let [from, to] = [from, to].map(|time| format!("2030-01-09T{time}"));
        let off = json!({ "from": from, "to": to });
        client
            .post(&format!("/v2/{owner}/time-off"), &off)
            .await
            .created();
    }
    let taken = ("2030-01-09T09:00:00Z", "2030-01-09T09:30:00Z");
    book(&client, &team, taken.0, taken.1).await.created();

    let query = format!(
        "/v2/slots?team={team}&duration=30&step=15&timezone=UTC&from=2030-01-09&to=2030-01-09"
    );
    // Until nothing is left: each booking changes what can be booked.
    for _ in 0..20 {
        let found = client
            .get(&format!("{query}&explain=true"))
            .await
            .ok()
            .json();
        let offered = starts(&found["slots"]);
        let refused = found["explain"].as_array().unwrap();
        for quarter in 0..40 {
            let at = |minutes: u32| {
                let minutes = 7 * 60 + minutes;
                format!(
                    "2030-01-09T{:02}:{:02}:00+00:00",
                    minutes / 60,
                    minutes % 60
                )
            };
            let (start, end) = (at(quarter * 15), at(quarter * 15 + 30));
            if offered.contains(&start.as_str()) {
                continue;
            }
            let answer = book(&client, &team, &start, &end).await;
            assert_eq!(answer.status, 409, "{start}: {}", answer.text);
            for considered in answer.json()["considered"].as_array().unwrap() {
                let told = |stretch: &&Value| {
                    stretch["user"] == considered["user"]
                        && stretch["start"].field("dateTime") <= start.as_str()
                        && end.as_str() <= stretch["end"].field("dateTime")
                };
                // A time that no opening leads to is explained by nobody.
                if let Some(stretch) = refused.iter().find(told) {
                    assert_eq!(stretch["reason"], considered["reason"], "{start} {found}");
                }
            }
        }
        let Some(slot) = found["slots"].as_array().unwrap().last() else {
            assert_eq!(
                found["nextAvailability"]["start"]["dateTime"],
                "2030-01-10T08:00:00+00:00"
            );
            return;
        };
        let [start, end] = ["start", "end"].map(|name| slot[name].field("dateTime").to_owned());
        book(&client, &team, &start, &end).await.created();
    }
    panic!("the day has no end");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_users_are_offered_when_all_are_free_and_busy_when_one_is() {
    let api = Api::start().await;
    let client = api.organization();
    let hours = |start, end| json!({ "timezone": "Europe/Paris", "days": daily(start, end) });
    let first = user(&client, "first", hours("09:00", "11:00")).await;
    let second = user(&client, "second", hours("10:00", "12:00")).await;
    let days = "from=2030-01-09&to=2030-01-09&timezone=Europe/Paris";
    for whose in [
        format!("users={first},{second}"),
        "emails=first@example.com,SECOND@example.com".to_owned(),
    ] {
        let found = client
            .get(&format!("/v2/slots?{whose}&duration=30&{days}"))
            .await
            .ok();
        let found = found.json();
        let expected = ["2030-01-09T10:00:00+01:00", "2030-01-09T10:30:00+01:00"];
        assert_eq!(starts(&found["slots"]), expected);
        assert_eq!(found.get("nextAvailability"), None);
        let (zone, from) = (&found["timezone"], &found["from"]);
        assert_eq!((zone, from), (&json!("Europe/Paris"), &json!("2030-01-09")));
        let busy = client
            .get(&format!("/v2/busy?{whose}&{days}"))
            .await
            .ok()
            .json();
        let slots = busy["slots"].as_array().unwrap();
        let told: Vec<_> = slots
            .iter()
            .map(|slot| {
                (
                    slot["start"].field("dateTime"),
                    slot["end"].field("dateTime"),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("2030-01-09T00:00:00+01:00", "2030-01-09T10:00:00+01:00"),
                ("2030-01-09T11:00:00+01:00", "2030-01-10T00:00:00+01:00"),
            ]
        );
    }
    let team = team(&client, &[&first, &second], json!({})).await;
    let busy = client
        .get(&format!("/v2/busy?team={team}&{days}"))
        .await
        .ok()
        .json();
    assert_eq!(
        starts(&busy["slots"]),
        ["2030-01-09T00:00:00+01:00", "2030-01-09T12:00:00+01:00"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_in_the_zone_of_the_one_user_who_is_asked_for() {
    let api = Api::start().await;
    let client = api.organization();
    let hours = json!({ "timezone": "Australia/Lord_Howe", "days": daily("01:00", "04:00") });
    let one = user(&client, "one", hours).await;
    // Half an hour is skipped at 02:00.
    let query = format!("users={one}&duration=60&from=2026-10-04&to=2026-10-04");
    let found = client.get(&format!("/v2/slots?{query}")).await.ok().json();
    assert_eq!(found["timezone"], "Australia/Lord_Howe");
    let expected = ["2026-10-04T01:00:00+10:30", "2026-10-04T02:30:00+11:00"];
    assert_eq!(starts(&found["slots"]), expected);
    let by_day = client
        .get(&format!("/v2/slots/days?{query}"))
        .await
        .ok()
        .json();
    assert_eq!(by_day["days"]["2026-10-04"]["slots"], found["slots"]);
    let answer = client.get(&format!("/v2/slots?{query}&limit=1")).await;
    assert_eq!(answer.json()["slots"].as_array().unwrap().len(), 1);
    assert_eq!(answer.header("cache-control"), Some("private, max-age=5"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_day_that_has_any_time_is_found_within_a_year_and_no_further() {
    let api = Api::start().await;
    let client = api.organization();
    let hours = json!({ "days": { "monday": { "enabled": true, "slots": [
        { "start_time": "09:00", "end_time": "11:00" },
    ] } } });
    let one = user(&client, "one", hours).await;
    let team = team(&client, &[&one], json!({ "minimum_notice": 100_000 })).await;
    // From a Sunday's midnight on, the notice does not end within hours of a Monday.
    let today = api.now().to_zoned(TimeZone::UTC);
    let sunday = today.nth_weekday(1, civil::Weekday::Sunday).unwrap();
    let sunday = sunday.start_of_day().unwrap().timestamp();
    api.forward(api.now().duration_until(sunday));
    let next = client
        .get(&format!("/v2/slots/next?team={team}&duration=60"))
        .await
        .ok()
        .json();
    let slots = starts(&next["slots"]);
    assert_eq!(slots.len(), 2, "{next}");
    // Nobody has any hours.
    let never = json!({ "availability": { "days": {} } });
    let monday = json!({ "availability": { "days": { "monday": null } } });
    let path = format!("/v2/users/{one}");
    client.put(&path, &monday).await.ok();
    client.put(&path, &never).await.ok();
    let next = client
        .get(&format!("/v2/slots/next?team={team}&duration=60"))
        .await
        .ok()
        .json();
    assert_eq!(next["slots"], json!([]));
    let none = format!("/v2/slots?team={team}&duration=60&from=2030-01-09&to=2030-01-09");
    let none = client.get(&none).await.ok().json();
    assert_eq!(none["nextAvailability"], Value::Null);
    assert!(none.as_object().unwrap().contains_key("nextAvailability"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_names_the_parameter_that_is_wrong() {
    let api = Api::start().await;
    let client = api.organization();
    let one = user(&client, "one", json!({})).await;
    let base = format!("users={one}&duration=30&from=2030-01-09&to=2030-01-10");
    let with = |from: &str, to: &str| base.replace(from, to);
    let people: Vec<String> = (0..51)
        .map(|n| format!("5f0d7eb02003d0f6e32a96{n:02}"))
        .collect();
    for (query, status, name) in [
        (with(&format!("users={one}&"), ""), 400, "users"),
        (
            format!("{base}&team=5f0d7eb02003d0f6e32a9629"),
            400,
            "users",
        ),
        (with(&one, "x"), 400, "users"),
        (with(&one, "5f0d7eb02003d0f6e32a9629"), 422, "users"),
        (with(&one, &people.join(",")), 400, "users"),
        (
            with(&format!("users={one}"), "emails=nobody@example.com"),
            422,
            "emails",
        ),
        (with("&duration=30", ""), 400, "duration"),
        (with("duration=30", "duration=0"), 400, "duration"),
        (with("duration=30", "duration=1441"), 400, "duration"),
        (format!("{base}&step=4"), 400, "step"),
        (format!("{base}&limit=0"), 400, "limit"),
        (format!("{base}&explain=yes"), 400, "explain"),
        (format!("{base}&timezone=Paris"), 400, "timezone"),
        (with("from=2030-01-09", "from=2030-1-9"), 400, "from"),
        (
            with("from=2030-01-09", "from=2030-01-09T00:00:00Z"),
            400,
            "from",
        ),
        (with("&to=2030-01-10", ""), 400, "to"),
        (with("to=2030-01-10", "to=2030-01-08"), 400, "to"),
        (with("to=2030-01-10", "to=2030-03-12"), 400, "to"),
        (format!("{base}&days=1"), 400, "days"),
    ] {
        let answer = client.get(&format!("/v2/slots?{query}")).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text);
        assert!(
            answer.text.contains(&format!("\"parameter\":\"{name}\"")),
            "{}",
            answer.text
        );
    }
    let longest = with("to=2030-01-10", "to=2030-03-11");
    client.get(&format!("/v2/slots?{longest}")).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_stays_within_its_round_trips_and_units() {
    let api = Api::start().await;
    let client = api.organization();
    let users: Vec<_> = (0..50)
        .map(|n| json!({ "user": { "email": format!("{n}@example.com") } }))
        .collect();
    let made = client.post("/v2/users/batch", &json!(users)).await.json();
    let made = made.as_array().unwrap().iter();
    let members: Vec<_> = made.map(|one| one["user"].id()).collect();
    let team = team(&client, &members, json!({})).await;
    for day in 1..20 {
        let at = |minute| format!("2030-01-{day:02}T10:{minute}:00Z");
        book(&client, &team, &at("00"), &at("30")).await.created();
    }
    let days = "duration=30&from=2030-01-01&to=2030-01-31";
    let cost = client
        .get(&format!("/v2/slots?team={team}&{days}"))
        .await
        .cost();
    assert!(cost.round_trips <= 4 && cost.read < 120.0, "{cost:?}");
    let one = members[0];
    let week = format!("/v2/slots?users={one}&duration=30&from=2030-01-01&to=2030-01-07");
    let cost = client.get(&week).await.cost();
    assert!(cost.round_trips <= 2 && cost.read <= 4.0, "{cost:?}");
    let wide = json!({ "members": members, "admins": [] });
    let more = client.new_user_id("more@example.com").await;
    let mut all = wide["members"].as_array().unwrap().clone();
    all.push(json!(more));
    client
        .put(&format!("/v2/teams/{team}"), &json!({ "members": all }))
        .await
        .ok();
    let refused = client.get(&format!("/v2/slots?team={team}&{days}")).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
}
