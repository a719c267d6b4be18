//! Who gets a booking.

use serde_json::{Value, json};

use super::{booking, hour, setup};
use crate::harness::{Api, fixtures::Fields};

#[tokio::test(flavor = "multi_thread")]
async fn balanced_shares_evenly_and_its_ledger_sums_to_zero() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({})).await;
    let mut counts = [0; 3];
    for day in 1..=12 {
        let (start, end) = hour(day, 10);
        counts[team.assigned(&client, &[(&start, &end)]).await] += 1;
    }
    assert_eq!(counts, [4, 4, 4]);
    let shown = client
        .get(&format!("{}/assignments", team.path))
        .await
        .json();
    let ledger = shown["ledger"].as_array().unwrap();
    assert_eq!(
        ledger
            .iter()
            .map(|account| account["balance"].as_i64().unwrap())
            .sum::<i64>(),
        0
    );
    assert_eq!(shown["bookings"], 12);
    assert_eq!(shown["decisions"].as_array().unwrap().len(), 12);
    assert_eq!(shown["decisions"][0]["number"], 12, "newest first");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_explains_every_member() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({})).await;
    let (start, end) = hour(1, 10);
    team.assigned(&client, &[(&start, &end)]).await;
    let answer = team.book(&client, &[(&start, &end)]).await.json();
    let considered = answer["assignment"]["considered"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(considered.len(), 3);
    let busy = &considered[0];
    assert_eq!(busy["user"], team.members[0]);
    assert_eq!(busy["eligible"], false);
    assert_eq!(
        busy["ledger_before"], busy["ledger_after"],
        "who could not take it owes nothing"
    );
    for entry in &considered {
        assert!(!entry.field("reason").is_empty());
    }
    assert_eq!(answer["assignment"]["member"], answer["created_by"]["user"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_answered_only_when_nobody_is_free_with_each_reason() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({})).await;
    let (start, end) = hour(1, 10);
    for _ in 0..3 {
        team.assigned(&client, &[(&start, &end)]).await;
    }
    let refused = team
        .book(&client, &[("2030-01-01T10:59:00Z", "2030-01-01T11:30:00Z")])
        .await;
    assert_eq!(refused.status, 409);
    let considered = refused.json()["considered"].as_array().unwrap().clone();
    assert_eq!(considered.len(), 3, "{}", refused.text);
    assert!(
        considered
            .iter()
            .all(|entry| entry["reason"].as_str().is_some_and(|r| !r.is_empty()))
    );
    let after = team
        .book(&client, &[("2030-01-01T11:00:00Z", "2030-01-01T11:30:00Z")])
        .await;
    assert_eq!(after.status, 201, "what only touches does not overlap");
}

#[tokio::test(flavor = "multi_thread")]
async fn round_robin_keeps_the_order_and_skips_who_is_not_free() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({ "strategy": "round_robin" })).await;
    let (start, end) = hour(1, 10);
    let mut order = Vec::new();
    for _ in 0..2 {
        order.push(team.assigned(&client, &[(&start, &end)]).await);
    }
    for day in 2..=5 {
        let (start, end) = hour(day, 10);
        order.push(team.assigned(&client, &[(&start, &end)]).await);
    }
    assert_eq!(order, [0, 1, 2, 0, 1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn priority_asks_the_highest_tier_with_somebody_free() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({})).await;
    let rules = json!({ "assignment": { "strategy": "priority", "members": {
        &team.members[1]: { "priority": 5 }, &team.members[2]: { "priority": 9, "max_per_day": 1 },
    } } });
    let changed = client.put(&team.path, &rules).await.ok();
    assert_eq!(
        changed.json()["assignment"]["members"][&team.members[2]]["max_per_day"],
        1
    );
    let mut order = Vec::new();
    for _ in 0..3 {
        let (start, end) = hour(1, 10);
        order.push(team.assigned(&client, &[(&start, &end)]).await);
    }
    assert_eq!(order, [2, 1, 0]);
    let (start, end) = hour(1, 15);
    assert_eq!(
        team.assigned(&client, &[(&start, &end)]).await,
        1,
        "2 has had one that day"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn first_available_prefers_who_can_take_the_earliest_date() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({ "strategy": "first_available" })).await;
    let (first, second) = (hour(1, 10), hour(2, 10));
    let taken = team.assigned(&client, &[(&first.0, &first.1)]).await;
    // The other one is owed nothing more and still gets it: the first date.
    let dates = [(&*second.0, &*second.1), (&*first.0, &*first.1)];
    assert_eq!(team.assigned(&client, &dates).await, 1 - taken);
}

#[tokio::test(flavor = "multi_thread")]
async fn weights_share_in_proportion_and_weight_zero_takes_nothing() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({})).await;
    let rules = json!({ "assignment": { "members": {
        &team.members[0]: { "weight": 2 }, &team.members[2]: { "weight": 0 },
    } } });
    client.put(&team.path, &rules).await.ok();
    let mut counts = [0; 3];
    for day in 1..=9 {
        let (start, end) = hour(day, 10);
        counts[team.assigned(&client, &[(&start, &end)]).await] += 1;
    }
    assert_eq!(counts, [6, 3, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_validated_shown_with_defaults_and_cleared_with_null() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!(null)).await;
    let shown = client.get(&team.path).await.json()["assignment"].clone();
    let defaults = json!({
        "strategy": "balanced", "minimum_notice": 0, "respect_availability": true,
        "stale_calendars": "ignore", "credit": ["cancelled", "no_show"], "members": {},
    });
    assert_eq!(shown, defaults);
    let stranger = "f".repeat(24);
    for (rules, pointer) in [
        (
            json!({ "strategy": "fastest" }),
            "/assignment/strategy".to_owned(),
        ),
        (
            json!({ "minimum_notice": -1 }),
            "/assignment/minimum_notice".to_owned(),
        ),
        (
            json!({ "members": { &stranger: { "weight": 1 } } }),
            format!("/assignment/members/{stranger}"),
        ),
        (
            json!({ "members": { &team.members[0]: { "weight": 1001 } } }),
            format!("/assignment/members/{}/weight", team.members[0]),
        ),
        (
            json!({ "members": { "me": { "weight": 1 } } }),
            "/assignment/members/me".to_owned(),
        ),
        (
            json!({ "stragety": "balanced" }),
            "/assignment/stragety".to_owned(),
        ),
    ] {
        let refused = client
            .put(&team.path, &json!({ "assignment": rules }))
            .await;
        assert!(refused.status.is_client_error(), "{rules}");
        assert_eq!(refused.places(), [pointer]);
    }
    let set = json!({ "assignment": { "strategy": "priority", "minimum_notice": "30" } });
    let set = client.put(&team.path, &set).await.json()["assignment"].clone();
    assert_eq!(
        (&set["strategy"], &set["minimum_notice"]),
        (&json!("priority"), &json!(30))
    );
    let cleared = client
        .put(&team.path, &json!({ "assignment": null }))
        .await
        .json();
    assert_eq!(cleared["assignment"], defaults);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_is_asked_for_gets_it_or_nobody_does() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({})).await;
    let (start, end) = hour(1, 10);
    let mut body = booking(&[(&start, &end)]);
    body["created_by"]["email"] = json!("MEMBER2@example.com");
    let made = team.post(&client, &body).await.created();
    let made = made.json();
    assert_eq!(made["created_by"]["user"], team.members[2]);
    assert_eq!(
        made["invitees"].as_array().unwrap().len(),
        1,
        "asked for, so nobody else takes part"
    );
    let refused = team.post(&client, &body).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert!(refused.json().field("detail").contains(&team.members[2]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unlinked_members_events_are_listed_and_move_by_the_same_rules() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    let (start, end) = hour(1, 10);
    let made = team.book(&client, &[(&start, &end)]).await.json();
    let (event, left) = (made.id(), made["created_by"].field("user"));
    let unlinked = client.delete(&format!("/v2/users/{left}")).await.json();
    let listed: Vec<_> = unlinked["events_to_reassign"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["_id"].clone())
        .collect();
    assert_eq!(listed, [event]);

    let path = format!("{}/events/{event}/reassign", team.path);
    let moved = client
        .send(reqwest::Method::POST, &path, None, &[])
        .await
        .ok();
    let moved = moved.json();
    let other = team.members.iter().find(|member| *member != left).unwrap();
    assert_eq!(moved["created_by"]["user"], json!(other));
    assert_eq!(
        moved["invitees"].as_array().unwrap().len(),
        2,
        "the person who booked stays"
    );
    let busy = team.book(&client, &[(&start, &end)]).await;
    assert_eq!(busy.status, 409, "the new member's time is reserved");
    let again = client.send(reqwest::Method::POST, &path, None, &[]).await;
    assert_eq!(again.status, 409, "nobody else is left: {}", again.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reassigned_booking_frees_the_first_member_and_is_taken_back_in_the_ledger() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    let (start, end) = hour(1, 10);
    let made = team.book(&client, &[(&start, &end)]).await.json();
    let (event, first) = (made.id(), made["created_by"]["user"].clone());
    let path = format!("{}/events/{event}/reassign", team.path);
    let moved = client
        .send(reqwest::Method::POST, &path, None, &[])
        .await
        .json();
    assert_ne!(moved["created_by"]["user"], first);
    let shown = client
        .get(&format!("{}/assignments", team.path))
        .await
        .json();
    let balance = |user: &Value| {
        let ledger = shown["ledger"].as_array().unwrap().clone();
        let account = ledger
            .into_iter()
            .find(|account| account["user"] == *user)
            .unwrap();
        (
            account["balance"].as_i64().unwrap(),
            account["assigned"].as_i64().unwrap(),
        )
    };
    // The second booking was the second member's alone to take.
    assert_eq!(
        (balance(&first), balance(&moved["created_by"]["user"])),
        ((0, 0), (0, 1))
    );
    let free = team.book(&client, &[(&start, &end)]).await.json();
    assert_eq!(free["created_by"]["user"], first, "its time is free again");
}
