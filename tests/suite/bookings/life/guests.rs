//! Guests who are users of the organization: an event takes their time, too.

use super::*;

/// A team of one member, and a colleague with a team of their own.
async fn with_colleague(api: &Api) -> (Team, Team, String) {
    let client = api.organization();
    let team = setup(api, 1, json!({})).await;
    let colleague = client.new_user_id("colleague@example.com").await;
    let other = json!({ "extid": "2", "name": "Other", "members": [colleague] });
    let other = client.new_team(other).await;
    let other = Team {
        path: format!("/v2/teams/{}", other.id()),
        members: vec![colleague],
    };
    (team, other, "colleague@example.com".to_owned())
}

async fn invite(client: &Client<'_>, team: &Team, email: &str, day: u32) -> Value {
    let (start, end) = hour(day, 10);
    let mut body = booking(&[(&start, &end)]);
    body["invitees"] = json!([{ "email": email }, { "email": "zoe@example.org" }]);
    team.post(client, &body).await.created().json()
}

async fn can_book(client: &Client<'_>, team: &Team, day: u32) -> bool {
    let (start, end) = hour(day, 10);
    let answer = team.book(client, &[(&start, &end)]).await;
    let status = answer.status.as_u16();
    assert!([201, 409].contains(&status), "{}", answer.text);
    status == 201
}

fn invitee<'a>(event: &'a Value, email: &str) -> &'a Value {
    let invitees = event["invitees"].as_array().unwrap();
    let found = invitees.iter().find(|invitee| invitee["email"] == email);
    &found.expect("who is invited")["_id"]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_is_busy_until_they_decline_or_the_event_is_cancelled() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, other, email) = with_colleague(&api).await;
    let event = invite(&client, &team, &email, 1).await;
    assert!(!can_book(&client, &other, 1).await);
    let busy = "/v2/busy?emails=colleague@example.com&from=2030-01-01&to=2030-01-01";
    assert_eq!(
        client.get(busy).await.ok().json()["slots"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    let body = json!({ "invitee": invitee(&event, &email) });
    let declined = change(&client, &event, "decline", &body).await.ok().json();
    assert_eq!(declined["declines"][0]["user"], other.members[0]);
    assert_eq!(declined["declines"][0]["invitee"], body["invitee"]);
    assert!(declined.get("cancelled").is_none(), "somebody else comes");
    assert!(can_book(&client, &other, 1).await);

    let event = invite(&client, &team, &email, 2).await;
    change(&client, &event, "cancel", &json!({})).await.ok();
    assert!(can_book(&client, &other, 2).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guests_own_booking_does_not_refuse_an_event() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, other, email) = with_colleague(&api).await;
    assert!(can_book(&client, &other, 1).await);
    let event = invite(&client, &team, &email, 1).await;
    change(&client, &event, "confirm", &json!({})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_ends_with_the_last_guest_who_declines() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, _, email) = with_colleague(&api).await;
    let event = invite(&client, &team, &email, 1).await;
    for guest in ["booker@example.org", "zoe@example.org", &email] {
        assert!(now(&client, &event).await.get("cancelled").is_none());
        let body = json!({ "invitee": invitee(&event, guest) });
        change(&client, &event, "decline", &body).await.ok();
    }
    assert!(now(&client, &event).await["cancelled"].is_string());
    assert_eq!(balances(&client, &team).await, [0]);
    assert!(can_book(&client, &team, 1).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_event_and_who_is_not_invited_cannot_decline() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, _, email) = with_colleague(&api).await;
    let event = invite(&client, &team, &email, 1).await;
    let own = json!({ "invitee": event["invitees"][0]["_id"] });
    assert_eq!(change(&client, &event, "decline", &own).await.status, 409);
    let unknown = json!({ "invitee": "5f5e10000000000000000000" });
    let refused = change(&client, &event, "decline", &unknown).await;
    assert_eq!(
        (refused.status.as_u16(), refused.places()),
        (422, vec!["/invitee".to_owned()])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_move_with_the_event() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, other, email) = with_colleague(&api).await;
    let event = invite(&client, &team, &email, 1).await;
    change(&client, &event, "reschedule", &date(2, 10))
        .await
        .ok();
    assert!(can_book(&client, &other, 1).await);
    assert!(!can_book(&client, &other, 2).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_permissions_changes_what_they_have_or_decline_and_no_more() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, other, email) = with_colleague(&api).await;
    let mut event = invite(&client, &team, &email, 1).await;
    let colleague = api.with_key(&client.new_user_key(&other.members[0]).await);
    let member = api.with_key(&client.new_user_key(&team.members[0]).await);
    for (what, body) in [
        ("confirm", json!({})),
        ("cancel", json!({})),
        ("no-show", json!({})),
        ("reschedule", date(3, 10)),
        (
            "decline",
            json!({ "invitee": invitee(&event, "zoe@example.org") }),
        ),
    ] {
        let refused = change(&colleague, &event, what, &body).await;
        assert_eq!(refused.status, 403, "{what}: {}", refused.text);
        assert!(refused.text.contains("userManagement"), "{}", refused.text);
    }
    assert_eq!(now(&colleague, &event).await["__v"], 0);
    let own = json!({ "invitee": invitee(&event, &email) });
    event = change(&colleague, &event, "decline", &own)
        .await
        .ok()
        .json();
    change(&member, &event, "confirm", &json!({})).await.ok();
    change(&member, &event, "reschedule", &date(3, 10))
        .await
        .ok();
    change(&member, &event, "cancel", &json!({})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_too_many_users_and_days_is_refused_and_one_of_forty_is_not() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let users: Vec<_> = (0..40)
        .map(|n| json!({ "user": { "email": format!("g{n}@x.org") } }))
        .collect();
    let made = client.post("/v2/users/batch", &json!(users)).await;
    assert_eq!(made.status, 207, "{}", made.text);
    let guest = |n: usize| json!({ "email": format!("g{n}@x.org") });
    let mut body = booking(&[("2030-01-01T10:00:00Z", "2030-01-01T11:00:00Z")]);
    body["invitees"] = (0..40).map(guest).collect();
    team.post(&client, &body).await.created();
    let mut long = booking(&[("2030-02-01T10:00:00Z", "2030-02-28T11:00:00Z")]);
    long["invitees"] = (0..4).map(guest).collect();
    let refused = team.post(&client, &long).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert!(refused.text.contains("too many users"), "{}", refused.text);
}
