//! What is told when the database takes seconds for every call.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::future::join_all;
use reqwest::Method;
use roster_runtime::function::deployment::Timeout;
use serde_json::{Value, json};

use crate::{
    concurrency::one_team::{hour, team},
    harness::{Api, proxy},
};

#[tokio::test(flavor = "multi_thread")]
async fn every_caller_hears_of_a_database_that_takes_seconds_before_the_function_is_stopped() {
    let api = Api::start().await;
    let client = api.organization();
    let team = team(&client, 2).await;
    let user = client.new_user_id("jean@example.com").await;
    let calls = Arc::new(AtomicU64::new(0));
    let slow = proxy::behind(&api, move |call| {
        let number = calls.fetch_add(1, Ordering::Relaxed);
        async move {
            // What shows who calls is let through: API Gateway answers for it.
            if !call.body.to_string().contains("KEY#") {
                let wait = Duration::from_millis(2_000 + number * 700 % 2_000);
                tokio::time::sleep(wait).await;
            }
            Some(call.send().await)
        }
    })
    .await;
    let user = format!("/v2/users/{user}");
    let renamed = json!({ "user": { "first_name": "Jean" } });
    let created = json!({ "user": { "email": "ada@example.com" } });
    let events = format!("/v2/teams/{team}/events");
    let login = json!({ "email": "nobody@example.com", "password": "wrong-horse-battery" });
    let asked: [(Method, &str, Option<Value>); 8] = [
        (Method::GET, &user, None),
        (Method::GET, "/v2/users", None),
        (Method::GET, &events, None),
        (Method::PUT, &user, Some(renamed)),
        (Method::POST, "/v2/users", Some(created)),
        (Method::POST, &events, Some(hour(1))),
        (Method::POST, &events, Some(hour(2))),
        (Method::POST, "/api/v2/login", Some(login)),
    ];
    let client = slow.organization();
    let answers = join_all(asked.into_iter().map(async |(method, path, body)| {
        let body = body.map(|body| body.to_string().into_bytes());
        let json = [("content-type", "application/json")];
        let answer = client.send(method.clone(), path, body, &json);
        let stopped = Timeout::Default.duration();
        let answer = tokio::time::timeout(stopped, answer).await;
        let what = format!("{method} {path}");
        (
            answer.unwrap_or_else(|_| panic!("{what} was stopped")),
            what,
        )
    }))
    .await;
    for (answer, what) in &answers {
        let status = answer.status.as_u16();
        assert!(
            [200, 201, 401, 503].contains(&status),
            "{what}: {}",
            answer.text
        );
        if status == 503 {
            assert_eq!(answer.header("retry-after"), Some("1"), "{what}");
        }
    }
    let told = answers.iter().filter(|(answer, _)| answer.status == 503);
    assert!(told.count() > 0, "nothing took too long");
}
