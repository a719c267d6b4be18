//! Cancelling, and noting that nobody came.

use jiff::SignedDuration;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_event_frees_its_time_and_is_taken_back_exactly() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    book(&client, &team, 1, 10).await;
    let before = balances(&client, &team).await;
    let event = book(&client, &team, 1, 10).await;
    let (start, end) = hour(1, 10);
    assert_eq!(team.book(&client, &[(&start, &end)]).await.status, 409);

    let cancelled = change(&client, &event, "cancel", &json!({})).await.ok();
    assert_eq!(cancelled.text, "OK");
    assert_eq!(balances(&client, &team).await, before);
    let shown = now(&client, &event).await;
    let at = shown.field("cancelled").to_owned();
    assert_eq!(
        (&shown["ics_sequence"], &shown["__v"]),
        (&json!(1), &json!(1))
    );
    let again = book(&client, &team, 1, 10).await;
    assert_eq!(member_of(&team, &again), member_of(&team, &event));

    change(&client, &event, "cancel", &json!({})).await.ok();
    let shown = now(&client, &event).await;
    assert_eq!((shown.field("cancelled"), &shown["__v"]), (&*at, &json!(1)));
    let told = client
        .get(&format!("{}/assignments", team.path))
        .await
        .json();
    let told = &told["decisions"][1];
    assert_eq!(told["taken_back"], "cancelled");
    assert_eq!(told["member"], event["created_by"]["user"]);
    assert_eq!(told["event"], event["_id"]);
    for what in ["confirm", "no-show"] {
        let refused = change(&client, &event, what, &json!({})).await;
        assert_eq!(refused.status, 409, "{what}");
        assert!(refused.text.contains("cancelled"), "{}", refused.text);
    }
    assert_eq!(
        change(&client, &event, "reschedule", &date(2, 9))
            .await
            .status,
        409
    );
    let reassign = format!("{}/events/{}/reassign", team.path, event.id());
    assert_eq!(client.post_nothing(&reassign).await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_can_keep_the_charge_of_what_was_cancelled_or_missed() {
    let api = Api::start().await;
    let client = api.organization();
    for credit in [
        json!(["cancelled", "no_show"]),
        json!(["no_show"]),
        json!([]),
    ] {
        let rules = json!({ "credit": credit });
        let users: Vec<Value> = client
            .get("/v2/users")
            .await
            .json()
            .as_array()
            .unwrap()
            .clone();
        let team = if users.is_empty() {
            setup(&api, 2, rules).await
        } else {
            let members: Vec<String> = users.iter().map(|user| user.id().to_owned()).collect();
            let extid = credit.to_string();
            let body = json!({
                "extid": extid, "name": "Team", "members": members, "assignment": rules,
            });
            let made = client.new_team(body).await;
            Team {
                path: format!("/v2/teams/{}", made.id()),
                members,
            }
        };
        let is_credited = |outcome| credit.as_array().unwrap().contains(&json!(outcome));
        let event = book(&client, &team, 1, 10).await;
        change(&client, &event, "cancel", &json!({})).await.ok();
        let is_zero = balances(&client, &team).await == [0, 0];
        assert_eq!(is_zero, is_credited("cancelled"), "{credit}");

        let before = balances(&client, &team).await;
        let past = [("2020-01-15T10:00:00Z", "2020-01-15T11:00:00Z")];
        let event = team.book(&client, &past).await.created().json();
        let missed = change(&client, &event, "no-show", &json!({})).await.ok();
        assert!(missed.json()["no_show"].is_string());
        let is_back = balances(&client, &team).await == before;
        assert_eq!(is_back, is_credited("no_show"), "{credit}");
        // Once, however often it is noted; and the past stays reserved.
        change(&client, &event, "no-show", &json!({})).await.ok();
        let is_back = balances(&client, &team).await == before;
        assert_eq!(is_back, is_credited("no_show"), "{credit}");
        change(&client, &event, "cancel", &json!({})).await.ok();
        let is_back = balances(&client, &team).await == before;
        let either = is_credited("no_show") || is_credited("cancelled");
        assert_eq!(is_back, either, "{credit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_misses_what_has_not_started() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let start = api.now() + SignedDuration::from_mins(30);
    let end = start + SignedDuration::from_mins(30);
    let (start, end) = (start.to_string(), end.to_string());
    let event = team.book(&client, &[(&start, &end)]).await.created().json();
    let early = change(&client, &event, "no-show", &json!({})).await;
    assert_eq!(early.status, 409);
    assert_eq!(early.field("detail"), "the event has not started yet");
    api.forward(SignedDuration::from_mins(31));
    change(&client, &event, "no-show", &json!({})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_many_note_at_once_is_taken_back_once_each() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({})).await;
    let mut events = Vec::new();
    for day in 1..=30 {
        let at = |hour: u32| format!("2020-01-{day:02}T{hour:02}:00:00Z");
        let (start, end) = (at(10), at(11));
        events.push(team.book(&client, &[(&start, &end)]).await.created().json());
    }
    let nothing = json!({});
    let noted = events
        .iter()
        .map(|event| change(&client, event, "no-show", &nothing));
    for answer in futures_util::future::join_all(noted).await {
        answer.ok();
    }
    assert_eq!(balances(&client, &team).await, [0, 0, 0]);
}
