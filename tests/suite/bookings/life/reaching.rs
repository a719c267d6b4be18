//! Nothing that holds somebody's time becomes unreachable.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_user_leaves_behind_names_its_team_and_can_be_handed_over() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    let event = book(&client, &team, 1, 10).await;
    let cancelled = book(&client, &team, 1, 10).await;
    change(&client, &cancelled, "cancel", &json!({})).await.ok();
    let mut left = Vec::new();
    for member in &team.members[..1] {
        let gone = client
            .delete(&format!("/v2/users/{member}"))
            .await
            .ok()
            .json();
        left.extend(gone["events_to_reassign"].as_array().unwrap().clone());
    }
    let is_left = member_of(&team, &event) == 0;
    assert_eq!(
        left.len(),
        usize::from(is_left),
        "what is cancelled needs nobody"
    );
    for event in left {
        let path = format!(
            "/v2/teams/{}/events/{}/reassign",
            event.field("team"),
            event.id()
        );
        let moved = client.post_nothing(&path).await.ok().json();
        assert_eq!(member_of(&team, &moved), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_a_deleted_team_can_be_moved_and_cancelled() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let event = book(&client, &team, 1, 10).await;
    client.delete(&team.path).await.ok();
    let listed = client.get("/v2/events").await.ok().json();
    assert_eq!(listed[0]["_id"], event["_id"]);
    change(&client, &event, "reschedule", &date(2, 10))
        .await
        .ok();
    change(&client, &event, "confirm", &json!({})).await.ok();
    change(&client, &event, "cancel", &json!({})).await.ok();
    let again = json!({ "extid": "2", "name": "Again", "members": team.members });
    let again = client.new_team(again).await;
    let (start, end) = hour(2, 10);
    let path = format!("/v2/teams/{}/events", again.id());
    client
        .post(&path, &booking(&[(&start, &end)]))
        .await
        .created();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_somebody_who_has_left_can_be_cancelled_or_moved_to_another_member() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    let events = [
        book(&client, &team, 1, 10).await,
        book(&client, &team, 1, 10).await,
    ];
    let gone = member_of(&team, &events[0]);
    client
        .delete(&format!("/v2/users/{}", team.members[gone]))
        .await
        .ok();
    let refused = change(&client, &events[0], "reschedule", &date(2, 10)).await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.text.contains("has left the organization"),
        "{}",
        refused.text
    );
    let mut other = date(2, 10);
    other["reassign"] = json!(true);
    let moved = change(&client, &events[0], "reschedule", &other)
        .await
        .ok()
        .json();
    assert_eq!(member_of(&team, &moved), 1 - gone);
    change(&client, &events[0], "cancel", &json!({})).await.ok();
    assert_eq!(balances(&client, &team).await.iter().sum::<i64>(), 0);
}
