//! Confirming a date.

use super::*;

async fn two_dates(client: &Client<'_>, team: &Team) -> Value {
    let (first, second) = (hour(1, 10), hour(1, 14));
    let dates = [(&*first.0, &*first.1), (&*second.0, &*second.1)];
    team.book(client, &dates).await.created().json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_date_is_reserved_and_another_one_moves_the_reservation() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let event = two_dates(&client, &team).await;
    let first = change(&client, &event, "confirm", &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(first["confirmed"]["date_id"], event["dates"][0]["_id"]);
    assert!(first["confirmed"]["updated_at"].is_string());
    let (start, end) = hour(1, 10);
    assert_eq!(team.book(&client, &[(&start, &end)]).await.status, 409);

    let other = format!("confirm?d={}", event["dates"][1].id());
    let second = change(&client, &event, &other, &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(second["confirmed"]["date_id"], event["dates"][1]["_id"]);
    book(&client, &team, 1, 10).await;
    let (start, end) = hour(1, 14);
    assert_eq!(team.book(&client, &[(&start, &end)]).await.status, 409);
    // The first date is taken by now.
    let back = format!("confirm?d={}", event["dates"][0].id());
    let refused = change(&client, &event, &back, &json!({})).await;
    assert_eq!(refused.status, 409);
    let considered = &refused.json()["considered"][0];
    assert_eq!(considered["user"], team.members[0]);
    assert!(considered.field("reason").contains("another booking"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_again_changes_nothing_and_a_place_can_be_chosen() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let (start, end) = hour(1, 10);
    let mut body = booking(&[(&start, &end)]);
    body["places"] = json!([{ "name": "Here" }, { "name": "There" }]);
    let event = team.post(&client, &body).await.created().json();
    let first = change(&client, &event, "confirm", &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(first["confirmed"]["place_id"], event["places"][0]["_id"]);
    let again = change(&client, &event, "confirm", &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(again, first);
    let there = format!("confirm?p={}", event["places"][1].id());
    let there = change(&client, &event, &there, &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(there["confirmed"]["place_id"], event["places"][1]["_id"]);
    for (query, name) in [
        ("d=5f5e10000000000000000000", "d"),
        ("p=5f5e10000000000000000000", "p"),
    ] {
        let refused = change(&client, &event, &format!("confirm?{query}"), &json!({})).await;
        assert_eq!(
            (refused.status.as_u16(), refused.places()),
            (422, vec![name.to_owned()])
        );
    }
    let refused = change(&client, &event, "confirm?d=x", &json!({})).await;
    assert_eq!(
        (refused.status.as_u16(), refused.places()),
        (400, vec!["d".to_owned()])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_without_dates_cannot_be_confirmed() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let event = team.post(&client, &booking(&[])).await.created().json();
    let refused = change(&client, &event, "confirm", &json!({})).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.field("detail"), "the event has no date to confirm");
}
