//! What it means that a member's own calendar has not been read for long.

use jiff::SignedDuration;
use serde_json::json;

use super::calendars::{Owner, SOON, calendar, day, event, pass};
use crate::{
    harness::{Api, fixtures::Fields},
    hooks::receiver::Reaction,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_team_that_refuses_stale_calendars_books_nobody_whose_was_not_read_for_an_hour() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = Owner::with(&api, "ada", calendar(&[event("one", day(30), "")])).await;
    let team = format!("/v2/teams/{}", owner.team);
    let rule = |stale: &str| json!({ "assignment": { "stale_calendars": stale } });
    owner.client.put(&team, &rule("refuse")).await.ok();
    let reason = "the member's calendar has not been read for an hour";
    let date = day(37);
    let query = format!(
        "/v2/slots?team={}&duration=30&from={date}&to={date}&explain=true",
        owner.team
    );
    // It was never read, it is fresh, and it was read too long ago.
    for (is_stale, passes) in [(true, SOON), (false, SignedDuration::from_hours(2))] {
        let refused = owner.book(day(37), 10).await;
        let found = owner.client.get(&query).await.ok().json();
        if is_stale {
            assert_eq!(refused.json()["considered"][0]["reason"], reason);
            assert_eq!(found["explain"][0]["code"], "stale_calendar");
            assert_eq!(found["slots"], json!([]));
            assert_eq!(found["calendars"][0]["user"], *owner.user);
            assert_eq!(found["calendars"][0]["last_success"], json!(null));
        } else {
            refused.created();
            assert!(!found["slots"].as_array().unwrap().is_empty());
            assert!(found["calendars"][0]["last_success"].is_string(), "{found}");
            assert_eq!(found["calendars"][0]["access_broken"], false);
            owner.server.answers(Reaction::status(500));
        }
        pass(&api, passes).await;
    }
    let refused = owner.book(day(38), 10).await;
    assert_eq!(refused.json()["considered"][0]["reason"], reason);
    // What is known is told first.
    let refused = owner.book(day(30), 10).await;
    let known = "the member is busy in their calendar at that time";
    assert_eq!(refused.json()["considered"][0]["reason"], known);
    owner.client.put(&team, &rule("ignore")).await.ok();
    owner.book(day(38), 10).await.created();
    // What does not count need not be fresh.
    owner.client.put(&team, &rule("refuse")).await.ok();
    let id = owner.shown().await.id().to_owned();
    let quiet = json!([{ "_id": id, "subcalendars": [{ "busy": false }] }]);
    owner.set(quiet).await;
    owner.book(day(39), 10).await.created();
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_asks_who_is_free_goes_by_the_teams_rule_on_stale_calendars() {
    let api = Api::start().await;
    let owner = Owner::with(&api, "ada", calendar(&[])).await;
    let other = owner.client.new_user_id("bob@example.com").await;
    let team = format!("/v2/teams/{}", owner.team);
    let rule = json!({
        "members": [owner.user, other], "assignment": { "stale_calendars": "refuse" },
    });
    owner.client.put(&team, &rule).await.ok();
    // Ada's calendar was never read.
    let booked = owner.book(day(30), 10).await.created().json();
    assert_eq!(booked["created_by"]["user"], *other);
    let (date, id) = (day(30), booked.id());
    for (path, empty) in [
        (format!("slots?duration=30&from={date}&to={date}"), false),
        (
            format!("slots/days?duration=30&from={date}&to={date}"),
            false,
        ),
        ("slots/next?duration=30".to_owned(), true),
        (format!("busy?from={date}&to={date}"), true),
    ] {
        let found = owner
            .client
            .get(&format!("/v2/{path}&team={}", owner.team))
            .await;
        assert!(
            found.ok().text.contains(&date.to_string()) || empty,
            "{path}"
        );
    }
    let hour = json!({
        "date": format!("{date}T10:00:00Z"), "end_date": format!("{date}T11:00:00Z"),
    });
    let mut hold = json!({ "team": owner.team, "minutes": 30 });
    hold.as_object_mut()
        .unwrap()
        .extend(hour.as_object().unwrap().clone());
    let held = owner.client.post("/v2/slots/holds", &hold).await;
    assert_eq!(held.status, 409, "bob is booked: {}", held.text);
    assert!(held.text.contains("has not been read for an hour"));
    let preview = json!({ "title": "Demo", "dates": [hour] });
    let path = format!("{team}/assignments/preview");
    assert_eq!(owner.client.post(&path, &preview).await.status, 409);
    let path = format!("{team}/events/{id}/reassign");
    assert_eq!(owner.client.post_nothing(&path).await.status, 409);
    let off = json!({ "from": date });
    let path = format!("/v2/users/{other}/time-off");
    let off = owner.client.post(&path, &off).await.created().id();
    let given = owner
        .client
        .post_nothing(&format!("{path}/{off}/reassign"))
        .await;
    assert_eq!(given.json()[0]["status"], 409, "{}", given.text);
}
