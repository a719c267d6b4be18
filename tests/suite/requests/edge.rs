//! An API that `CloudFront` stands in front of (`infra/edge.yaml`).

use futures_util::future::join_all;
use reqwest::Method;
use roster_domain::access::secret::SecretDigest;
use serde_json::json;

use crate::harness::{Answer, Api};

const SECRET: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// Tries to log in as somebody, with these headers beside.
async fn log_in(api: &Api, somebody: usize, headers: &[(&str, &str)]) -> Answer {
    let email = format!("{somebody}@example.com");
    let body = json!({ "email": email, "password": "wrong-horse-battery" });
    let mut all = vec![("content-type", "application/json")];
    all.extend(headers);
    let client = api.anybody();
    let body = Some(body.to_string().into_bytes());
    client.send(Method::POST, "/api/v2/login", body, &all).await
}

/// How many of so many logins, each as another user, are refused as too many. The headers
/// are those of the login's number.
async fn limited<const N: usize>(
    api: &Api,
    logins: usize,
    headers: impl Fn(usize) -> [(&'static str, String); N],
) -> usize {
    let tries = (0..logins).map(async |number| {
        let headers = headers(number);
        let headers = headers
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        log_in(api, number, &headers).await
    });
    let answers = join_all(tries).await;
    let too_many = answers.iter().filter(|answer| answer.status == 429);
    too_many.count()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_does_not_come_through_the_edge_is_refused() {
    let api = Api::start_behind_edge(SecretDigest::of(SECRET).as_hex()).await;
    let wrong = SECRET.to_uppercase();
    for headers in [
        vec![],
        vec![("x-roster-edge", "")],
        vec![("x-roster-edge", wrong.as_str())],
        vec![("x-roster-edge", SECRET), ("x-roster-edge", SECRET)],
        vec![("x-roster-viewer", "192.0.2.7")],
    ] {
        let answer = log_in(&api, 0, &headers).await;
        assert_eq!(answer.status, 403, "{headers:?}: {}", answer.text);
        assert!(answer.text.contains("CloudFront"), "{}", answer.text);
    }
    let client = api.organization();
    let users = client.get("/v2/users").await;
    assert_eq!(users.status, 403, "{}", users.text);
    let sent = [("x-roster-edge", SECRET)];
    let users = client.send(Method::GET, "/v2/users", None, &sent);
    assert_eq!(users.await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_are_limited_by_the_viewers_address() {
    let api = Api::start_behind_edge(SecretDigest::of(SECRET).as_hex()).await;
    let from = |address: String| {
        [
            ("x-roster-edge", SECRET.to_owned()),
            ("x-roster-viewer", address),
        ]
    };
    let one = limited(&api, 70, |_| from("192.0.2.7".to_owned())).await;
    assert_eq!(one, 10, "an address has 60");
    let many = limited(&api, 70, |number| from(format!("198.51.100.{number}"))).await;
    assert_eq!(many, 0, "each is another's");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_stands_in_front_a_header_that_names_an_address_is_not_believed() {
    let api = Api::start().await;
    let from = |number: usize| [("x-roster-viewer", format!("198.51.100.{number}"))];
    assert_eq!(limited(&api, 70, from).await, 10);
}
