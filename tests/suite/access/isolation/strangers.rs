//! Callers without a key, or with something that is not one.

use roster_domain::{
    KeyId,
    access::key::{PresentedKey, Role},
};
use roster_local::{routes, setup};
use roster_runtime::Access;
use serde_json::json;

use super::{Names, comparable, send};
use crate::harness::{Api, Client};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_only_public_routes_answer() {
    let api = Api::start().await;
    let unknown = Names::unknown();
    let demo: PresentedKey = setup::ORGANIZATION_KEY.parse().unwrap();
    let mistyped = setup::ORGANIZATION_KEY.replace("local", "lacol");
    let refused_keys = [
        "x".to_owned(),
        "Bearer".to_owned(),
        format!("Basic {}", setup::ORGANIZATION_KEY),
        mistyped,
        // Well-formed: no such key; that key's id with another secret; and as
        // another kind of key.
        PresentedKey::generate(Role::Organization, KeyId::from_bytes([7; 12])).reveal(),
        PresentedKey::generate(Role::Organization, demo.id).reveal(),
        PresentedKey::generate(Role::Operator, demo.id).reveal(),
    ];
    for route in routes() {
        for (method, template) in route.matches {
            let path = unknown.fill(template);
            let call = async |client: Client<'_>| {
                let answer = send(&client, method, &path, None).await;
                // A page is HTML, and says who it is for in words.
                let body = serde_json::from_str(&answer.text).unwrap_or_else(|_| json!({}));
                let message = body["message"].clone();
                let is_json = answer.header("content-type") == Some("application/json");
                (answer.status.as_u16(), message, is_json)
            };
            let nobody = call(api.anybody()).await;
            if route.access == Access::Public {
                let expected = match route.binary {
                    // A login without a name and a password.
                    "accounts-login" => 400,
                    "reference-openapi" | "reference-docs" => 200,
                    _ => 404,
                };
                assert_eq!(nobody.0, expected, "{method} {path}");
                continue;
            }
            assert_eq!(
                nobody,
                (401, json!("Unauthorized"), true),
                "{method} {path}"
            );
            for key in &refused_keys {
                assert_eq!(
                    call(api.with_key(key)).await,
                    (403, json!("Forbidden"), true),
                    "{method} {path} with {key}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_public_teams_logins_pages_and_the_reference_are_served_to_anybody() {
    let public: Vec<_> = routes()
        .into_iter()
        .filter(|route| route.access == Access::Public)
        .map(|route| route.binary)
        .collect();
    assert_eq!(
        public,
        [
            "scheduling-user-calendar",
            "scheduling-user-freebusy",
            "scheduling-team-calendar",
            "scheduling-team-freebusy",
            "scheduling-public-team",
            "accounts-login",
            "accounts-show-signup",
            "accounts-finish-signup",
            "guests-show-event",
            "guests-change-event",
            "guests-show-page",
            "guests-book-on-page",
            "reference-openapi",
            "reference-docs",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_may_come_as_a_bearer_token() {
    let api = Api::start().await;
    let plain = api.organization().get("/v2/users").await;
    let bearer = api.with_key(&format!("Bearer {}", setup::ORGANIZATION_KEY));
    let answer = bearer.get("/v2/users").await;
    assert_eq!(comparable(&answer), comparable(&plain));
    assert_eq!(answer.status, 200, "{}", answer.text);
}
