//! Every sample of `/api/v2`: the call is made as the sample makes it, and the answer
//! is the sample, with its very numbers.
//!
//! `tests/samples` has the bodies, with the quotes that make them JSON.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;

use super::table::{Item, Table};
use crate::{
    documents::samples::{Allowed, Ids},
    harness::{Api, Client},
};

/// Makes `number` the next that a user gets.
async fn next_number(api: &Api, number: u64) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let last = AttributeValue::N((number - 1).to_string());
    let item = [
        ("pk", text("COUNTER")),
        ("sk", text("USER")),
        ("last", last),
    ];
    let item: Item = item
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Table::of(api).put(item).await;
}

/// John of the samples, who is number 123.
async fn john(api: &Api) -> Client<'_> {
    next_number(api, 123).await;
    let client = api.organization();
    client
        .new_user(json!({
            "email": "john@example.com", "first_name": "John", "last_name": "Doe",
            "language": "en", "timezone": "UTC",
        }))
        .await;
    client
}

#[tokio::test]
async fn listing_users_answers_the_sample_of_api_v2_with_and_without_a_slash() {
    let api = Api::start().await;
    let client = john(&api).await;
    next_number(&api, 321).await;
    client
        .new_user(json!({
            "email": "jane@example.com", "first_name": "Jane", "last_name": "Doe",
            "language": "fr", "timezone": "Europe/Paris",
        }))
        .await;
    for path in ["/api/v2/users/", "/api/v2/users"] {
        let answer = client.get(path).await.ok();
        Ids::default().expect("api_v2/list_users", &answer, &Allowed::default());
    }
}

#[tokio::test]
async fn showing_a_user_answers_the_sample_of_api_v2() {
    let api = Api::start().await;
    let client = john(&api).await;
    let answer = client.get("/api/v2/users/123").await.ok();
    Ids::default().expect("api_v2/get_user", &answer, &Allowed::default());
}

#[tokio::test]
async fn inviting_a_user_answers_the_sample_of_api_v2() {
    let api = Api::start().await;
    let body = Ids::default().request_json("api_v2/invite_user");
    let answer = api.organization().post("/api/v2/users", &body).await.ok();
    Ids::default().expect("api_v2/invite_user", &answer, &Allowed::default());
}

#[tokio::test]
async fn put_and_patch_answer_the_sample_of_api_v2() {
    let api = Api::start().await;
    let client = api.organization();
    let mut body = Ids::default().response("api_v2/update_user");
    body.as_object_mut().unwrap().remove("_id");
    for method in ["PUT", "PATCH"] {
        next_number(&api, 123).await;
        let old = json!({
            "email": "old@example.com", "first_name": "Old", "last_name": "Name",
            "language": "fr", "timezone": "Europe/Paris",
        });
        let id = client.new_user(old).await["_id"].clone();
        let answer = match method {
            "PUT" => client.put("/api/v2/users/123", &body).await,
            _ => client.patch("/api/v2/users/123", &body).await,
        };
        assert_eq!(answer.status, 200, "{method}: {}", answer.text);
        Ids::default().expect("api_v2/update_user", &answer, &Allowed::default());
        // Makes room for the second round.
        let path = format!("/v2/users/{}", id.as_str().unwrap());
        client.delete(&path).await.ok();
        let table = Table::of(&api);
        let guard = ("USER_NUMBER#123".to_owned(), "NUMBER".to_owned());
        table.delete(&guard).await;
    }
}

#[tokio::test]
async fn setting_permissions_answers_the_sample_of_api_v2() {
    let api = Api::start().await;
    let client = john(&api).await;
    // The values of `/api/v2`'s table, and then what leads to the sample's.
    let granted = json!({ "addBeacons": true, "toggleBeacons": true, "viewMetrics": true });
    let answer = client.post("/api/v2/users/123/perms", &granted).await.ok();
    assert_eq!(answer.json()["toggleBeacons"], true);
    let body = json!({
        "accountManagement": false, "userManagement": false, "addBeacons": true,
        "toggleBeacons": false, "viewMetrics": true,
    });
    let answer = client.post("/api/v2/users/123/perms", &body).await.ok();
    Ids::default().expect("api_v2/set_permissions", &answer, &Allowed::default());
}

#[tokio::test]
async fn deactivating_and_activating_answer_the_samples_of_api_v2() {
    let api = Api::start().await;
    let client = john(&api).await;
    for (operation, sample) in [
        ("deactivate", "api_v2/deactivate_user"),
        ("activate", "api_v2/activate_user"),
    ] {
        let path = format!("/api/v2/users/123/{operation}");
        let answer = client.post_nothing(&path).await.ok();
        Ids::default().expect(sample, &answer, &Allowed::default());
    }
}
