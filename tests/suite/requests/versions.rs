//! `If-Match`: a change that is made only where nothing has changed since it was read.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields};

async fn put(client: &Client<'_>, path: &str, body: &Value, version: &str) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", version)];
    let body = body.to_string().into_bytes();
    client.send(Method::PUT, path, Some(body), &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_made_only_of_the_version_that_it_names() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("jean@example.com").await;
    let team = json!({ "extid": "1", "name": "Team", "members": [user] });
    let team = client.new_team(team).await.id().to_owned();
    let event = json!({ "title": "Review", "created_by": { "user": user } });
    let event = client.post("/v2/events", &event).await.created().id();
    let number = client.number_of("jean@example.com").await;
    let operator = api.operator();
    let (client, operator) = (&client, &operator);
    for (client, path, member) in [
        (client, format!("/v2/users/{user}"), "/user/first_name"),
        (client, format!("/v2/teams/{team}"), "/name"),
        (client, format!("/v2/events/{event}"), "/title"),
        (client, format!("/api/v2/users/{number}"), "/firstName"),
        (operator, format!("/api/v1/user/{number}"), "/first_name"),
        (operator, "/api/v1/org/1".to_owned(), "/name"),
    ] {
        let body = |name: &str| {
            let mut names: Vec<_> = member.split('/').skip(1).collect();
            names.reverse();
            let of = |value: Value, name: &str| json!({ (name): value });
            names.into_iter().fold(json!(name), of)
        };
        let read = client.get(&path).await.ok();
        let tag = read.header("etag").expect("it has a version").to_owned();
        let first = put(client, &path, &body("One"), &tag).await.ok();
        let newer = first.header("etag").unwrap().to_owned();
        assert_ne!(tag, newer, "{path}");
        let late = put(client, &path, &body("Two"), &tag).await;
        assert_eq!(late.status, 412, "{path}: {}", late.text);
        let number = tag.trim_matches('"');
        let named = format!("version {number}");
        assert!(late.text.contains(&named), "{}", late.text);
        // What it would not change is refused as well.
        assert_eq!(put(client, &path, &body("One"), &tag).await.status, 412);
        for tag in [newer.clone(), format!("W/{newer}"), "*".to_owned()] {
            put(client, &path, &body("One"), &tag).await.ok();
        }
        assert_eq!(client.get(&path).await.ok().header("etag"), Some(&*newer));
        for wrong in ["three", "3", "\"-1\"", "\"3", ""] {
            let refused = put(client, &path, &body("One"), wrong).await;
            assert_eq!(refused.status, 400, "{path} {wrong}: {}", refused.text);
            assert!(refused.text.contains("if-match"), "{}", refused.text);
        }
        client.put(&path, &body("Three")).await.ok();
    }
}
