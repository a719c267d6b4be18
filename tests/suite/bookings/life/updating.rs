//! Changing what an event says of itself.

use super::*;

async fn put(client: &Client<'_>, event: &Value, body: &Value) -> Answer {
    client
        .put(&format!("/v2/events/{}", event.id()), body)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_replace_and_what_is_absent_stays() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let first = hour(1, 10);
    let mut body = booking(&[(&first.0, &first.1)]);
    body["places"] = json!([{ "name": "Here", "address": "1 rue X" }]);
    let event = team.post(&client, &body).await.created().json();
    let named = put(&client, &event, &json!({ "title": "Other" }))
        .await
        .ok()
        .json();
    assert_eq!(
        (&named["title"], &named["__v"]),
        (&json!("Other"), &json!(1))
    );
    assert_eq!(named["dates"][0]["_id"], event["dates"][0]["_id"]);
    let body = json!({
        "dates": [date(1, 10), date(2, 10)], "places": { "name": "There" },
    });
    let changed = put(&client, &event, &body).await.ok().json();
    assert_eq!(changed["dates"][0]["_id"], event["dates"][0]["_id"]);
    assert_eq!(changed["places"][0]["name"], "There");
    assert_ne!(changed["places"][0]["_id"], event["places"][0]["_id"]);
    // With a choice, nothing is reserved any more.
    book(&client, &team, 1, 10).await;
    let same = put(&client, &event, &changed).await.ok().json();
    assert_eq!(same, changed, "an answer that is sent back changes nothing");
    let listed = client
        .get(&format!("{}/events?q=Other", team.path))
        .await
        .ok()
        .json();
    assert_eq!(listed[0]["_id"], event["_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_date_that_is_edited_moves_and_one_that_is_gone_is_open_again() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let first = hour(1, 10);
    let mut body = booking(&[(&first.0, &first.1)]);
    body["confirmed"] = json!({ "flag": true });
    let event = team.post(&client, &body).await.created().json();
    let mut moved = date(1, 12);
    moved["_id"] = event["dates"][0]["_id"].clone();
    let answer = put(&client, &event, &json!({ "dates": [moved] }))
        .await
        .ok()
        .json();
    assert_eq!(answer["confirmed"]["flag"], true);
    assert_eq!(answer["dates"][0]["date"], "2030-01-01T12:00:00.000Z");
    let other = book(&client, &team, 1, 10).await;
    let (start, end) = hour(1, 12);
    assert_eq!(team.book(&client, &[(&start, &end)]).await.status, 409);
    let mut back = date(1, 10);
    back["_id"] = event["dates"][0]["_id"].clone();
    let refused = put(&client, &event, &json!({ "dates": [back] })).await;
    assert_eq!(refused.status, 409, "it is taken by now");
    change(&client, &other, "cancel", &json!({})).await.ok();
    let open = json!({ "dates": [date(3, 10), date(4, 10)] });
    let answer = put(&client, &event, &open).await.ok().json();
    assert_eq!(answer["confirmed"]["flag"], false);
    book(&client, &team, 1, 12).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_at_its_place() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let event = book(&client, &team, 1, 10).await;
    let unknown = "5f5e10000000000000000000";
    let mut named = date(1, 11);
    named["_id"] = json!(unknown);
    let backwards = json!({ "date": "2030-01-02T10:00:00Z", "end_date": "2030-01-02T09:00:00Z" });
    let place = json!({ "_id": unknown, "name": "Here" });
    let body = json!({ "dates": [named, backwards], "places": [place] });
    let refused = put(&client, &event, &body).await;
    let places = ["/dates/0/_id", "/dates/1/end_date", "/places/0/_id"];
    assert_eq!(refused.places(), places, "{}", refused.text);
    let kept = json!({
        "confirmed": { "flag": true }, "invitees": [], "lang": "fr", "title": "Other",
        "dates": [{
            "date": "2030-01-02T10:00:00Z", "end_date": "2030-01-02T11:00:00Z", "confirmed": true,
        }],
    });
    let refused = put(&client, &event, &kept).await;
    let places = ["/confirmed", "/invitees", "/lang", "/dates/0/confirmed"];
    assert_eq!(refused.places(), places, "{}", refused.text);
    assert_eq!(now(&client, &event).await["title"], "Meeting");
    change(&client, &event, "cancel", &json!({})).await.ok();
    let late = put(&client, &event, &json!({ "title": "Late" })).await;
    assert_eq!(late.status, 409);
    let missing = client
        .put("/v2/events/5f5e10000000000000000000", &json!({}))
        .await;
    assert_eq!(missing.status, 404);
}
