//! Bodies that are compressed, or not in UTF-8, are told apart from wrong JSON.

mod paths;

use crate::harness::{Answer, Api};
use reqwest::Method;

async fn put(api: &Api, path: &str, body: &[u8], headers: &[(&str, &str)]) -> Answer {
    let method = if path.ends_with("login") || path.ends_with("org") {
        Method::POST
    } else {
        Method::PUT
    };
    let all: Vec<_> = [("content-type", "application/json")]
        .iter()
        .chain(headers)
        .copied()
        .collect();
    api.operator()
        .send(method, path, Some(body.to_vec()), &all)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_encoded_is_a_415_that_says_so_on_every_surface() {
    let api = Api::start().await;
    let gzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xAB, 0xAE, 5, 0];
    for path in [
        "/v2/users/5f5e10000000000000000000",
        "/api/v2/login",
        "/api/v1/org",
    ] {
        let answer = put(&api, path, &gzip, &[("content-encoding", "gzip")]).await;
        assert_eq!(answer.status, 415, "{path}: {}", answer.text);
        assert!(
            answer.text.contains("Content-Encoding: gzip"),
            "{path}: {}",
            answer.text
        );
        let silent = put(&api, path, &gzip, &[]).await;
        assert_eq!(silent.status, 400, "{path}: {}", silent.text);
        assert!(silent.text.contains("gzip"), "{path}: {}", silent.text);
    }
    put(
        &api,
        "/api/v1/org",
        br#"{"name":"A"}"#,
        &[("content-encoding", "Identity")],
    )
    .await
    .ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_order_mark_is_passed_over_and_other_encodings_are_told() {
    let api = Api::start().await;
    api.operator()
        .send(
            Method::POST,
            "/api/v1/org",
            Some(b"\xEF\xBB\xBFname=Marked".to_vec()),
            &[("content-type", "application/x-www-form-urlencoded")],
        )
        .await
        .ok();
    let client = api.organization();
    let body = "\u{feff}{\"user\": {\"email\": \"a@x.org\"}}"
        .as_bytes()
        .to_vec();
    // Told to be no JSON text by its type, so that no client reads it as one.
    client
        .send(
            Method::POST,
            "/v2/users",
            Some(body),
            &[("content-type", "application/vnd.x+json")],
        )
        .await
        .created();
    let wide: Vec<u8> = "{\"user\": {}}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut with_mark = vec![0xFF, 0xFE];
    with_mark.extend(&wide);
    for body in [wide, with_mark] {
        let answer = put(&api, "/v2/users/5f5e10000000000000000000", &body, &[]).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        assert!(answer.text.contains("this is UTF-16"), "{}", answer.text);
    }
}
