//! `org_id`: a user moves to another organization, or to none.

use reqwest::Method;
use serde_json::json;

use super::{PASSWORD, change, new_organization, new_user, other_organization, refusal, shown};
use crate::harness::{Api, fixtures::Fields};

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_user_keeps_number_login_and_history_and_leaves_its_teams() {
    let api = Api::start().await;
    let (operator, owner) = (api.operator(), api.organization());
    let (_, second, other) = other_organization(&api, "Second").await;
    let fields = json!({ "org_id": 1, "sp_num": 5 });
    let number = new_user(&operator, "ada@x.org", fields).await;
    let id = owner.get("/v2/users?email=ada@x.org").await.json()[0]["_id"].clone();
    let team = json!({ "extid": "1", "name": "Team", "members": [id], "public": true });
    let team = owner.new_team(team).await.id().to_owned();
    let session = api.log_in("ada@x.org", PASSWORD).await.json();
    let session = session.field("token");
    let before = shown(&operator, &number).await;
    assert_ne!(before["last_login"], "");

    let user = change(&operator, &number, json!({ "org_id": second })).await;
    assert_eq!(
        (&user["org_id"], &user["company"]),
        (&json!(second), &json!("Second"))
    );
    for name in [
        "id",
        "username",
        "sp_num",
        "created_at",
        "last_login",
        "status",
    ] {
        assert_eq!(user[name], before[name], "{name}");
    }
    let path = format!("/api/v1/user/{number}");
    assert_eq!(owner.get(&path).await.status, 404, "unknown where it was");
    assert_eq!(other.get(&path).await.status, 200, "and known where it is");
    assert_eq!(
        api.with_key(session).get(&path).await.status,
        403,
        "sessions end"
    );
    let team = owner.get(&format!("/v2/teams/{team}")).await.json();
    assert_eq!(team["members"], json!([]));
    assert_eq!(owner.get("/v2/users").await.json(), json!([]));
    let moved = other.get("/v2/users?email=ada@x.org").await.json();
    assert_eq!(moved[0]["_id"], id);
    // The login goes along.
    api.log_in("ada@x.org", PASSWORD).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_moves_out_of_every_organization_and_back() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_user(&operator, "ada@x.org", json!({ "org_id": 1 })).await;
    let user = change(&operator, &number, json!({ "org_id": 0 })).await;
    assert_eq!(
        (&user["org_id"], &user["company"]),
        (&json!("0"), &json!(""))
    );
    assert_eq!(
        api.log_in("ada@x.org", PASSWORD).await.status,
        401,
        "nowhere to log in to"
    );
    let listed = operator.get("/api/v1/users?org_id=0").await.json();
    assert_eq!(listed[0]["id"], *number);
    let user = change(&operator, &number, json!({ "org_id": 1 })).await;
    assert_eq!(user["company"], "ACME");
    api.log_in("ada@x.org", PASSWORD).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_act_as_a_user_end_when_the_user_leaves_also_for_one_who_comes_back() {
    let api = Api::start().await;
    let (owner, operator) = (api.organization(), api.operator());
    let user = owner.new_user_id("jean@example.com").await;
    let new_key = async || {
        let body = json!({ "name": "laptop", "user": user });
        let made = owner.post("/v2/keys", &body).await.json();
        made.field("key").to_owned()
    };
    let (old, path) = (new_key().await, "/api/v1/user/1");
    let myself = format!("/v2/users/{user}");
    api.with_key(&old).get(&myself).await.ok();
    for organization in ["0", "1"] {
        operator
            .put(path, &json!({ "org_id": organization }))
            .await
            .ok();
        assert_eq!(api.with_key(&old).get(&myself).await.status, 403);
    }
    api.with_key(&new_key().await).get(&myself).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn other_fields_change_on_the_way() {
    let api = Api::start().await;
    let operator = api.operator();
    let second = new_organization(&operator, "Second").await;
    let number = new_user(&operator, "ada", json!({ "org_id": 1 })).await;
    // The name of either organization is right.
    let body = json!({
        "org_id": second, "company": "ACME", "first_name": "Grace", "username": "grace",
        "password": "another horse", "mobile": "5", "status": 1,
    });
    let user = change(&operator, &number, body).await;
    assert_eq!(user["company"], "Second");
    assert_eq!(user["first_name"], "Grace");
    assert_eq!(user["mobile"], "5");
    assert_eq!(api.log_in("ada", PASSWORD).await.status, 401);
    api.log_in("grace", "another horse").await.ok();
    new_user(&operator, "ada", json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_taken_where_a_user_goes_is_a_conflict() {
    let api = Api::start().await;
    let operator = api.operator();
    let (_, second, other) = other_organization(&api, "Second").await;
    other.new_user_id("ada@x.org").await;
    let number = new_user(&operator, "ada@x.org", json!({ "org_id": 1 })).await;
    let body = json!({ "org_id": second });
    let path = format!("/api/v1/user/{number}");
    let text = refusal(&operator, Method::PUT, &path, Some(&body), 409).await;
    assert_eq!(text, "org_id: another user has the address ada@x.org");
    assert_eq!(shown(&operator, &number).await["org_id"], "1");
    api.log_in("ada@x.org", PASSWORD).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_operator_moves_a_user() {
    let api = Api::start().await;
    let (operator, owner) = (api.operator(), api.organization());
    let second = new_organization(&operator, "Second").await;
    let number = new_user(&operator, "ada", json!({ "org_id": 1 })).await;
    let path = format!("/api/v1/user/{number}");
    let mut texts = Vec::new();
    for organization in [json!(second), json!(0), json!("999")] {
        let body = json!({ "org_id": organization });
        texts.push(refusal(&owner, Method::PUT, &path, Some(&body), 403).await);
    }
    texts.dedup();
    assert_eq!(
        texts.len(),
        1,
        "whether an organization exists does not show"
    );
    let body = json!({ "org_id": "1", "company": "ACME", "mobile": "7" });
    assert_eq!(change(&owner, &number, body).await["mobile"], "7");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_that_nobody_has_heard_of_is_a_422_with_everything_else() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_user(&operator, "ada", json!({})).await;
    let body = json!({ "org_id": 999, "company": "ACME", "first_name": "" });
    let path = format!("/api/v1/user/{number}");
    let text = refusal(&operator, Method::PUT, &path, Some(&body), 422).await;
    for part in [
        "org_id no organization has the number 999",
        "company must be the name of the user's organization",
        "first_name must not be empty",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let body = json!({
        "username": "new", "password": PASSWORD, "first_name": "A", "last_name": "B",
        "org_id": "999",
    });
    let text = refusal(&operator, Method::POST, "/api/v1/user", Some(&body), 422).await;
    assert_eq!(text, "org_id no organization has the number 999");
}
