//! Passwords: changed, and reset.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;

use super::{PASSWORD, change, new_user, refusal, shown};
use crate::{
    harness::{Api, fixtures::Fields},
    table::storage::dump,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_replaces_the_old_one_and_ends_sessions() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_user(&operator, "ada@x.org", json!({ "org_id": 1 })).await;
    let session = api.log_in("ada@x.org", PASSWORD).await.json();
    let session = api.with_key(session.field("token"));
    assert_eq!(shown(&session, &number).await["id"], *number);
    change(&operator, &number, json!({ "password": "another horse" })).await;
    let path = format!("/api/v1/user/{number}");
    assert_eq!(
        session.get(&path).await.status,
        403,
        "the session has ended"
    );
    assert_eq!(api.log_in("ada@x.org", PASSWORD).await.status, 401);
    api.log_in("ada@x.org", "another horse").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_kept_as_a_hash_and_shown_nowhere() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_user(&operator, "ada", json!({})).await;
    let reset = operator
        .get(&format!("/api/v1/resetUserPassword/{number}"))
        .await
        .json();
    let reset = reset.field("password");
    let stored = dump(&api).await;
    assert!(!stored.contains(PASSWORD) && !stored.contains(reset));
    assert!(stored.contains("$argon2id$v=19$m=19456,t=2,p=1$"));
    let user = shown(&operator, &number).await.to_string();
    assert!(!user.contains("argon2") && !user.contains(reset), "{user}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_password_is_13_letters_and_digits_new_each_time_and_works() {
    let api = Api::start().await;
    let (operator, owner) = (api.operator(), api.organization());
    let number = new_user(&operator, "ada@x.org", json!({ "org_id": 1 })).await;
    let path = format!("/api/v1/resetUserPassword/{number}");
    let mut seen = BTreeSet::new();
    for client in [&operator, &owner, &operator] {
        let session = api.log_in(
            "ada@x.org",
            seen.last().map_or(PASSWORD, |last: &String| last),
        );
        let session = session.await;
        let answer = client.get(&path).await.ok();
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let body = answer.json();
        assert_eq!(body["id"], *number);
        let password = body.field("password").to_owned();
        assert_eq!(password.len(), 13, "{password}");
        assert!(
            password.bytes().all(|b| b.is_ascii_alphanumeric()),
            "{password}"
        );
        api.log_in("ada@x.org", &password).await.ok();
        assert_eq!(session.status, 200);
        let token = session.field("token");
        let own = format!("/api/v1/user/{number}");
        assert_eq!(
            api.with_key(&token).get(&own).await.status,
            403,
            "sessions end"
        );
        seen = BTreeSet::from([password]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_gives_a_login_to_who_has_an_address_and_to_nobody_else() {
    let api = Api::start().await;
    let (operator, owner) = (api.operator(), api.organization());
    owner.new_user_id("jean@x.org").await;
    let extid = json!({ "account": { "organization": { "extid": "7" } } });
    owner.new_user(extid).await;
    let reset = operator.get("/api/v1/resetUserPassword/1").await;
    let password = reset.field("password");
    api.log_in("jean@x.org", &password).await.ok();
    let nameless = "/api/v1/resetUserPassword/2";
    let text = refusal(&operator, Method::GET, nameless, None, 409).await;
    assert!(text.starts_with("username: the user has neither"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_does_not_switch_on_who_was_switched_off() {
    let api = Api::start().await;
    let operator = api.operator();
    let fields = json!({ "org_id": 1, "status": 0 });
    let number = new_user(&operator, "ada", fields).await;
    let reset = operator
        .get(&format!("/api/v1/resetUserPassword/{number}"))
        .await;
    let password = reset.field("password");
    assert_eq!(shown(&operator, &number).await["status"], "0");
    assert_eq!(api.log_in("ada", &password).await.status, 401);
    change(&operator, &number, json!({ "status": 1 })).await;
    api.log_in("ada", &password).await.ok();
}
