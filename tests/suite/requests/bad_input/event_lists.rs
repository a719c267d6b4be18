//! How events are listed, and the idempotency key of a booking.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    ErrorAnswer,
    events::{booking, date, events, host},
    queries::WRONG_LIMITS,
    refused,
};
use crate::harness::Api;

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_has_1_to_255_printable_characters() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events(&client, host()).await;
    let send = async |key: &str| {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        let body = booking(json!({})).to_string().into_bytes();
        client.send(Method::POST, &path, Some(body), &headers).await
    };
    for key in ["", " ", "\"\"", "J\u{e9}r\u{f4}me", &"k".repeat(256)] {
        let answer = send(key).await;
        let refusal = ErrorAnswer::of(&path, &answer, key);
        assert_eq!(refusal.status, 400, "{key}");
        assert_eq!(answer.places(), ["Idempotency-Key"], "{key}");
        assert_eq!(refusal.places("header"), ["Idempotency-Key"], "{key}");
    }
    for key in ["k", &"k".repeat(255)] {
        let made = send(key).await;
        assert_eq!(made.status, 201, "{key}: {}", made.text);
    }
    assert_eq!(client.get(&path).await.json().as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_that_came_with_another_booking_is_refused() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events(&client, host()).await;
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "\"one\""),
    ];
    let send = async |body: Value| {
        let body = body.to_string().into_bytes();
        client.send(Method::POST, &path, Some(body), &headers).await
    };
    // A refusal keeps nothing.
    let refusal = send(booking(json!({ "title": "" }))).await;
    assert_eq!(refusal.status, 422, "{}", refusal.text);
    let refusal = send(booking(
        json!({ "dates": [date("2099-07-16T10:00:00", "2099-07-16")] }),
    ))
    .await;
    assert_eq!(refusal.status, 400, "{}", refusal.text);
    let first = send(booking(json!({}))).await.created();
    let again = send(booking(json!({}))).await;
    assert_eq!((again.status.as_u16(), &again.text), (201, &first.text));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let other = send(booking(json!({ "title": "Other" }))).await;
    let refusal = ErrorAnswer::of(&path, &other, "another booking");
    assert_eq!(refusal.status, 422);
    assert_eq!(refusal.places("header"), ["Idempotency-Key"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_list_of_events_is_asked_for_is_refused_by_name() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events(&client, host()).await;
    let long = "a".repeat(5_000);
    let nested = format!("{}a{}", "%28".repeat(300), "%29".repeat(300));
    let mut cases = vec![
        ("q", "%28"),
        ("q", "%5B"),
        ("q", "%2A"),
        ("q", "a%7B2%2C1%7D"),
        ("q", "%28a%29%5C1"),
        ("q", "%28%3F%3Da%29"),
        ("q", "%5Cp%7BMars%7D"),
        // Millions of states, if they were built.
        ("q", "a%7B1000000%7D"),
        ("q", "%28%28a%7B100%7D%29%7B100%7D%29%7B100%7D"),
        ("q", "%5Cw%7B5000%7D"),
        ("q", &*nested),
        ("filter", "x"),
        ("filter", ""),
        ("filter", "Confirmed"),
        ("filter", "confirmed,upcoming"),
        ("cursor", "x"),
        ("cursor", &*long),
    ];
    cases.extend(WRONG_LIMITS.map(|limit| ("limit", limit)));
    for (name, value) in cases {
        let asked = format!("{path}?{name}={value}");
        let refusal = refused(&client, Method::GET, &asked, None).await;
        assert_eq!(refusal.status, 400, "{asked}");
        assert_eq!(refusal.places("parameter"), [name], "{asked}");
    }
    for name in ["limit", "cursor", "q", "filter"] {
        let asked = format!("{path}?{name}=1&{name}=1");
        let refusal = refused(&client, Method::GET, &asked, None).await;
        assert_eq!(refusal.places("parameter"), [name], "{asked}");
    }
    for query in [
        "q=",
        "q=%5EDemo%24",
        "q=%28%3Fi%29d%C3%A9mo",
        "filter=confirmed",
        "filter=upcoming&q=.&limit=1000",
    ] {
        let listed = client.get(&format!("{path}?{query}")).await;
        assert_eq!(listed.status, 200, "{query}: {}", listed.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_list_is_refused_by_the_list_of_events_and_the_other_way_round() {
    let api = Api::start().await;
    let client = api.organization();
    let path = events(&client, host()).await;
    client.new_user_id("second@example.com").await;
    for _ in 0..2 {
        client.post(&path, &booking(json!({}))).await.created();
    }
    let cursor = async |list: &str| {
        let page = client.get(&format!("{list}?limit=1")).await;
        let link = page.next_link().expect("a second page");
        link.split_once("cursor=").unwrap().1.to_owned()
    };
    for (from, list) in [("/v2/users", &*path), (&*path, "/v2/users")] {
        let asked = format!("{list}?cursor={}", cursor(from).await);
        let refusal = refused(&client, Method::GET, &asked, None).await;
        assert_eq!(refusal.status, 400, "{asked}");
        assert_eq!(refusal.places("parameter"), ["cursor"], "{asked}");
    }
}
