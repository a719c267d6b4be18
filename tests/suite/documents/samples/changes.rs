//! What a `PUT` changes, and what it leaves.

use reqwest::Method;
use roster_domain::bookings::availability::Weekday;
use serde_json::{Value, json};

use super::{Allowed, Ids, comparison::differences, send, user_object};
use crate::harness::{Api, Client, fixtures::Fields};

/// A user with a value in every optional field; answers its path.
async fn full_user(client: &Client<'_>) -> String {
    let mut object = user_object("login");
    object["vyteme"]["custom"]["event_hide_decline"] = json!(24);
    let v2_users = Ids::default().response("v2_users/user_object");
    for name in ["calendarList", "consent", "google"] {
        object["user"][name] = v2_users[name].clone();
    }
    object["user"]["account"]["organization"]["admin"] = json!(true);
    let made = client.post("/v2/users", &object).await.created();
    format!("/v2/users/{}", made.json()["user"].id())
}

#[tokio::test]
async fn a_user_as_it_is_answered_can_be_put_back_and_is_the_same() {
    let api = Api::start().await;
    let client = api.organization();
    let path = full_user(&client).await;
    let allowed = Allowed::default();
    let before = client.get(&path).await;
    let in_user = json!({ "user": before.json() }).to_string();
    // As the answer of GET, and as the answers of POST and PUT have it.
    for body in [&before.text, &in_user] {
        let put = send(&client, Method::PUT, &path, body).await.ok();
        let after = client.get(&path).await;
        let found = differences(&before.json(), &after.json(), &allowed);
        assert!(found.is_empty(), "{found:#?}");
        assert_eq!(put.json(), json!({ "user": after.json() }));
    }
    assert_eq!(client.get(&path).await.json()["__v"], 0);
}

#[tokio::test]
async fn a_put_changes_the_fields_that_are_present_and_no_other() {
    let api = Api::start().await;
    let client = api.organization();
    let path = full_user(&client).await;
    let before = client.get(&path).await.json();
    client
        .put(&path, &json!({ "user": { "last_name": "Snow" } }))
        .await
        .ok();
    let allowed = Allowed {
        of_this_run: &["/updatedAt"],
        instead: &[
            ("/last_name", json!("Snow")),
            ("/full_name", json!("Jean Snow")),
            ("/__v", json!(1)),
        ],
        ..Allowed::default()
    };
    let found = differences(&before, &client.get(&path).await.json(), &allowed);
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn null_clears_the_consent_as_a_whole_too() {
    let api = Api::start().await;
    let client = api.organization();
    let path = full_user(&client).await;
    client
        .put(&path, &json!({ "user": { "consent": null } }))
        .await
        .ok();
    assert_eq!(client.get(&path).await.json().get("consent"), None);
}

#[tokio::test]
async fn a_user_as_it_is_answered_can_be_posted_and_changes_that_user() {
    let api = Api::start().await;
    let client = api.organization();
    let path = full_user(&client).await;
    let before = client.get(&path).await;
    let posted = send(&client, Method::POST, "/v2/users", &before.text)
        .await
        .ok();
    let allowed = Allowed {
        of_this_run: &["/updatedAt", "/__v"],
        ..Allowed::default()
    };
    let found = differences(&before.json(), &posted.json()["user"], &allowed);
    assert!(found.is_empty(), "{found:#?}");
}

/// Every field that can be cleared: the body without the leaf, and where the
/// answer shows it.
fn clearable() -> Vec<(String, &'static str, String)> {
    let in_user = [
        "first_name",
        "last_name",
        "timezone",
        "picture_url",
        "calendarList",
        "google",
    ];
    let in_google = [
        "id",
        "email",
        "picture",
        "last_contacts_fetch",
        "last_profile_fetch",
    ];
    let in_availability = [
        "timezone",
        "today_as_busy",
        "past_as_busy",
        "days_after_as_busy",
        "buffer_before",
        "buffer_after",
        "all_day_busy",
        "days",
    ];
    let in_page = ["nickname", "message", "custom"];
    let in_custom = [
        "auto_message",
        "auto_title",
        "duration",
        "set_lang",
        "enable_api",
        "fixed_lang",
        "set_timezone",
        "fixed_timezone",
        "event_hide_decline",
        "hide_places",
        "hide_support",
        "hide_title",
        "forbid_add_places",
        "invite_title",
        "redirect_url",
        "fixed_places",
    ];
    let days = Weekday::ALL.map(|(_, name)| name);
    // Those in the middle of the fields before them go last.
    let groups: [(&str, &str, &[&'static str]); 9] = [
        ("/user/google", "/google", &in_google),
        ("/availability/days", "/availability/days", &days),
        ("/availability", "/availability", &in_availability),
        ("/vyteme/custom", "/vyteme/custom", &in_custom),
        ("/vyteme", "/vyteme", &in_page),
        ("", "", &["availability", "vyteme"]),
        ("/user/consent", "/consent", &["terms"]),
        (
            "/user/account/organization",
            "/account/organization",
            &["extid"],
        ),
        ("/user", "", &in_user),
    ];
    let fields = groups.into_iter().flat_map(|(within, shown, names)| {
        let field =
            move |name: &&'static str| (within.to_owned(), *name, format!("{shown}/{name}"));
        names.iter().map(field).collect::<Vec<_>>()
    });
    fields.collect()
}

/// `{"a":{"b":null}}` for `/a` and `b`.
fn nulled(within: &str, name: &str) -> Value {
    let names = within.split('/').skip(1).collect::<Vec<_>>();
    let nest = |inner: Value, name: &&str| json!({ *name: inner });
    names.iter().rev().fold(json!({ name: null }), nest)
}

#[tokio::test]
async fn null_clears_an_optional_field_and_nothing_beside_it() {
    let api = Api::start().await;
    let client = api.organization();
    let path = full_user(&client).await;
    for (within, name, shown) in clearable() {
        let before = client.get(&path).await.json();
        let place = if shown == "/consent/terms" {
            "/consent"
        } else {
            &shown
        };
        assert!(before.pointer(place).is_some(), "{place} was set");
        let put = client.put(&path, &nulled(&within, name)).await;
        assert_eq!(put.status, 200, "{place}: {}", put.text);
        let after = client.get(&path).await.json();
        // What follows from others: the name from its parts, and so on.
        let derived: &[&str] = match place {
            "/first_name" | "/last_name" => &["/full_name"],
            "/vyteme/nickname" => &["/account/app_url"],
            "/availability" => &["/modules/availabilities"],
            "/vyteme" => &["/modules/vyteme"],
            _ => &[],
        };
        let of_this_run: Vec<_> = derived
            .iter()
            .chain(&["/updatedAt", "/__v"])
            .copied()
            .collect();
        let allowed = Allowed {
            left_out: &[place],
            of_this_run: &of_this_run,
            ..Allowed::default()
        };
        let found = differences(&before, &after, &allowed);
        assert!(found.is_empty(), "{place}: {found:#?}");
    }
}

#[tokio::test]
async fn null_puts_what_has_a_default_back_to_it() {
    let api = Api::start().await;
    let client = api.organization();
    let path = full_user(&client).await;
    let page = |name: &str| json!({ "vyteme": { "custom": { name: null } } });
    for (body, shown, default) in [
        (
            json!({ "user": { "language": null } }),
            "/language",
            json!("en"),
        ),
        (json!({ "user": { "emails": null } }), "/emails", json!([])),
        (page("ask_phone"), "/vyteme/custom/ask_phone", json!(false)),
        (
            page("ask_company"),
            "/vyteme/custom/ask_company",
            json!(false),
        ),
        (
            page("block_new_invitee"),
            "/vyteme/custom/block_new_invitee",
            json!(false),
        ),
        (page("min_dates"), "/vyteme/custom/min_dates", json!(1)),
        (page("one_slot"), "/vyteme/custom/one_slot", json!(false)),
        (
            page("auto_confirm"),
            "/vyteme/custom/auto_confirm",
            json!(false),
        ),
    ] {
        let put = client.put(&path, &body).await;
        assert_eq!(put.status, 200, "{shown}: {}", put.text);
        let after = client.get(&path).await.json();
        assert_eq!(after.pointer(shown), Some(&default), "{shown}");
    }
}
