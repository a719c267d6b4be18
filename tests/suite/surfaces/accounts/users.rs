//! Users by number, beyond the samples.

use reqwest::Method;
use serde_json::{Value, json};

use super::{api_v2, api_v2_error, new_person, person};
use crate::harness::{Answer, Api, Client, fixtures::Fields};

/// A field of `/api/v2`: what it is set to, where `/v2` shows that, and what `/api/v2` shows
/// once it is cleared.
const FIELDS: [(&str, &str, &str, Option<&str>); 5] = [
    ("firstName", "Zoë", "/first_name", Some("")),
    ("lastName", "O'Neil", "/last_name", Some("")),
    ("email", "Zoe@Example.com", "/emails/0", None),
    ("locale", "da", "/language", Some("en")),
    ("timezone", "America/Chicago", "/timezone", Some("UTC")),
];

async fn change(client: &Client<'_>, method: &Method, path: &str, body: &Value) -> Answer {
    client
        .send_json(method.clone(), path, &body.to_string())
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn put_and_patch_change_the_fields_that_are_present_and_no_others() {
    let api = Api::start().await;
    let client = api.organization();
    for (round, method) in [Method::PUT, Method::PATCH].iter().enumerate() {
        let email = format!("jean{round}@example.com");
        let user = json!({
            "email": email, "first_name": "Jean", "last_name": "Dupont", "language": "fr",
            "timezone": "Europe/Paris", "picture_url": "https://www.example.com/jean",
        });
        let made = client.new_user(user).await;
        let user = person(&client, &made["_id"], &email).await;
        let mut expected = client.get(&user.api_v2()).await.json();
        let mut writes = 0;
        for (name, value, pointer, _) in FIELDS {
            let value = if name == "email" {
                format!("{round}{value}")
            } else {
                value.to_owned()
            };
            let answer = change(&client, method, &user.api_v2(), &json!({ name: value }))
                .await
                .ok();
            writes += 1;
            expected[name] = json!(value);
            assert_eq!(answer.json(), expected, "{method} {name}");
            assert_eq!(client.get(&user.api_v2()).await.json(), expected);
            let shown = client.get(&user.v2()).await.json();
            assert_eq!(shown.pointer(pointer), Some(&json!(value)), "{shown}");
            assert_eq!(shown["__v"], writes);
            assert_eq!(shown["picture_url"], "https://www.example.com/jean");
        }
        let nothing = change(&client, method, &user.api_v2(), &json!({}))
            .await
            .ok();
        assert_eq!(nothing.json(), expected);
        let whole = change(&client, method, &user.api_v2(), &expected).await;
        assert_eq!(whole.json(), expected, "a user as it was shown");
        assert_eq!(client.get(&user.v2()).await.json()["__v"], writes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn null_clears_every_field_but_the_address() {
    let api = Api::start().await;
    let client = api.organization();
    for method in [Method::PUT, Method::PATCH] {
        let email = format!("{}@example.com", method.as_str().to_lowercase());
        let user = new_person(&client, &email).await;
        for (name, value, pointer, cleared) in FIELDS {
            let clear = json!({ name: null });
            let Some(cleared) = cleared else {
                let refused = change(&client, &method, &user.api_v2(), &clear).await;
                assert_eq!(
                    api_v2_error(&refused, 422),
                    format!("{name} must not be null")
                );
                assert_eq!(client.get(&user.api_v2()).await.json()["email"], *email);
                continue;
            };
            change(&client, &method, &user.api_v2(), &json!({ name: value }))
                .await
                .ok();
            let answer = change(&client, &method, &user.api_v2(), &clear).await.ok();
            assert_eq!(answer.json()[name], cleared, "{method} {name}");
            let shown = client.get(&user.v2()).await.json();
            let default = (name == "locale").then(|| json!("en"));
            assert_eq!(shown.pointer(pointer), default.as_ref(), "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_surface_takes_its_own_languages_and_shows_the_others() {
    let api = Api::start().await;
    let client = api.organization();
    let user = new_person(&client, "jean@example.com").await;
    for language in ["en", "fr", "da", "de"] {
        let answer = client
            .patch(&user.api_v2(), &json!({ "locale": language }))
            .await
            .ok();
        assert_eq!(answer.json()["locale"], language);
        assert_eq!(client.get(&user.v2()).await.json()["language"], language);
    }
    let spanish = json!({ "user": { "language": "es" } });
    client.put(&user.v2(), &spanish).await.ok();
    assert_eq!(client.get(&user.api_v2()).await.json()["locale"], "es");
    let named = client
        .patch(&user.api_v2(), &json!({ "firstName": "Jean" }))
        .await;
    assert_eq!(named.json()["locale"], "es", "left as it is");
    for language in ["it", "EN", "english"] {
        let answer = client
            .patch(&user.api_v2(), &json!({ "locale": language }))
            .await;
        let message = api_v2_error(&answer, 422);
        assert_eq!(message, "locale must be one of en, fr, da, de");
    }
    let same = client
        .patch(&user.api_v2(), &json!({ "locale": "es" }))
        .await;
    assert_eq!(same.json()["locale"], "es", "what is shown is right");
    let danish = json!({ "user": { "language": "da" } });
    assert_eq!(client.put(&user.v2(), &danish).await.status, 422);
    assert_eq!(client.get(&user.api_v2()).await.json()["locale"], "es");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_right_is_refused_with_the_names_of_its_fields() {
    let api = Api::start().await;
    let client = api.organization();
    let user = new_person(&client, "jean@example.com").await;
    let before = client.get(&user.v2()).await.json();
    let other = user.number + 1;
    for (body, status, names) in [
        (json!({ "firstname": "Jean" }), 400, vec!["firstname"]),
        (
            json!({ "accountManagement": true }),
            400,
            vec!["accountManagement"],
        ),
        (json!({ "firstName": 7 }), 400, vec!["firstName"]),
        (json!({ "lastName": ["Dupont"] }), 400, vec!["lastName"]),
        (
            json!({ "lastName": "x".repeat(101) }),
            422,
            vec!["lastName"],
        ),
        (json!({ "email": {} }), 400, vec!["email"]),
        (json!({ "email": "jean" }), 422, vec!["email"]),
        (json!({ "locale": false }), 400, vec!["locale"]),
        (json!({ "timezone": 1 }), 400, vec!["timezone"]),
        (json!({ "timezone": "Mars/Olympus" }), 422, vec!["timezone"]),
        (json!({ "_id": other }), 422, vec!["_id"]),
        (
            json!({ "firstName": "Jean", "email": "jean", "timezone": "Mars" }),
            422,
            vec!["email", "timezone"],
        ),
        (
            json!({ "_id": "one", "firstName": 7, "locale": "xx", "x": 1 }),
            400,
            vec!["_id", "firstName", "locale", "x"],
        ),
        (json!([]), 400, vec!["the body"]),
        (json!("Jean"), 400, vec!["the body"]),
    ] {
        for method in [Method::PUT, Method::PATCH] {
            let answer = change(&client, &method, &user.api_v2(), &body).await;
            let message = api_v2_error(&answer, status);
            let told: Vec<_> = message.split("; ").collect();
            assert_eq!(told.len(), names.len(), "{body}: {message}");
            for name in &names {
                let starts = |part: &&str| part.starts_with(&format!("{name} "));
                assert!(told.iter().any(starts), "{body}: {message}");
            }
        }
    }
    let perms = json!({ "viewMetrics": "maybe", "root": true });
    let message = api_v2_error(&client.post(&user.perms(), &perms).await, 400);
    assert!(message.contains("viewMetrics ") && message.contains("root "));
    for path in [user.activate(), user.deactivate()] {
        let message = api_v2_error(&client.post(&path, &json!({ "active": true })).await, 400);
        assert!(message.starts_with("active "), "{message}");
    }
    let text = [("content-type", "text/plain")];
    let body = Some(br#"{"firstName":"Jean"}"#.to_vec());
    for path in [user.api_v2(), "/api/v2/users".to_owned()] {
        let method = if path == user.api_v2() {
            Method::PUT
        } else {
            Method::POST
        };
        let answer = client
            .send(method.clone(), &path, body.clone(), &text)
            .await;
        api_v2_error(&answer, 415);
        let broken = client
            .send_json(method.clone(), &path, "{\"firstName\":")
            .await;
        api_v2_error(&broken, 400);
        let missing = client.send(method, &path, None, &[]).await;
        assert!(api_v2_error(&missing, 400).contains("is required"));
    }
    assert_eq!(client.get(&user.v2()).await.json(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_address_is_refused_without_telling_who_has_it() {
    let api = Api::start().await;
    let client = api.organization();
    let taken = json!({ "email": "Jane@Example.com", "first_name": "Jane", "last_name": "Doe" });
    let holder = client.new_user(taken).await;
    let user = new_person(&client, "jean@example.com").await;
    let body = json!({ "email": "jane@example.COM", "firstName": "Jean" });
    for method in [Method::PUT, Method::PATCH] {
        let answer = change(&client, &method, &user.api_v2(), &body).await;
        let message = api_v2_error(&answer, 409);
        assert!(message.starts_with("email: "), "{message}");
        for who in [holder.id(), "Jane", "Doe"] {
            assert!(!message.contains(who), "{message}");
        }
    }
    let shown = client.get(&user.api_v2()).await.json();
    assert_eq!(
        (&shown["email"], &shown["firstName"]),
        (&json!("jean@example.com"), &json!(""))
    );
    let own = json!({ "email": "JEAN@example.com" });
    let recased = client.patch(&user.api_v2(), &own).await;
    assert_eq!(recased.json()["email"], "JEAN@example.com");
    let (_, other) = api.new_organization("Other").await;
    let elsewhere = new_person(&other, "x@example.com").await;
    other
        .patch(&elsewhere.api_v2(), &json!({ "email": "jane@example.com" }))
        .await
        .ok();
}

/// Every operation on one user.
async fn every_operation(client: &Client<'_>, path: &str) -> Vec<Answer> {
    let name = json!({ "firstName": "X" });
    let operation = |name: &str| format!("{path}/{name}");
    vec![
        client.get(path).await,
        client.put(path, &name).await,
        client.patch(path, &name).await,
        client
            .post(&operation("perms"), &json!({ "viewMetrics": true }))
            .await,
        client.post_nothing(&operation("activate")).await,
        client.post_nothing(&operation("deactivate")).await,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_holds_no_number_is_refused() {
    let api = Api::start().await;
    let client = api.organization();
    let user = new_person(&client, "jean@example.com").await;
    for wrong in [
        "x",
        "0",
        "-1",
        "+1",
        "01",
        "1.0",
        "1e0",
        "%201",
        "18446744073709551616",
        user.id.as_str(),
    ] {
        for answer in every_operation(&client, &format!("/api/v2/users/{wrong}")).await {
            let message = api_v2_error(&answer, 400);
            assert!(message.contains("user_id"), "{message}");
        }
    }
    assert_eq!(client.get(&user.v2()).await.json()["__v"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organizations_number_answers_as_one_that_nobody_has() {
    let api = Api::start().await;
    let (_, other) = api.new_organization("Other").await;
    let theirs = new_person(&other, "theirs@example.com").await;
    let client = api.organization();
    new_person(&client, "own@example.com").await;
    let gone = new_person(&client, "gone@example.com").await;
    client.delete(&gone.v2()).await.ok();
    let unknown = every_operation(&client, &api_v2(1_000_000)).await;
    for path in [theirs.api_v2(), gone.api_v2(), api_v2(u64::MAX)] {
        let answers = every_operation(&client, &path).await;
        for (answer, unknown) in answers.iter().zip(&unknown) {
            api_v2_error(answer, 404);
            assert_eq!(answer.text, unknown.text);
            let names = |answer: &Answer| {
                let mut names: Vec<_> =
                    answer.headers.keys().map(|name| name.to_string()).collect();
                names.sort();
                names
            };
            assert_eq!(names(answer), names(unknown));
        }
    }
    let shown = other.get(&theirs.v2()).await.json();
    assert_eq!((&shown["__v"], shown.get("active")), (&json!(0), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_listed_in_pages_by_number() {
    let api = Api::start().await;
    let client = api.organization();
    let mut expected = Vec::new();
    for n in 0..7 {
        let user = new_person(&client, &format!("{n}@example.com")).await;
        expected.push(json!(user.number));
    }
    let numbers = |list: &[Value]| -> Vec<Value> {
        let number = |user: &Value| user["_id"].clone();
        list.iter().map(number).collect()
    };
    for path in ["/api/v2/users", "/api/v2/users/"] {
        let all = client.get(path).await;
        assert_eq!(numbers(all.json().as_array().unwrap()), expected);
        assert_eq!(all.next_link(), None);
        for limit in [1, 2, 3, 7, 1_000] {
            let paged = client.list_all(path, limit).await;
            assert_eq!(numbers(&paged), expected, "{path} {limit}");
        }
        let first = client.get(&format!("{path}?limit=3")).await;
        assert_eq!(first.json().as_array().unwrap().len(), 3);
        let next = first.next_link().expect("more is left");
        assert!(next.starts_with(&format!("{path}?")), "{next}");
    }
    for (query, name) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=x", "limit"),
        ("limit=1&limit=2", "limit"),
        ("cursor=x", "cursor"),
        ("page=2", "page"),
    ] {
        let answer = client.get(&format!("/api/v2/users?{query}")).await;
        let message = api_v2_error(&answer, 400);
        assert!(message.contains(name), "{query}: {message}");
    }
    client.post("/v2/keys", &json!({ "name": "second" })).await;
    let keys = client.get("/v2/keys?limit=1").await;
    let foreign = keys
        .next_link()
        .unwrap()
        .replace("/v2/keys", "/api/v2/users");
    let message = api_v2_error(&client.get(&foreign).await, 400);
    assert!(message.contains("cursor"), "{message}");
}
