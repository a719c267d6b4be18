//! `/v2/users`'s USER OBJECT as the body that creates and changes a user: every field of
//! it is kept, and answered under the name that answers have for it.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Allowed, Ids, comparison::differences, expected_user, send, user_object};
use crate::harness::{Api, Client, fixtures::Fields};

/// Where the answer may differ from the object that was sent, below the user.
/// `updates` is how often the user was written since it was created.
pub(super) fn expect_whole(user: &Value, object: &Value, updates: u64) {
    let allowed = Allowed {
        added: &[
            "/_id",
            "/full_name",
            "/signedup_with",
            "/calendars",
            "/modules",
            "/teams",
            "/createdAt",
            "/updatedAt",
            "/__v",
            "/account/plan",
            "/account/app_url",
            "/account/organization/name",
            "/account/organization/id",
        ],
        // `false` is "not set".
        left_out: &["/vyteme/custom/event_hide_decline"],
        ..Allowed::default()
    };
    let found = differences(&expected_user(object), user, &allowed);
    assert!(found.is_empty(), "{found:#?}\n{user}");
    assert_eq!(user["full_name"], "Jean Dupont");
    assert_eq!(user["__v"], updates);
    let signedup_with = object.get("finish_signup_with");
    assert_eq!(
        user["signedup_with"],
        *signedup_with.unwrap_or(&json!("api"))
    );
    assert_eq!(
        user["calendars"],
        json!({
            "google": false,
            "office365": false,
            "exchange": true,
            "icloud": false,
            "caldav": false,
        })
    );
    assert_eq!(
        user["modules"],
        json!({
            "brand": false,
            "assistant": false,
            "vyteme": true,
            "vyteme_pro": false,
            "availabilities": true,
            "billing": false,
            "group_pro": false,
            "team": true,
        })
    );
    let nickname = object["vyteme"].field("nickname");
    let app_url = user["account"].field("app_url");
    assert!(app_url.ends_with(&format!("/{nickname}")), "{app_url}");
}

/// The object's one team, with the user in it as a member.
pub(super) async fn expect_team(client: &Client<'_>, user: &Value, object: &Value) {
    let teams = client.get("/v2/teams").await.json();
    let team = teams[0].clone();
    let sent = &object["teams"][0];
    assert_eq!(teams, json!([team]), "one team");
    assert_eq!(
        (&team["extid"], &team["name"]),
        (&sent["extid"], &sent["name"])
    );
    assert_eq!(
        (&team["members"], &team["admins"]),
        (&json!([user["_id"]]), &json!([]))
    );
    let shown = json!([{ "_id": team["_id"], "admin": false, "member": true }]);
    assert_eq!(user["teams"], shown);
}

/// A field that `/v2/users`'s object gets one day must be in a test here.
#[test]
fn every_field_of_the_user_object_is_looked_at() {
    let object = Ids::default().request_json("v2_users_older/user_object");
    let names: Vec<_> = object.as_object().unwrap().keys().collect();
    let looked_at = [
        "availability",
        "calendars",
        "finish_signup_with",
        "login",
        "organization",
        "teams",
        "user",
        "vyteme",
    ];
    assert_eq!(names, looked_at);
}

#[tokio::test]
async fn the_user_object_has_both_a_login_and_a_sign_up_to_finish_which_v2_users_forbids() {
    let api = Api::start().await;
    let client = api.organization();
    let body = Ids::default()
        .with("yourVyteOrganizationId", &json!(super::ACME))
        .request("v2_users_older/user_object");
    let refused = send(&client, Method::POST, "/v2/users", &body).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(refused.places(), ["/login"]);
    assert_eq!(client.get("/v2/users").await.json(), json!([]));
    assert_eq!(client.get("/v2/teams").await.json(), json!([]));
}

#[tokio::test]
async fn every_field_of_the_user_object_is_kept_and_answered() {
    for left_out in ["login", "finish_signup_with"] {
        let api = Api::start().await;
        let client = api.organization();
        let object = user_object(left_out);
        let made = client.post("/v2/users", &object).await.created();
        let user = made.json()["user"].clone();
        expect_whole(&user, &object, 0);
        expect_team(&client, &user, &object).await;

        let path = format!("/v2/users/{}", user.id());
        assert_eq!(client.get(&path).await.json(), user);
        assert_eq!(client.get("/v2/users").await.json(), json!([user]));
    }
}

#[tokio::test]
async fn the_user_object_may_name_no_organization_but_the_keys_own() {
    let api = Api::start().await;
    let client = api.organization();
    let mut object = user_object("login");
    object["organization"] = json!("5f117442d7535f4c7ba5b3e7");
    let refused = client.post("/v2/users", &object).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    object.as_object_mut().unwrap().remove("organization");
    client.post("/v2/users", &object).await.created();
}

#[tokio::test]
async fn posting_the_user_object_again_changes_the_user_that_its_extid_names() {
    let api = Api::start().await;
    let client = api.organization();
    let mut object = user_object("finish_signup_with");
    let first = client.post("/v2/users", &object).await.created();
    object["user"]["email"] = json!("jean.martin@acme.fr");
    let second = client.post("/v2/users", &object).await.ok();
    let (first, second) = (first.json()["user"].clone(), second.json()["user"].clone());
    assert_eq!(
        (&first["_id"], &first["createdAt"]),
        (&second["_id"], &second["createdAt"])
    );
    expect_whole(&second, &object, 1);
    expect_team(&client, &second, &object).await;
    assert_eq!(client.get("/v2/users").await.json(), json!([second]));
}

#[tokio::test]
async fn posting_with_an_id_changes_the_user_of_that_id_and_never_creates_one() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user(json!({ "email": "jean@acme.fr" })).await;
    for name in ["_id", "id"] {
        let body = json!({ "user": { name: user["_id"], "last_name": name } });
        let changed = client.post("/v2/users", &body).await.ok();
        assert_eq!(changed.json()["user"]["last_name"], name);
        let body = json!({ "user": { name: "5f11747afb208c814fd24bb7", "email": "x@acme.fr" } });
        assert_eq!(client.post("/v2/users", &body).await.status, 404);
    }
    let users = client.get("/v2/users").await.json();
    assert_eq!(users.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_address_without_an_id_or_extid_is_a_conflict_that_names_the_user() {
    let api = Api::start().await;
    let client = api.organization();
    let object = user_object("finish_signup_with");
    let made = client.post("/v2/users", &object).await.json();
    let body = json!({ "user": { "emails": ["Jean.Dupont@ACME.fr"] } });
    let refused = client.post("/v2/users", &body).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert_eq!(refused.json()["existing"], made["user"]["_id"]);
    assert_eq!(refused.places(), ["/user/emails"]);
}

#[tokio::test]
async fn the_whole_user_object_can_be_put_to_a_user() {
    let api = Api::start().await;
    let client = api.organization();
    let id = client.new_user_id("other@acme.fr").await;
    let object = user_object("login");
    let path = format!("/v2/users/{id}");
    let put = client.put(&path, &object).await.ok();
    let user = put.json()["user"].clone();
    expect_whole(&user, &object, 1);
    expect_team(&client, &user, &object).await;
    assert_eq!(client.get(&path).await.json(), user);
}
