//! Organizations: created, renamed, shown and deleted.

use reqwest::Method;
use serde_json::{Value, json};

use super::{new_organization, new_user, other_organization, refusal, shown};
use crate::harness::{Api, fixtures::Fields};

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_is_renamed_everywhere_it_is_shown() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_organization(&operator, "Before").await;
    let user = new_user(&operator, "ada", json!({ "org_id": number })).await;
    let path = format!("/api/v1/org/{number}");
    let before = operator.get(&path).await.json();
    assert_eq!(before["name"], "Before");
    // What is shown, with another name.
    let mut body = before.clone();
    body["name"] = json!("After 🎉");
    let answer = operator.put(&path, &body).await.ok();
    let after = answer.json();
    assert_eq!(after["name"], "After 🎉");
    assert_eq!(after["created_at"], before["created_at"]);
    assert_eq!(operator.get(&path).await.json(), after);
    assert_eq!(shown(&operator, &user).await["company"], "After 🎉");
    let organizations = operator.get("/v2/organizations").await.json();
    assert_eq!(organizations[1]["name"], "After 🎉");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_organization_gets_its_key_from_the_operator() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_organization(&operator, "Fresh").await;
    let organizations = operator.get("/v2/organizations").await.json();
    let organization = &organizations[1];
    assert_eq!(organization["number"].to_string(), number);
    let id = organization.id();
    let path = format!("/v2/keys?organization={id}");
    assert_eq!(
        operator.get(&path).await.json(),
        json!([]),
        "it has none yet"
    );
    let made = operator
        .post(&path, &json!({ "name": "first" }))
        .await
        .created();
    let owner = api.with_key(made.json().field("key"));
    assert_eq!(owner.get("/v2/users").await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_with_users_is_not_deleted_and_goes_on() {
    let api = Api::start().await;
    let operator = api.operator();
    let (_, number, other) = other_organization(&api, "Other").await;
    let path = format!("/api/v1/org/{number}");
    let mut users = Vec::new();
    for name in ["ada", "grace"] {
        let fields = json!({ "org_id": number });
        users.push(new_user(&operator, name, fields).await);
    }
    let text = refusal(&operator, Method::DELETE, &path, None, 409).await;
    assert!(text.contains("has 2 users"), "{text}");
    assert_eq!(other.get("/v2/users").await.status, 200, "its key works");
    // One is deleted, one moves: nobody is left.
    let deleted = format!("/api/v1/user/{}", users[0]);
    operator.delete(&deleted).await.ok();
    let text = refusal(&operator, Method::DELETE, &path, None, 409).await;
    assert!(text.contains("has 1 user"), "{text}");
    let moved = format!("/api/v1/user/{}", users[1]);
    let nowhere = json!({ "org_id": 0 });
    operator.put(&moved, &nowhere).await.ok();
    let answer = operator.delete(&path).await.ok();
    assert_eq!(answer.json(), json!({ "message": "Success" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_organization_is_gone_with_its_keys_its_teams_and_its_number() {
    let api = Api::start().await;
    let operator = api.operator();
    let (id, number, other) = other_organization(&api, "Other").await;
    let second = operator
        .post(
            &format!("/v2/keys?organization={id}"),
            &json!({ "name": "second" }),
        )
        .await
        .json();
    let second = api.with_key(second.field("key"));
    let user = new_user(&operator, "ada", json!({ "org_id": number })).await;
    let team = json!({ "extid": "1", "name": "Team", "public": true });
    let team = other.new_team(team).await;
    let page = format!("/v2/teams/{}/public", team.id());
    api.anybody().get(&page).await.ok();
    let user_path = format!("/api/v1/user/{user}");
    operator.delete(&user_path).await.ok();
    let path = format!("/api/v1/org/{number}");
    operator.delete(&path).await.ok();
    for key in [&other, &second] {
        let answer = key.get("/v2/users").await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (403, json!({ "message": "Forbidden" }))
        );
    }
    assert_eq!(api.anybody().get(&page).await.status, 404);
    let body = json!({ "name": "Again" });
    for (method, body) in [
        (Method::GET, None),
        (Method::PUT, Some(&body)),
        (Method::DELETE, None),
    ] {
        let text = refusal(&operator, method, &path, body, 404).await;
        assert_eq!(text, "there is no such organization");
    }
    let listed = operator.get("/api/v1/orgs").await.json();
    let is_listed = |one: &Value| one["id"] == *number;
    assert!(
        !listed.as_array().unwrap().iter().any(is_listed),
        "{listed}"
    );
    let users = format!("/api/v1/users?org_id={number}");
    refusal(&operator, Method::GET, &users, None, 404).await;
    assert_ne!(new_organization(&operator, "Next").await, number);
    // Who was deleted from it is still shown.
    let gone = shown(&operator, &user).await;
    assert_eq!(
        (&gone["is_deleted"], &gone["company"]),
        (&json!("1"), &json!(""))
    );
}
