//! `Idempotency-Key`: an operation answers with the first answer, or says that it
//! does not.

use futures_util::future::join_all;
use reqwest::Method;
use roster_local::routes;
use roster_runtime::Repeats;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, ErrorStyle, fixtures::Fields, gate::Gate};

async fn post(client: &Client<'_>, path: &str, keys: &[&str], body: &Value) -> Answer {
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(keys.iter().map(|key| ("idempotency-key", *key)));
    let body = body.to_string().into_bytes();
    client.send(Method::POST, path, Some(body), &headers).await
}

async fn count(client: &Client<'_>, path: &str) -> usize {
    client.get(path).await.json().as_array().unwrap().len()
}

fn user(email: &str) -> Value {
    json!({ "user": { "email": email, "first_name": "Jean" } })
}

fn team(extid: &str) -> Value {
    json!({ "extid": extid, "name": "Team", "members": [] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_and_a_team_that_are_made_again_under_one_key_are_made_once() {
    let api = Api::start().await;
    let client = api.organization();
    for (path, body, other) in [
        ("/v2/users", user("a@x.org"), user("b@x.org")),
        ("/v2/teams", team("a"), team("b")),
    ] {
        let key = format!("key of {path}");
        let first = post(&client, path, &[&key], &body).await.created();
        assert_eq!(first.header("idempotent-replayed"), None);
        assert!(first.cost().round_trips <= 2, "{path}: {:?}", first.cost());
        let before = count(&client, path).await;
        let again = post(&client, path, &[&key], &body).await;
        assert_eq!((again.status.as_u16(), &again.text), (201, &first.text));
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        let different = post(&client, path, &[&key], &other).await;
        assert_eq!(different.status, 422, "{}", different.text);
        assert_eq!(different.places(), ["Idempotency-Key"]);
        assert_eq!(count(&client, path).await, before);
        let without = post(&client, path, &[], &body).await;
        assert_eq!(without.status, 409, "{}", without.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_that_a_post_changed_is_answered_as_changed_again() {
    let api = Api::start().await;
    let client = api.organization();
    let id = client.new_user_id("a@x.org").await;
    let body = json!({ "user": { "_id": id, "first_name": "Jean" } });
    let first = post(&client, "/v2/users", &["k"], &body).await.ok();
    let again = post(&client, "/v2/users", &["k"], &body).await;
    assert_eq!((again.status.as_u16(), &again.text), (200, &first.text));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_at_once_under_one_key_make_one_user_and_one_team() {
    let api = Api::start().await;
    let client = api.organization();
    for (path, body) in [("/v2/users", user("a@x.org")), ("/v2/teams", team("a"))] {
        let before = count(&client, path).await;
        let key = format!("key of {path}");
        let keys = [key.as_str()];
        let answers = join_all((0..20).map(|_| post(&client, path, &keys, &body))).await;
        let made: Vec<_> = answers
            .iter()
            .filter(|answer| answer.status == 201)
            .collect();
        assert!(!made.is_empty(), "{}", answers[0].text);
        assert!(made.iter().all(|answer| answer.text == made[0].text));
        for other in answers.iter().filter(|answer| answer.status != 201) {
            assert_eq!(other.status, 409, "in flight: {}", other.text);
        }
        assert_eq!(count(&client, path).await, before + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lost_a_race_is_decided_again_under_its_key() {
    let api = Api::start().await;
    let client = api.organization();
    let member = client.new_user_id("member@example.com").await;
    let (gate, held) = Gate::before(&api).await;
    let slow = held.organization();
    let team = json!({ "extid": "1", "name": "Team", "members": [member] });
    let changed = json!({ "user": { "_id": member, "first_name": "Ada" } });
    for (path, body, name) in [
        ("/v2/teams", &team, "Changed"),
        ("/v2/users", &changed, "Changed, too"),
    ] {
        let other = json!({ "user": { "last_name": name } });
        let member = format!("/v2/users/{member}");
        let (answer, meanwhile) = gate
            .hold_both(
                post(&slow, path, &[path], body),
                client.put(&member, &other),
            )
            .await;
        assert_eq!(meanwhile.status, 200, "{path}: {}", meanwhile.text);
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        let shown = client.get(&member).await.json();
        assert_eq!(shown["last_name"], name, "{path}: {shown}");
        let again = post(&client, path, &[path], body).await;
        assert_eq!(again.text, answer.text, "{path}");
    }
    assert_eq!(count(&client, "/v2/teams").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_or_a_team_that_was_refused_may_be_sent_again_under_its_key() {
    let api = Api::start().await;
    let client = api.organization();
    let first = client.new_user_id("a@x.org").await;
    assert_eq!(
        post(&client, "/v2/users", &["u"], &user("a@x.org"))
            .await
            .status,
        409
    );
    client.delete(&format!("/v2/users/{first}")).await.ok();
    post(&client, "/v2/users", &["u"], &user("a@x.org"))
        .await
        .created();
    let team = json!({ "extid": "a", "name": "T", "members": [{ "email": "b@x.org" }] });
    assert_eq!(post(&client, "/v2/teams", &["t"], &team).await.status, 422);
    client.new_user_id("b@x.org").await;
    post(&client, "/v2/teams", &["t"], &team).await.created();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_is_sent_twice_counts_once_where_it_is_the_same() {
    let api = Api::start().await;
    let client = api.organization();
    post(&client, "/v2/users", &["k", "k"], &user("a@x.org"))
        .await
        .created();
    let again = post(&client, "/v2/users", &["k"], &user("a@x.org")).await;
    assert_eq!(
        again.header("idempotent-replayed"),
        Some("true"),
        "{}",
        again.text
    );
    let two = post(&client, "/v2/users", &["k", "l"], &user("b@x.org")).await;
    assert_eq!(
        (two.status.as_u16(), two.places()),
        (400, vec!["idempotency-key".to_owned()])
    );
    let json = "application/json";
    let body = user("c@x.org").to_string().into_bytes();
    let types = [("content-type", json), ("content-type", json)];
    client
        .send(Method::POST, "/v2/users", Some(body), &types)
        .await
        .created();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_for_what_has_a_secret_is_refused_and_nothing_is_made() {
    let api = Api::start().await;
    let client = api.organization();
    let mut login = user("a@x.org");
    login["login"] = json!({ "credentials": { "username": "jean", "password": "correct horse" } });
    let mut link = user("b@x.org");
    link["finish_signup_with"] = json!("email");
    let mut calendar = user("c@x.org");
    calendar["calendars"] = json!([{ "source": "exchange", "credentials": {
        "server": "mail.example.com", "username": "jean", "password": "secret",
    } }]);
    let before = count(&client, "/v2/users").await;
    for body in [login, link, calendar] {
        let refused = post(&client, "/v2/users", &["k"], &body).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
        assert_eq!(refused.places(), ["Idempotency-Key"]);
    }
    assert_eq!(count(&client, "/v2/users").await, before);
    let made = api
        .operator()
        .post(
            "/api/v1/user",
            &json!({ "username": "x@x.org", "password": "correct horse", "first_name": "A", "last_name": "B" }),
        )
        .await;
    let reset = format!("/api/v1/resetUserPassword/{}", made.json().field("id"));
    let key = [("idempotency-key", "k")];
    let refused = api.operator().send(Method::GET, &reset, None, &key).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
}

/// Every `POST` answers with the first answer or refuses the header by name; no
/// other method looks at it.
#[tokio::test(flavor = "multi_thread")]
async fn an_operation_that_knows_no_key_says_so() {
    let api = Api::start().await;
    let mut refused = 0;
    for route in routes() {
        for (method, template) in route.matches {
            let path = [
                "user_id", "team_id", "event_id", "key_id", "org_id", "token",
            ]
            .iter()
            .fold((*template).to_owned(), |path, name| {
                let id = if template.starts_with("/v2") {
                    "5f5e10000000000000000000"
                } else {
                    "999999"
                };
                path.replace(&format!("{{{name}}}"), id)
            });
            if path == "/openapi.json" || path == "/docs" {
                // They are about the header.
                continue;
            }
            let key = [("idempotency-key", "k")];
            let answer = api.operator().send(method.clone(), &path, None, &key).await;
            let names_it = answer.text.contains("Idempotency-Key");
            let is_page = ErrorStyle::of(&path) == ErrorStyle::Page;
            let refuses = *method == Method::POST && route.repeats == Repeats::Refuse
                || path.contains("resetUserPassword");
            assert_eq!(
                names_it || (is_page && answer.status == 400),
                refuses,
                "{method} {path}: {}",
                answer.text
            );
            if refuses {
                assert_eq!(answer.status, 400, "{method} {path}: {}", answer.text);
                refused += 1;
            }
        }
    }
    assert!(refused > 10, "{refused}");
}
