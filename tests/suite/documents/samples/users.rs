//! The samples of `/v2/users` that show an answer (`/v2/users`).

use reqwest::Method;
use serde_json::json;

use super::{ACME, Allowed, Ids, organization, send};
use crate::harness::{Api, Client};

/// Where the user of `/v2/users`'s first samples may differ.
const USER_OF_S1: Allowed<'_> = Allowed {
    at: "",
    // The samples of creating and updating show these.
    added: &["/modules", "/createdAt", "/updatedAt", "/__v"],
    // A secret of another system: never kept, so never answered.
    left_out: &["/google/token"],
    of_this_run: &[
        // Configuration.
        "/account/app_url",
        // The sample's ends a millisecond later than its 14 days would.
        "/account/free_trial_until",
    ],
    // Roster connects no Google calendar.
    instead: &[("/calendars/google", serde_json::Value::Bool(false))],
};

/// Creates the user of `/v2/users`'s first samples: the sample's own object is what is
/// sent, apart from the id, which nobody has yet. What of it is read-only must
/// come out the same by itself.
async fn user_of_v2_users(api: &Api) -> (Ids, Client<'_>) {
    let attributes = json!({
        "_id": "5f117442d7535f4c7ba5b3e7",
        "name": "My Organization",
        "free_trial_days": 14,
        "free_trial_started": "2020-06-22T15:15:18.474Z",
    });
    let (organization, client) = organization(api, &attributes).await;
    let mut user = Ids::default().response("v2_users/user_object");
    user.as_object_mut().unwrap().remove("_id");
    let body = json!({
        "organization": organization["_id"],
        "finish_signup_with": "email",
        "user": user,
    });
    let made = client.post("/v2/users", &body).await.created();
    let ids = Ids::default().with("5f11747afb208c814fd24bb7", &made.json()["user"]["_id"]);
    (ids, client)
}

#[tokio::test]
async fn listing_users_answers_the_sample_of_v2_users() {
    let api = Api::start().await;
    let (ids, client) = user_of_v2_users(&api).await;
    let answer = client.get("/v2/users").await.ok();
    let allowed = Allowed {
        at: "/*",
        ..USER_OF_S1
    };
    ids.expect("v2_users/list_users", &answer, &allowed);
}

#[tokio::test]
async fn retrieving_a_user_answers_the_sample_of_v2_users() {
    let api = Api::start().await;
    let (ids, client) = user_of_v2_users(&api).await;
    let path = ids.put_into("/v2/users/5f11747afb208c814fd24bb7");
    let answer = client.get(&path).await.ok();
    ids.expect("v2_users/get_user", &answer, &USER_OF_S1);
    ids.expect("v2_users/user_object", &answer, &USER_OF_S1);
}

#[tokio::test]
async fn creating_a_user_answers_the_sample_of_v2_users() {
    let api = Api::start().await;
    let body = Ids::default().request("v2_users/create_user");
    let client = api.organization();
    let answer = send(&client, Method::POST, "/v2/users", &body)
        .await
        .created();
    let allowed = Allowed {
        at: "/user",
        of_this_run: &["/_id", "/account/app_url", "/createdAt", "/updatedAt"],
        ..Allowed::default()
    };
    Ids::default().expect("v2_users/create_user", &answer, &allowed);
}

#[tokio::test]
async fn updating_a_user_answers_the_sample_of_v2_users() {
    let api = Api::start().await;
    let client = api.organization();
    let body = Ids::default().request("v2_users/create_user");
    let made = send(&client, Method::POST, "/v2/users", &body).await;
    let ids = Ids::default().with("5f2d28fb1e0662e70071d46b", &made.json()["user"]["_id"]);
    let path = ids.put_into("/v2/users/5f2d28fb1e0662e70071d46b");
    let body = ids.request("v2_users/update_user");
    let answer = send(&client, Method::PUT, &path, &body).await.ok();
    let allowed = Allowed {
        at: "/user",
        of_this_run: &["/account/app_url", "/createdAt", "/updatedAt"],
        // It counts writes; the sample shows 0 after one.
        instead: &[("/__v", json!(1))],
        ..Allowed::default()
    };
    ids.expect("v2_users/update_user", &answer, &allowed);
    let (before, after) = (made.json(), answer.json());
    assert_eq!(before["user"]["createdAt"], after["user"]["createdAt"]);
    assert!(before["user"]["updatedAt"].as_str() < after["user"]["updatedAt"].as_str());
}

#[tokio::test]
async fn listing_users_answers_the_sample_of_v2_users_older() {
    let api = Api::start().await;
    let attributes = json!({ "name": "yourVyteOrganizationName" });
    let (organization, client) = organization(&api, &attributes).await;
    let body = json!({
        "user": {
            "email": "jean.dupont@example.com",
            "first_name": "Jean",
            "last_name": "Dupont",
            "language": "en",
            "timezone": "Europe/Paris",
            "picture_url": "https://www.example.com/picture/jean",
            "consent": { "terms": "2020-06-25T13:04:30.548Z" },
        },
        // The sample's modules say that there is one.
        "availability": { "today_as_busy": true },
    });
    let made = client.post("/v2/users", &body).await;
    let ids = Ids::default()
        .with("yourVyteOrganizationId", &organization["_id"])
        .with("5ef4a0bd136440c65930a3da", &made.json()["user"]["_id"]);
    let answer = client.get("/v2/users").await.ok();
    let allowed = Allowed {
        at: "/*",
        // The sample shows that the user has one, but not which.
        added: &["/availability"],
        of_this_run: &["/account/app_url", "/createdAt", "/updatedAt"],
        ..Allowed::default()
    };
    ids.expect("v2_users_older/list_users", &answer, &allowed);
}

#[tokio::test]
async fn listing_users_where_there_are_none_answers_an_empty_array() {
    let api = Api::start().await;
    let answer = api.organization().get("/v2/users").await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!([])));
}

/// `/v2/users`'s samples of writes send no body, and answer `{}`: all that they can
/// answer is what is missing.
#[tokio::test]
async fn the_writes_that_v2_users_older_shows_without_a_body_are_told_that_one_is_needed() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("jean.dupont@acme.fr").await;
    let update = format!("/v2/users/{user}");
    for (method, path) in [
        (Method::POST, "/v2/users"),
        (Method::PUT, update.as_str()),
        (Method::POST, "/v2/users/batch"),
        (Method::PUT, "/v2/users/batch"),
        (Method::PUT, "/v2/users"),
    ] {
        let answer = client.send(method.clone(), path, None, &[]).await;
        assert_eq!(answer.status, 400, "{method} {path}: {}", answer.text);
        let detail = answer.json()["detail"].to_string();
        assert!(detail.contains("is required"), "{method} {path}: {detail}");
    }
    let users = client.get("/v2/users").await.json();
    assert_eq!(users[0]["__v"], 0);
    assert_eq!(users[0]["account"]["organization"]["id"], ACME);
}
