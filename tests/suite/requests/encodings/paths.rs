//! A path comes decoded, as from a real HTTP API: what was escaped in it is a value that
//! is wrong, and never another route, a query or an error of the function.

use reqwest::Method;
use serde_json::Value;

use crate::harness::{Api, fixtures::Fields};

/// What a path may hold that is read otherwise once it is decoded: a slash, the start of
/// a query or a fragment, a blank, a NUL, bytes that are no UTF-8, a percent sign.
const ESCAPED: [&str; 9] = [
    "%2F",
    "%3F",
    "%23",
    "%20",
    "%00",
    "%FF",
    "%C3%28",
    "%25",
    "%2e%2e%2fteams",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_escaped_in_a_path_is_a_wrong_value_on_every_surface() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("jean@example.com").await;
    let number = client.get(&format!("/v2/users/{user}")).await.json()["number"].to_string();
    for escaped in ESCAPED {
        for (path, caller) in [
            (format!("/v2/users/{escaped}"), &client),
            (format!("/v2/users/{user}{escaped}"), &client),
            (format!("/v2/teams/{escaped}/events"), &client),
            (format!("/api/v2/users/{escaped}"), &client),
            (format!("/api/v2/users/{number}{escaped}"), &client),
            (format!("/api/v1/user/{escaped}"), &api.operator()),
            (format!("/signup/{escaped}"), &api.anybody()),
            (format!("/e/{escaped}"), &api.anybody()),
        ] {
            let answer = caller.send(Method::GET, &path, None, &[]).await;
            assert!(
                [400, 404].contains(&answer.status.as_u16()),
                "{path}: {} {}",
                answer.status,
                answer.text
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_escaped_question_mark_begins_no_query() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("jean@example.com").await;
    let answer = client.get(&format!("/v2/users/{user}%3Flimit=1")).await;
    assert_eq!(answer.status, 400, "{}", answer.text);
    let errors = answer.json()["errors"].clone();
    assert_eq!(
        errors[0]["path_parameter"],
        Value::from("user_id"),
        "{errors}"
    );
    let plain = client.get(&format!("/v2/users/{user}")).await.ok();
    assert_eq!(plain.json().id(), user);
}
