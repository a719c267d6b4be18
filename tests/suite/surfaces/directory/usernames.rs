//! Login names: unique across organizations, and how they change.

use reqwest::Method;
use serde_json::json;

use super::{PASSWORD, change, new_organization, new_user, refusal, shown};
use crate::harness::Api;

#[tokio::test(flavor = "multi_thread")]
async fn a_login_name_is_taken_once_across_organizations_and_without_regard_to_case() {
    let api = Api::start().await;
    let operator = api.operator();
    let second = new_organization(&operator, "Second").await;
    new_user(&operator, "Ada.Byron", json!({ "org_id": 1 })).await;
    let other = new_user(&operator, "grace", json!({ "org_id": second })).await;
    for organization in [json!(1), json!(second), json!(0)] {
        let body = json!({
            "username": "ADA.byron", "password": PASSWORD, "first_name": "A", "last_name": "B",
            "org_id": organization,
        });
        let text = refusal(&operator, Method::POST, "/api/v1/user", Some(&body), 409).await;
        assert_eq!(text, "username: this login name is taken");
    }
    let body = json!({ "username": "ADA.byron" });
    let path = format!("/api/v1/user/{other}");
    let text = refusal(&operator, Method::PUT, &path, Some(&body), 409).await;
    assert_eq!(text, "username: this login name is taken");
    assert_eq!(shown(&operator, &other).await["username"], "grace");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_as_login_name_is_the_users_address_and_taken_once_in_the_organization() {
    let api = Api::start().await;
    let operator = api.operator();
    // An address that is nobody's login name.
    let owner = api.organization();
    owner.new_user_id("jean@x.org").await;
    let body = json!({
        "username": "Jean@X.org", "password": PASSWORD, "first_name": "A", "last_name": "B",
        "org_id": "1",
    });
    let text = refusal(&operator, Method::POST, "/api/v1/user", Some(&body), 409).await;
    assert_eq!(text, "username: another user has the address Jean@X.org");
    // It is free elsewhere, and where there is no organization.
    let second = new_organization(&operator, "Second").await;
    new_user(&operator, "jean@x.org", json!({ "org_id": second })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_login_name_is_the_one_to_log_in_with_and_the_old_one_is_free() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_user(&operator, "ada@x.org", json!({ "org_id": 1 })).await;
    let user = change(&operator, &number, json!({ "username": "countess" })).await;
    assert_eq!(user["username"], "countess");
    assert_eq!(api.log_in("ada@x.org", PASSWORD).await.status, 401);
    api.log_in("Countess", PASSWORD).await.ok();
    // The address stays the user's.
    let found = api.organization().get("/v2/users?email=ada@x.org").await;
    assert_eq!(found.json().as_array().unwrap().len(), 1);
    new_user(&operator, "ada@x.org", json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_a_login_gets_one_with_a_password() {
    let api = Api::start().await;
    let (operator, owner) = (api.operator(), api.organization());
    owner.new_user_id("jean@x.org").await;
    let extid = json!({ "account": { "organization": { "extid": "7" } } });
    owner.new_user(extid).await;
    let (jean, nameless) = ("/api/v1/user/1", "/api/v1/user/2");
    assert_eq!(shown(&operator, "2").await["username"], "");

    let renamed = json!({ "username": "jean" });
    let text = refusal(&operator, Method::PUT, jean, Some(&renamed), 422).await;
    assert_eq!(text, "password is required: the user has no login yet");
    let password = json!({ "password": PASSWORD });
    let text = refusal(&operator, Method::PUT, nameless, Some(&password), 422).await;
    assert_eq!(
        text,
        "password needs a name to log in with: give username too"
    );

    // The address is the name to log in with, where there is no other.
    operator.put(jean, &password).await.ok();
    api.log_in("jean@x.org", PASSWORD).await.ok();
    let both = json!({ "username": "nameless", "password": PASSWORD });
    assert_eq!(change(&operator, "2", both).await["username"], "nameless");
    api.log_in("nameless", PASSWORD).await.ok();
}
