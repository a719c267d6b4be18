//! The rules by which members get events, and reassigning one.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    events::{booking, events, host},
    refused,
};
use crate::harness::{Api, fixtures::Fields};

const UNKNOWN: &str = "5f5e10000000000000000000";

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_of_a_team_are_for_its_members_and_within_their_ranges() {
    let api = Api::start().await;
    let client = api.organization();
    let (member, other) = (
        client.new_user_id("a@x.org").await,
        client.new_user_id("b@x.org").await,
    );
    let body = json!({ "extid": "t", "name": "Team", "members": [member] });
    let team = client.new_team(body).await;
    let path = format!("/v2/teams/{}", team.id());
    let own = |rules: Value| json!({ "members": { &member: rules } });
    let at = |name: &str| format!("/assignment/members/{member}/{name}");
    for (assignment, status, place) in [
        (
            json!({ "strategy": "lottery" }),
            422,
            "/assignment/strategy".to_owned(),
        ),
        (
            json!({ "minimum_notice": -1 }),
            400,
            "/assignment/minimum_notice".to_owned(),
        ),
        (
            json!({ "minimum_notice": 525_601 }),
            422,
            "/assignment/minimum_notice".to_owned(),
        ),
        (
            json!({ "members": { &other: {} } }),
            422,
            format!("/assignment/members/{other}"),
        ),
        (
            json!({ "members": { UNKNOWN: { "weight": 1 } } }),
            422,
            format!("/assignment/members/{UNKNOWN}"),
        ),
        (
            json!({ "members": { "x": {} } }),
            422,
            "/assignment/members/x".to_owned(),
        ),
        (own(json!({ "weight": 1_001 })), 422, at("weight")),
        (own(json!({ "priority": 1_001 })), 422, at("priority")),
        (own(json!({ "max_per_day": 0 })), 422, at("max_per_day")),
        (
            own(json!({ "max_per_week": 1_001 })),
            422,
            at("max_per_week"),
        ),
        (own(json!({ "wieght": 1 })), 400, at("wieght")),
    ] {
        let body = json!({ "assignment": assignment });
        let refusal = refused(&client, Method::PUT, &path, Some(&body)).await;
        assert_eq!(refusal.status, status, "{body}: {}", refusal.problem);
        assert_eq!(refusal.pointers(), [place], "{body}");
    }
    assert_eq!(client.get(&path).await.json(), team, "nothing changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_reassigned_within_the_team_that_it_was_booked_with() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events(&client, host()).await;
    let event = client.post(&path, &booking(json!({}))).await.json();
    let event = event.id();
    let other = client
        .new_team(json!({ "extid": "other", "name": "Other" }))
        .await;
    let other = other.id();
    for path in [
        format!("/v2/teams/{other}/events/{event}/reassign"),
        format!("/v2/teams/{UNKNOWN}/events/{event}/reassign"),
        format!("{path}/{UNKNOWN}/reassign"),
    ] {
        let refusal = refused(&client, Method::POST, &path, None).await;
        assert_eq!(refusal.status, 404, "{path}");
    }
    for unknown in ["events", "assignments"] {
        let path = format!("/v2/teams/{UNKNOWN}/{unknown}");
        let refusal = refused(&client, Method::GET, &path, None).await;
        assert_eq!(refusal.status, 404, "{path}");
    }
}
