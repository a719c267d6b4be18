//! Each field of a user: set, shown, changed and cleared.

use serde_json::{Value, json};

use super::{change, new_user, shown};
use crate::harness::{Api, fixtures::Fields};

/// The fields that may be missing: a value, another one, and what is shown
/// where there is none.
const OPTIONAL: [(&str, &str, &str, &str); 5] = [
    ("mobile", "+33 6 12 34 56 78", "(555) 123-4567", "0"),
    ("mobile_provider", "7", "8", "0"),
    ("sp_num", "100", "4294967295", "0"),
    ("extra_email", "a@x.org, b@x.org", "c@x.org", ""),
    ("suppress_emails", "test.com", "a@x.org;y.org", ""),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_user_shows_every_field_as_a_string_whatever_was_left_out() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_user(&operator, "ada", json!({})).await;
    let user = shown(&operator, &number).await;
    let text = |name: &str| user[name].as_str().unwrap().to_owned();
    assert_eq!(text("created_at").len(), "2014-08-21 14:13:56".len());
    assert_eq!(text("updated_at"), text("created_at"));
    let expected = json!({
        "id": number, "username": "ada", "first_name": "Ada", "last_name": "Byron",
        "company": "", "status": "1", "mobile": "0", "mobile_provider": "0", "sp_num": "0",
        "org_id": "0", "is_deleted": "0", "extra_email": "", "suppress_emails": "",
        "created_at": text("created_at"), "updated_at": text("updated_at"), "last_login": "",
    });
    assert_eq!(user, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_a_new_user_is_shown() {
    let api = Api::start().await;
    let operator = api.operator();
    let mut fields = json!({ "status": 0, "org_id": 1 });
    for (name, value, ..) in OPTIONAL {
        fields[name] = json!(value);
    }
    let number = new_user(&operator, "Ada", fields).await;
    let user = shown(&operator, &number).await;
    for (name, value, ..) in OPTIONAL {
        assert_eq!(user[name], value, "{name}");
    }
    assert_eq!(user["status"], "0");
    assert_eq!(
        (&user["org_id"], &user["company"]),
        (&json!("1"), &json!("ACME"))
    );
    assert_eq!(user["username"], "Ada");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_optional_field_is_changed_and_cleared_alone() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_user(&operator, "ada", json!({})).await;
    let mut expected = shown(&operator, &number).await;
    let comparable = |mut user: Value| {
        let fields = user.as_object_mut().unwrap();
        fields.remove("updated_at");
        fields.remove("is_deleted");
        user
    };
    for (name, value, another, none) in OPTIONAL {
        let cleared = [json!(""), json!(null), json!(none)];
        for clear in cleared {
            for (sent, shown) in [
                (json!(value), value),
                (json!(another), another),
                (clear, none),
            ] {
                let user = change(&operator, &number, json!({ name: sent })).await;
                expected[name] = json!(shown);
                assert_eq!(comparable(user), comparable(expected.clone()), "{name}");
            }
        }
        let user = change(&operator, &number, json!({ name: value })).await;
        expected[name] = json!(value);
        assert_eq!(comparable(user), comparable(expected.clone()), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_come_as_numbers_and_as_strings() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_user(&operator, "ada", json!({})).await;
    for (name, sent) in [
        ("sp_num", 15),
        ("mobile_provider", 3),
        ("status", 0),
        ("org_id", 1),
    ] {
        for (sent, none) in [
            (json!(sent), json!(0)),
            (json!(sent.to_string()), json!("0")),
        ] {
            let text = |value: &Value| value.to_string().trim_matches('"').to_owned();
            let user = change(&operator, &number, json!({ name: sent })).await;
            assert_eq!(user[name], text(&sent));
            if name != "status" {
                let user = change(&operator, &number, json!({ name: none })).await;
                assert_eq!(user[name], "0");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_changed_and_never_empty() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_user(&operator, "ada", json!({})).await;
    let body = json!({ "first_name": "Grace 🎉", "last_name": "李" });
    let user = change(&operator, &number, body).await;
    assert_eq!(user["first_name"], "Grace 🎉");
    assert_eq!(user["last_name"], "李");
    let path = format!("/api/v1/user/{number}");
    let empty = json!({ "first_name": "", "last_name": " " });
    let answer = operator.put(&path, &empty).await;
    assert_eq!(answer.status, 422, "{}", answer.text);
    for name in ["first_name", "last_name"] {
        let answer = operator.put(&path, &json!({ name: "" })).await;
        let expected = json!({ "error": format!("{name} must not be empty") });
        assert_eq!((answer.status.as_u16(), answer.json()), (422, expected));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn status_is_the_switch_that_the_other_surfaces_have() {
    let api = Api::start().await;
    let (operator, owner) = (api.operator(), api.organization());
    let fields = json!({ "org_id": 1 });
    let number = new_user(&operator, "ada@x.org", fields).await;
    assert_eq!(
        change(&operator, &number, json!({ "status": 0 })).await["status"],
        "0"
    );
    assert_eq!(api.log_in("ada@x.org", super::PASSWORD).await.status, 401);
    let path = format!("/api/v2/users/{number}/activate");
    owner.post(&path, &json!({})).await.ok();
    assert_eq!(shown(&operator, &number).await["status"], "1");
    api.log_in("ada@x.org", super::PASSWORD).await.ok();
    let path = format!("/api/v2/users/{number}/deactivate");
    owner.post(&path, &json!({})).await.ok();
    assert_eq!(shown(&operator, &number).await["status"], "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_can_be_sent_back_and_changes_nothing() {
    let api = Api::start().await;
    let operator = api.operator();
    let full = json!({
        "org_id": 1, "mobile": "1", "mobile_provider": 2, "sp_num": 3, "extra_email": "a@x.org",
        "suppress_emails": "x.org", "status": 0,
    });
    let created = new_user(&operator, "full@x.org", full).await;
    let bare = new_user(&operator, "bare", json!({})).await;
    // Nothing but an address, and nothing but an external id.
    let owner = api.organization();
    owner.new_user_id("invited@x.org").await;
    let extid = json!({ "account": { "organization": { "extid": "7" } } });
    owner.new_user(extid).await;
    let listed = operator.get("/api/v1/users?org_id=1").await.json();
    let listed = listed.as_array().unwrap().iter();
    let mut numbers: Vec<_> = listed.map(|user| user.field("id").to_owned()).collect();
    assert_eq!(numbers.len(), 3);
    assert!(numbers.contains(&created));
    numbers.push(bare);
    for number in numbers {
        let before = shown(&operator, &number).await;
        let path = format!("/api/v1/user/{number}");
        let answer = operator.put(&path, &before).await;
        assert_eq!(answer.status, 200, "{before}: {}", answer.text);
        assert!(
            answer.cost().write.abs() < f64::EPSILON,
            "nothing is written"
        );
        assert_eq!(shown(&operator, &number).await, before);
        // And as the form that it came from.
        let fields = before.as_object().unwrap().iter();
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields.map(|(name, value)| (name, value.as_str().unwrap())));
        let answer = operator
            .send_form(reqwest::Method::PUT, &path, &form.finish())
            .await;
        assert_eq!(answer.status, 200, "{before}: {}", answer.text);
        assert_eq!(shown(&operator, &number).await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_another_surface_is_there_and_the_other_way_round() {
    let api = Api::start().await;
    let (operator, owner) = (api.operator(), api.organization());
    let fields = json!({ "org_id": 1 });
    let number = new_user(&operator, "Ada@x.org", fields).await;
    let found = owner.get("/v2/users?email=ada@x.org").await.json();
    assert_eq!(found[0]["first_name"], "Ada", "{found}");
    assert_eq!(found[0]["emails"], json!(["Ada@x.org"]));
    let found = owner.get(&format!("/api/v2/users/{number}")).await.json();
    assert_eq!(found["email"], "Ada@x.org");

    let body = json!({ "user": { "email": "jean@x.org", "first_name": "Jean" } });
    owner.post("/v2/users", &body).await.created();
    let listed = operator.get("/api/v1/users?org_id=1").await.json();
    assert_eq!(
        listed[1]["username"], "jean@x.org",
        "the address, without a login"
    );
    assert_eq!(listed[1]["last_name"], "");
}
