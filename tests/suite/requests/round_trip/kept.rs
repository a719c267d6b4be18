//! What is sent is kept, or refused by name.

use reqwest::Method;
use serde_json::{Value, json};

use super::{succeeded, text};
use crate::harness::{Api, furnished::booking};

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_without_fields_refuses_them_by_name() {
    let api = Api::start().await;
    let client = api.organization();
    let mut members = Vec::new();
    for name in ["ada", "bob"] {
        members.push(client.new_user_id(&format!("{name}@example.com")).await);
    }
    let team = client
        .new_team(json!({ "extid": "1", "name": "Team", "members": members }))
        .await;
    let events = format!("/v2/teams/{}/events", text(&team["_id"]));
    let event = client
        .post(&events, &booking("Meeting", 1, 10))
        .await
        .json();
    let assigned = event["assignment"]["member"].clone();
    let reassign = format!("{events}/{}/reassign", text(&event["_id"]));
    let change = |what| format!("/v2/events/{}/{what}", text(&event["_id"]));
    let number = client.get("/api/v2/users").await.json()[0]["_id"].to_string();
    let hook = json!({ "action": "*", "target_url": "http://127.0.0.1:9/" });
    let hook = client.post("/hooks", &hook).await.created().id();
    let path = format!("/v2/users/{}/time-off", members[0]);
    let off = json!({ "from": "2031-01-09" });
    let off = client.post(&path, &off).await.created().id();
    let paths = [
        format!("{path}/{off}/reassign"),
        change("confirm"),
        change("cancel"),
        change("no-show"),
        format!("/v2/hooks/{hook}/ping"),
        format!("/v2/hooks/{hook}/deliveries/{hook}/replay"),
        format!(
            "/v2/teams/{}/members/{}/admin",
            text(&team["_id"]),
            members[0]
        ),
        format!(
            "/v2/teams/{}/members/{}/admin-only",
            text(&team["_id"]),
            members[0]
        ),
        format!("/api/v2/users/{number}/activate"),
        format!("/api/v2/users/{number}/deactivate"),
        "/api/v2/logout".to_owned(),
    ];
    for path in paths {
        let refused = client.post(&path, &json!({ "user": members[0] })).await;
        assert_eq!(refused.status, 400, "{path}: {}", refused.text);
        assert!(refused.text.contains("user"), "{path}: {}", refused.text);
        for wrong in ["[]", "null", "{", "\"x\""] {
            let refused = client.send_json(Method::POST, &path, wrong).await;
            assert_eq!(refused.status, 400, "{path} {wrong}: {}", refused.text);
        }
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let body = Some(b"user=1".to_vec());
        let refused = client.send(Method::POST, &path, body, &form).await;
        assert_eq!(refused.status, 415, "{path}: {}", refused.text);
    }
    let listed = client.get(&events).await.json();
    assert_eq!(
        listed[0]["assignment"]["member"], assigned,
        "nobody else has it"
    );
    let moved = client.post(&reassign, &json!({})).await;
    succeeded(&moved, "an empty object says nothing");
    succeeded(&client.post_nothing(&reassign).await, "no body");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_name_alone_is_split_and_beside_the_names_it_agrees() {
    let api = Api::start().await;
    let client = api.organization();
    let made = json!({ "user": { "email": "jean@example.com", "full_name": "Jean  Paul Dupont" } });
    let made = client.post("/v2/users", &made).await.created();
    let path = format!("/v2/users/{}", text(&made.json()["user"]["_id"]));
    let names = async || {
        let user = client.get(&path).await.json();
        let name = |name: &str| user.get(name).map_or("", text).to_owned();
        (name("first_name"), name("last_name"), name("full_name"))
    };
    let are =
        |first: &str, last: &str, full: &str| (first.to_owned(), last.to_owned(), full.to_owned());
    assert_eq!(
        names().await,
        are("Jean", "Paul Dupont", "Jean Paul Dupont")
    );
    for (body, expected) in [
        (
            json!({ "user": { "full_name": "Zoë" } }),
            are("Zoë", "", "Zoë"),
        ),
        (
            json!({ "full_name": "Ludwig van Beethoven" }),
            are("Ludwig", "van Beethoven", "Ludwig van Beethoven"),
        ),
        (
            json!({ "user": { "first_name": "Jean Paul", "last_name": "Dupont", "full_name": "Jean Paul Dupont" } }),
            are("Jean Paul", "Dupont", "Jean Paul Dupont"),
        ),
        // The names that it reads like stay as they are.
        (
            json!({ "user": { "full_name": "Jean Paul Dupont" } }),
            are("Jean Paul", "Dupont", "Jean Paul Dupont"),
        ),
        // As it was before: an answer was read, and one name changed in it.
        (
            json!({ "user": { "first_name": "Anne", "last_name": "Dupont", "full_name": "Jean Paul Dupont" } }),
            are("Anne", "Dupont", "Anne Dupont"),
        ),
    ] {
        let answer = client.put(&path, &body).await;
        succeeded(&answer, &body.to_string());
        assert_eq!(names().await, expected, "{body}");
    }
    let other = json!({ "user": { "first_name": "Anne", "last_name": "Dupont", "full_name": "Somebody Else" } });
    let long = json!({ "user": { "full_name": "x".repeat(101) } });
    for body in [other, long] {
        let refused = client.put(&path, &body).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert_eq!(refused.places(), ["/user/full_name"]);
    }
    assert_eq!(names().await, are("Anne", "Dupont", "Anne Dupont"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_the_person_who_books_survives_their_invitation() {
    let api = Api::start().await;
    let client = api.organization();
    let member = client.new_user_id("ada@example.com").await;
    let team = client
        .new_team(json!({ "extid": "1", "name": "Team", "members": [member] }))
        .await;
    let events = format!("/v2/teams/{}/events", text(&team["_id"]));
    let zoe = json!({ "email": "Zoe@Example.org", "phone": "+33 1" });
    let tom = json!({ "email": "tom@example.org", "full_name": "Tom" });
    for (day, invitees) in [
        (1, json!([zoe, tom])),
        (2, json!([tom, zoe])),
        (
            3,
            json!([{ "email": "zoe@example.org", "full_name": "Zoé", "phone": null }]),
        ),
        (4, json!([])),
        (
            5,
            json!([{ "email": "ADA@example.com", "full_name": "Ada B.", "phone": "+33 2" }]),
        ),
    ] {
        let mut body = booking("Meeting", day, 10);
        body["created_by"] = json!({ "email": "zoe@example.org", "full_name": "Zoé" });
        body["invitees"] = invitees.clone();
        let made = client.post(&events, &body).await.created();
        let made = made.json();
        let listed = made["invitees"].as_array().unwrap();
        let of = |email: &str| -> Vec<Value> {
            let is = |one: &&Value| text(&one["email"]).eq_ignore_ascii_case(email);
            listed.iter().filter(is).cloned().collect()
        };
        let zoe = of("zoe@example.org");
        assert_eq!(zoe.len(), 1, "{invitees}: {listed:?}");
        assert_eq!(zoe[0]["full_name"], "Zoé", "{invitees}");
        if day < 3 {
            assert_eq!(zoe[0]["phone"], "+33 1", "{invitees}");
        }
        if day == 5 {
            let ada = of("ada@example.com");
            assert_eq!((ada.len(), &ada[0]["phone"]), (1, &json!("+33 2")));
            assert_eq!(
                ada[0]["full_name"], "Ada B.",
                "the member has no name of their own"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_kept_where_it_stands_is_refused_by_name() {
    let api = Api::start().await;
    let client = api.organization();
    let path = format!("/v2/users/{}", client.new_user_id("jean@example.com").await);
    let credentials = json!([{ "source": "exchange", "credentials": {
        "server": "mail.example.com", "username": "jean", "password": "secret",
    } }]);
    let other = "5f198da1c1ac5d1a30fc00ff";
    for (body, status, place) in [
        (
            json!({ "user": { "calendars": credentials } }),
            422,
            "/user/calendars",
        ),
        (
            json!({ "emails": ["jean@example.com"], "calendars": credentials }),
            422,
            "/calendars",
        ),
        (
            json!({ "user": { "account": { "organization": { "id": other } } } }),
            403,
            "",
        ),
    ] {
        let refused = client.put(&path, &body).await;
        assert_eq!(refused.status, status, "{body}: {}", refused.text);
        if !place.is_empty() {
            assert_eq!(refused.places(), [place]);
        }
    }
    let number = client.get("/api/v2/users").await.json()[0]["_id"].to_string();
    let deleted = json!({ "is_deleted": "1" });
    let refused = client
        .put(&format!("/api/v1/user/{number}"), &deleted)
        .await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(
        refused.text.contains("is_deleted cannot be changed here"),
        "{}",
        refused.text
    );
}
