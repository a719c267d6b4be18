//! What `/v2/users` say differently of the booking page, and its defaults.

use serde_json::{Value, json};

use crate::harness::{Api, Client};

async fn custom(client: &Client<'_>, path: &str, custom: Value) -> Value {
    let body = json!({ "vyteme": { "custom": custom } });
    let put = client.put(path, &body).await.ok();
    let user = put.json()["user"].clone();
    assert_eq!(client.get(path).await.json(), user);
    user["vyteme"]["custom"].clone()
}

#[tokio::test]
async fn hiding_the_decline_button_is_hours_or_a_boolean_and_answered_as_hours() {
    let api = Api::start().await;
    let client = api.organization();
    let path = format!("/v2/users/{}", client.new_user_id("jean@acme.fr").await);
    let name = "event_hide_decline";
    for (sent, answered) in [
        (json!(true), Some(0)),
        (json!(false), None),
        (json!(24), Some(24)),
        (json!("false"), None),
        (json!("true"), Some(0)),
        (json!("48"), Some(48)),
        (json!(null), None),
        (json!(0), Some(0)),
    ] {
        let custom = custom(&client, &path, json!({ name: sent })).await;
        let answered = answered.map(|hours| json!(hours));
        assert_eq!(custom.get(name), answered.as_ref(), "{sent}");
    }
}

#[tokio::test]
async fn the_address_of_a_place_may_be_spelled_either_way_and_is_answered_as_address() {
    let api = Api::start().await;
    let client = api.organization();
    let path = format!("/v2/users/{}", client.new_user_id("jean@acme.fr").await);
    let places = |place: Value| json!({ "fixed_places": [place] });
    let expected = places(json!({ "name": "Office", "address": "1 rue" }))["fixed_places"].clone();
    for place in [
        json!({ "name": "Office", "address": "1 rue" }),
        json!({ "name": "Office", "adress": "1 rue" }),
        json!({ "name": "Office", "adress": "1 rue", "address": "1 rue" }),
    ] {
        let custom = custom(&client, &path, places(place)).await;
        assert_eq!(custom["fixed_places"], expected);
    }
    let both = places(json!({ "name": "Office", "adress": "1 rue", "address": "2 rue" }));
    let refused = client
        .put(&path, &json!({ "vyteme": { "custom": both } }))
        .await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(refused.places(), ["/vyteme/custom/fixed_places/0/adress"]);
}

#[tokio::test]
async fn a_page_shows_the_defaults_that_v2_users_states() {
    let api = Api::start().await;
    let client = api.organization();
    let path = format!("/v2/users/{}", client.new_user_id("jean@acme.fr").await);
    let shown = custom(&client, &path, json!({ "duration": 30 })).await;
    let stated = [
        ("ask_phone", json!(false)),
        ("ask_company", json!(false)),
        ("block_new_invitee", json!(false)),
        ("min_dates", json!(1)),
    ];
    for (name, value) in stated {
        assert_eq!(shown[name], value, "{name}");
    }
}

#[tokio::test]
async fn the_zone_of_an_availability_may_be_called_today_as_in_s1s_table_of_updates() {
    let api = Api::start().await;
    let client = api.organization();
    let path = format!("/v2/users/{}", client.new_user_id("jean@acme.fr").await);
    let body = json!({ "availability": { "today": "Europe/Paris" } });
    let put = client.put(&path, &body).await.ok();
    let availability = &put.json()["user"]["availability"];
    assert_eq!(*availability, json!({ "timezone": "Europe/Paris" }));
}
