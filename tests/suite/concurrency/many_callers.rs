//! What many callers do at once.

use std::collections::HashSet;

use futures_util::future::join_all;
use roster_domain::bookings::availability::Weekday;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, fixtures::Fields, patiently};

fn count(answers: &[Answer], status: u16) -> usize {
    answers
        .iter()
        .filter(|answer| answer.status == status)
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_concurrent_creates_with_one_address_make_one_user() {
    let api = Api::start().await;
    let client = api.organization();
    let body = json!({ "user": { "email": "jean@example.com" } });
    let answers = join_all((0..50).map(|_| client.post("/v2/users", &body))).await;
    assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 49));
    let users = client.get("/v2/users").await.json();
    assert_eq!(users.as_array().unwrap().len(), 1);
    let id = users[0].id();
    for refused in answers.iter().filter(|answer| answer.status == 409) {
        assert_eq!(
            refused.json()["existing"],
            id,
            "the 409 names the existing user"
        );
    }
}

/// Where each change shows in the user, its body, and the value that shows.
fn fifty_changes() -> Vec<(String, Value, Value)> {
    let flags = [
        "ask_phone",
        "ask_company",
        "block_new_invitee",
        "set_lang",
        "enable_api",
        "set_timezone",
        "hide_places",
        "hide_support",
        "hide_title",
        "forbid_add_places",
        "one_slot",
        "auto_confirm",
    ];
    let texts = ["auto_message", "auto_title", "invite_title"];
    let days = Weekday::ALL.map(|(_, name)| name);
    let slots = json!([{ "start_time": "10:00", "end_time": "11:00" }]);
    let mut changes: Vec<(String, Value, Value)> = Vec::new();
    let mut change = |pointer: &str, body: Value, value: Value| {
        changes.push((pointer.to_owned(), body, value));
    };
    for name in flags {
        let body = json!({ "vyteme": { "custom": { name: true } } });
        change(&format!("/vyteme/custom/{name}"), body, json!(true));
    }
    for name in texts {
        let body = json!({ "vyteme": { "custom": { name: name } } });
        change(&format!("/vyteme/custom/{name}"), body, json!(name));
    }
    for (name, value) in [
        ("duration", 45),
        ("min_dates", 3),
        ("event_hide_decline", 24),
    ] {
        let body = json!({ "vyteme": { "custom": { name: value } } });
        change(&format!("/vyteme/custom/{name}"), body, json!(value));
    }
    for day in days {
        let body =
            json!({ "availability": { "days": { day: { "enabled": true, "slots": slots } } } });
        change(
            &format!("/availability/days/{day}/enabled"),
            body,
            json!(true),
        );
    }
    for (name, value) in [
        ("days_after_as_busy", 60),
        ("buffer_before", 5),
        ("buffer_after", 10),
    ] {
        change(
            &format!("/availability/{name}"),
            json!({ "availability": { name: value } }),
            json!(value),
        );
    }
    for name in ["today_as_busy", "past_as_busy", "all_day_busy"] {
        change(
            &format!("/availability/{name}"),
            json!({ "availability": { name: true } }),
            json!(true),
        );
    }
    for (pointer, name, value) in [
        ("/first_name", "first_name", "Jean"),
        ("/last_name", "last_name", "Dupont"),
        ("/language", "language", "fr"),
        ("/timezone", "timezone", "Europe/Paris"),
        (
            "/picture_url",
            "picture_url",
            "https://www.example.com/jean",
        ),
        ("/calendarList", "calendarList", "5f1175516b229dad991a7949"),
    ] {
        change(pointer, json!({ "user": { name: value } }), json!(value));
    }
    let extid = json!({ "user": { "account": { "organization": { "extid": "7" } } } });
    change("/account/organization/extid", extid, json!("7"));
    let admin = json!({ "user": { "account": { "organization": { "admin": true } } } });
    change("/account/organization/admin", admin, json!(true));
    change(
        "/vyteme/nickname",
        json!({ "vyteme": { "nickname": "jean" } }),
        json!("jean"),
    );
    change(
        "/vyteme/message",
        json!({ "vyteme": { "message": "Bonjour" } }),
        json!("Bonjour"),
    );
    let terms = json!({ "user": { "consent": { "terms": "2020-06-24T09:42:41.225Z" } } });
    change("/consent/terms", terms, json!("2020-06-24T09:42:41.225Z"));
    for (name, value) in [
        ("id", "112448977134001874141"),
        ("email", "jean@gmail.com"),
        ("picture", "http://example.com/picture"),
        ("last_contacts_fetch", "2020-07-13T15:45:04.688Z"),
        ("last_profile_fetch", "2020-07-14T09:36:22.997Z"),
    ] {
        change(
            &format!("/google/{name}"),
            json!({ "user": { "google": { name: value } } }),
            json!(value),
        );
    }
    let zone = json!({ "vyteme": { "custom": { "fixed_timezone": "Europe/Paris" } } });
    change("/vyteme/custom/fixed_timezone", zone, json!("Europe/Paris"));
    let lang = json!({ "vyteme": { "custom": { "fixed_lang": "fr" } } });
    change("/vyteme/custom/fixed_lang", lang, json!("fr"));
    let url = "https://www.example.com/thanks";
    let redirect = json!({ "vyteme": { "custom": { "redirect_url": url } } });
    change("/vyteme/custom/redirect_url", redirect, json!(url));
    changes
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_concurrent_changes_of_distinct_fields_all_survive() {
    let api = Api::start().await;
    let client = api.organization();
    let id = client.new_user_id("jean@example.com").await;
    let path = format!("/v2/users/{id}");
    let changes = fifty_changes();
    assert_eq!(changes.len(), 50);
    let (client, path) = (&client, &path);
    let put = |body| patiently(async move || client.put(path, body).await);
    let answers = join_all(changes.iter().map(|(_, body, _)| put(body))).await;
    assert_eq!(
        count(&answers, 200),
        50,
        "{:?}",
        answers.iter().find(|answer| answer.status != 200)
    );
    let user = client.get(path).await.json();
    assert_eq!(user["__v"], 50);
    for (pointer, _, value) in &changes {
        assert_eq!(user.pointer(pointer), Some(value), "{pointer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_upsert_sent_twenty_times_at_once_makes_one_user() {
    let api = Api::start().await;
    let client = api.organization();
    let body = json!({ "user": {
        "email": "jean@example.com",
        "account": { "organization": { "extid": "42" } },
    }});
    let answers = join_all((0..20).map(|_| client.post("/v2/users", &body))).await;
    assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 19));
    let ids: HashSet<_> = answers
        .iter()
        .map(|answer| answer.json()["user"]["_id"].to_string())
        .collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(
        client
            .get("/v2/users")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_edit_that_races_an_unlink_leaves_no_dangling_member() {
    let api = Api::start().await;
    let client = api.organization();
    let mut outcomes = HashSet::new();
    for round in 0..20 {
        let user = client.new_user_id(&format!("{round}@example.com")).await;
        let extid = round.to_string();
        let team = client
            .new_team(json!({ "extid": extid, "name": "race" }))
            .await;
        let path = format!("/v2/teams/{}", team.id());
        let edit = json!({ "members": [user], "admins": [user] });
        let user_path = format!("/v2/users/{user}");
        let (edited, unlinked) = tokio::join!(client.put(&path, &edit), client.delete(&user_path));
        assert_eq!(unlinked.status, 200, "{}", unlinked.text);
        assert!(
            edited.status == 200 || edited.status == 422,
            "{}",
            edited.text
        );
        outcomes.insert(edited.status);
        let team = client.get(&path).await.json();
        assert_eq!(team["members"], json!([]));
        assert_eq!(team["admins"], json!([]));
    }
    assert!(!outcomes.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_additions_to_one_team_are_all_kept() {
    let api = Api::start().await;
    let client = api.organization();
    let make = |n: usize| {
        json!({
            "user": { "email": format!("{n}@example.com") },
            "teams": [{ "extid": "all", "name": "Everybody", "admin": n == 0 }],
        })
    };
    let answers = join_all((0..40).map(|n| {
        let (client, body) = (&client, make(n));
        async move { client.post("/v2/users", &body).await }
    }))
    .await;
    assert_eq!(count(&answers, 201), 40);
    let teams = client.get("/v2/teams").await.json();
    assert_eq!(teams.as_array().unwrap().len(), 1, "one extid, one team");
    assert_eq!(teams[0]["members"].as_array().unwrap().len(), 39);
    assert_eq!(teams[0]["admins"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_member_shows_under_the_new_name_however_the_team_is_edited_meanwhile() {
    let api = Api::start().await;
    let client = api.organization();
    for round in 0..20 {
        let user = client.new_user_id(&format!("{round}@example.com")).await;
        let extid = round.to_string();
        let team = client
            .new_team(json!({ "extid": extid, "name": "race", "public": true }))
            .await;
        let path = format!("/v2/teams/{}", team.id());
        let edit = json!({ "members": [user] });
        let rename = json!({ "user": { "first_name": "Renamed" } });
        let user_path = format!("/v2/users/{user}");
        let (edited, renamed) =
            tokio::join!(client.put(&path, &edit), client.put(&user_path, &rename));
        assert_eq!(
            (edited.status.as_u16(), renamed.status.as_u16()),
            (200, 200)
        );
        let page = api.anybody().get(&format!("{path}/public")).await.json();
        assert_eq!(page["members"][0]["first_name"], "Renamed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_users_created_at_once_through_all_surfaces_have_a_thousand_numbers() {
    let api = Api::start().await;
    let (client, operator) = (api.organization(), api.operator());
    let create = async |n: usize| {
        let email = format!("{n}@example.com");
        // Creating through `/api/v1` hashes a password: a few are enough.
        let answer = match n {
            _ if n.is_multiple_of(100) => {
                let body = json!({
                    "username": email, "password": "correct horse",
                    "first_name": "A", "last_name": "B", "org_id": 1,
                });
                operator.post("/api/v1/user", &body).await
            }
            _ if n.is_multiple_of(2) => {
                client
                    .post("/api/v2/users", &json!({ "email": email }))
                    .await
            }
            _ => {
                let body = json!({ "user": { "email": email } });
                client.post("/v2/users", &body).await
            }
        };
        assert!(answer.status.is_success(), "{}", answer.text);
    };
    // In waves, so that the engine is not asked for more than it has sockets.
    for wave in 0..10 {
        join_all((wave * 100..(wave + 1) * 100).map(create)).await;
    }
    let users = client.list_all("/api/v2/users", 500).await;
    let numbers = users.iter().map(|user| user.number("_id"));
    let numbers: std::collections::BTreeSet<_> = numbers.collect();
    assert_eq!((users.len(), numbers.len()), (1_000, 1_000));
}
