//! Who may call what, and what they learn of others.

use reqwest::Method;
use serde_json::json;

use super::{PASSWORD, new_user, other_organization, refusal, shown};
use crate::harness::{Answer, Api, fixtures::Fields};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_the_operators_is_refused_to_an_organizations_key_and_changes_nothing() {
    let api = Api::start().await;
    let (operator, owner) = (api.operator(), api.organization());
    let number = new_user(&operator, "ada", json!({ "org_id": 1 })).await;
    let (user, org) = (format!("/api/v1/user/{number}"), "/api/v1/org/1");
    let new = json!({
        "username": "new", "password": PASSWORD, "first_name": "A", "last_name": "B", "org_id": 1,
    });
    let name = json!({ "name": "Stolen" });
    for (method, path, body) in [
        (Method::POST, "/api/v1/user", Some(&new)),
        (Method::DELETE, &*user, None),
        (Method::GET, "/api/v1/users?org_id=1", None),
        (Method::POST, "/api/v1/org", Some(&name)),
        (Method::PUT, org, Some(&name)),
        (Method::DELETE, org, None),
        (Method::GET, "/api/v1/orgs", None),
        (Method::GET, org, None),
    ] {
        let text = refusal(&owner, method, path, body, 403).await;
        assert_eq!(text, "this operation needs an operator's key (adm)");
    }
    let listed = operator.get("/api/v1/users?org_id=1").await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["company"], "ACME");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organizations_user_is_as_unknown_as_a_number_that_nobody_has() {
    let api = Api::start().await;
    let operator = api.operator();
    let (.., stranger) = other_organization(&api, "Other").await;
    let mut numbers = Vec::new();
    for (name, organization) in [("ada", 1), ("nobody's", 0)] {
        let fields = json!({ "org_id": organization });
        numbers.push(new_user(&operator, name, fields).await);
    }
    let deleted = new_user(&operator, "deleted", json!({ "org_id": 1 })).await;
    let path = format!("/api/v1/user/{deleted}");
    operator.delete(&path).await.ok();
    numbers.push(deleted);
    let bytes = |answer: Answer| {
        let media_type = answer.header("content-type").unwrap().to_owned();
        (answer.status.as_u16(), media_type, answer.text)
    };
    let body = json!({ "first_name": "Stolen", "password": "stolen horse" }).to_string();
    for (method, path, body) in [
        (Method::GET, "/api/v1/user/", None),
        (Method::PUT, "/api/v1/user/", Some(&body)),
        (Method::GET, "/api/v1/resetUserPassword/", None),
    ] {
        let send = async |number: &str| {
            let body = body.map(|body| body.clone().into_bytes());
            let json = [("content-type", "application/json")];
            let path = format!("{path}{number}");
            bytes(stranger.send(method.clone(), &path, body, &json).await)
        };
        let unknown = send("999999").await;
        assert_eq!(unknown.0, 404);
        assert_eq!(unknown.2, r#"{"error":"there is no such user"}"#);
        for number in &numbers {
            assert_eq!(send(number).await, unknown, "{method} {path}{number}");
        }
    }
    assert_eq!(shown(&operator, &numbers[0]).await["first_name"], "Ada");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_sees_their_own_profile_and_no_other_without_the_permission() {
    let api = Api::start().await;
    let operator = api.operator();
    let own = new_user(&operator, "ada@x.org", json!({ "org_id": 1 })).await;
    let colleague = new_user(&operator, "grace", json!({ "org_id": 1 })).await;
    let session = api.log_in("ada@x.org", PASSWORD).await.json();
    let session = api.with_key(session.field("token"));
    assert_eq!(shown(&session, &own).await["username"], "ada@x.org");
    let other = format!("/api/v1/user/{colleague}");
    let text = refusal(&session, Method::GET, &other, None, 403).await;
    assert!(text.contains("userManagement"), "{text}");
    let body = json!({ "first_name": "Augusta" });
    let path = format!("/api/v1/user/{own}");
    refusal(&session, Method::PUT, &path, Some(&body), 403).await;
    let reset = format!("/api/v1/resetUserPassword/{own}");
    refusal(&session, Method::GET, &reset, None, 403).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_resets_the_password_of_somebody_who_may_do_more() {
    let api = Api::start().await;
    let (operator, owner) = (api.operator(), api.organization());
    let manager = new_user(&operator, "manager@x.org", json!({ "org_id": 1 })).await;
    let admin = new_user(&operator, "admin@x.org", json!({ "org_id": 1 })).await;
    let equal = new_user(&operator, "equal@x.org", json!({ "org_id": 1 })).await;
    for (number, permission) in [(&manager, "userManagement"), (&admin, "accountManagement")] {
        let path = format!("/api/v2/users/{number}/perms");
        owner.post(&path, &json!({ permission: true })).await.ok();
    }
    let session = api.log_in("manager@x.org", PASSWORD).await.json();
    let session = api.with_key(session.field("token"));
    let reset = |number: &str| format!("/api/v1/resetUserPassword/{number}");
    let text = refusal(&session, Method::GET, &reset(&admin), None, 403).await;
    assert!(text.contains("accountManagement"), "{text}");
    let path = format!("/api/v1/user/{admin}");
    for body in [
        json!({ "password": "stolen horse" }),
        json!({ "status": 0 }),
    ] {
        refusal(&session, Method::PUT, &path, Some(&body), 403).await;
    }
    api.log_in("admin@x.org", PASSWORD).await.ok();
    session.get(&reset(&equal)).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_in_a_path_is_a_whole_number_from_1_up() {
    let api = Api::start().await;
    let operator = api.operator();
    for (path, name) in [
        ("/api/v1/user/", "user_id"),
        ("/api/v1/resetUserPassword/", "user_id"),
        ("/api/v1/org/", "org_id"),
    ] {
        for wrong in [
            "x", "0", "-1", "+1", "1.0", "01", "1e3", "%20", "0x1", "1%00",
        ] {
            let path = format!("{path}{wrong}");
            let text = refusal(&operator, Method::GET, &path, None, 400).await;
            let expected =
                format!("the path parameter {name} must be a whole number of at least 1");
            assert_eq!(text, expected, "{path}");
        }
    }
}
