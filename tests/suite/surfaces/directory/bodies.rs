//! Bodies that are refused: everything that is wrong is told, each with the
//! name of its field.

use reqwest::Method;
use serde_json::json;

use super::{PASSWORD, new_user, refusal, refused, shown};
use crate::harness::Api;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_new_user_lacks_is_told_at_once() {
    let api = Api::start().await;
    let operator = api.operator();
    let expected = "username is required; password is required; \
                    first_name is required; last_name is required";
    let text = refusal(
        &operator,
        Method::POST,
        "/api/v1/user",
        Some(&json!({})),
        422,
    )
    .await;
    assert_eq!(text, expected);
    let answer = operator.send_form(Method::POST, "/api/v1/user", "").await;
    assert_eq!(refused(&answer, 422, "an empty form"), expected);
    let text = refusal(&operator, Method::POST, "/api/v1/user", None, 400).await;
    assert_eq!(text, "the body is required: a JSON object");
    let text = refusal(
        &operator,
        Method::POST,
        "/api/v1/org",
        Some(&json!({})),
        422,
    )
    .await;
    assert_eq!(text, "name is required");
    let text = refusal(
        &operator,
        Method::PUT,
        "/api/v1/org/1",
        Some(&json!({})),
        422,
    )
    .await;
    assert_eq!(text, "name is required");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_value_is_told_with_its_field() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_user(&operator, "ada", json!({})).await;
    let path = format!("/api/v1/user/{number}");
    for (name, value, status, detail) in [
        (
            "username",
            json!("ab"),
            422,
            "must have 3 to 254 characters",
        ),
        (
            "username",
            json!("ad "),
            422,
            "must have 3 to 254 characters, has 2",
        ),
        ("username", json!(7), 400, "must be a string"),
        (
            "password",
            json!("short"),
            422,
            "must have 8 to 128 characters",
        ),
        (
            "password",
            json!("x".repeat(129)),
            422,
            "must have 8 to 128 characters",
        ),
        (
            "first_name",
            json!("x".repeat(101)),
            422,
            "must have at most 100 characters",
        ),
        (
            "last_name",
            json!("a\nb"),
            422,
            "must not contain the control character",
        ),
        ("status", json!(2), 422, "must be from 0 to 1"),
        ("status", json!("yes"), 400, "must be a whole number"),
        ("status", json!(true), 400, "must be a whole number"),
        (
            "mobile",
            json!("call me"),
            422,
            "must be a telephone number",
        ),
        ("mobile_provider", json!(-1), 400, "must be a whole number"),
        (
            "mobile_provider",
            json!("seven"),
            400,
            "must be a whole number",
        ),
        (
            "sp_num",
            json!(4_294_967_296_u64),
            400,
            "must be a whole number",
        ),
        ("sp_num", json!(1.5), 400, "must be a whole number"),
        ("org_id", json!("ACME"), 400, "must be a whole number"),
        ("org_id", json!(null), 422, "must not be null"),
        (
            "extra_email",
            json!("test.com"),
            422,
            "each is an email address",
        ),
        (
            "suppress_emails",
            json!("-x.com"),
            422,
            "each is an email address or a domain",
        ),
        ("typo", json!(1), 400, "is not a field of this object"),
    ] {
        let mut new = json!({
            "username": "grace", "password": PASSWORD, "first_name": "A", "last_name": "B",
        });
        new[name] = value.clone();
        let change = json!({ name: value });
        for (method, path, body) in [
            (Method::POST, "/api/v1/user", &new),
            (Method::PUT, &*path, &change),
        ] {
            let text = refusal(&operator, method, path, Some(body), status).await;
            assert!(text.starts_with(&format!("{name} ")), "{text}");
            assert!(text.contains(detail), "{text}");
            assert!(!text.contains("; "), "nothing else is wrong: {text}");
        }
    }
    // Read only where they are shown: a new user has none of them.
    for name in [
        "id",
        "user_id",
        "company",
        "created_at",
        "is_deleted",
        "last_login",
    ] {
        let body = json!({
            "username": "grace", "password": PASSWORD, "first_name": "A", "last_name": "B",
            name: "1",
        });
        let text = refusal(&operator, Method::POST, "/api/v1/user", Some(&body), 400).await;
        assert_eq!(text, format!("{name} is not a field of this object"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_contradicts_the_path_or_the_user_is_refused_with_its_field() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_user(&operator, "ada", json!({ "org_id": 1 })).await;
    let path = format!("/api/v1/user/{number}");
    let before = shown(&operator, &number).await;
    for (body, expected) in [
        (
            json!({ "user_id": 999 }),
            "user_id must be the number in the path",
        ),
        (json!({ "id": "999" }), "id must be the number in the path"),
        (json!({ "username": "" }), "username must not be empty"),
        (
            json!({ "company": "Other" }),
            "company must be the name of the user's organization",
        ),
        (
            json!({ "company": "" }),
            "company must be the name of the user's organization",
        ),
        (
            json!({ "company": "", "username": "", "last_name": "", "mobile": "1" }),
            "company must be the name of the user's organization",
        ),
    ] {
        let text = refusal(&operator, Method::PUT, &path, Some(&body), 422).await;
        assert!(text.starts_with(expected), "{body}: {text}");
        let wrong = body
            .as_object()
            .unwrap()
            .keys()
            .filter(|name| *name != "mobile");
        for name in wrong {
            assert!(text.contains(&format!("{name} must")), "{body}: {text}");
        }
    }
    assert_eq!(
        shown(&operator, &number).await,
        before,
        "nothing was changed"
    );
    for (body, field) in [
        (json!({ "name": "A", "id": 2 }), "id"),
        (json!({ "name": "A", "org_id": "2" }), "org_id"),
    ] {
        let text = refusal(&operator, Method::PUT, "/api/v1/org/1", Some(&body), 422).await;
        assert_eq!(text, format!("{field} must be the number in the path"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_read_as_strictly_as_json() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_user(&operator, "ada", json!({})).await;
    let path = format!("/api/v1/user/{number}");
    for (form, status, expected) in [
        ("mobile=1&mobile=2", 400, "mobile must be given once"),
        (
            "mobile=1&mobile=1&sp_num=2&sp_num=2",
            400,
            "mobile must be given once; sp_num must be given once",
        ),
        ("first_name=%E9", 400, "first_name must be UTF-8"),
        ("typo=1", 400, "typo is not a field of this object"),
        (
            "=1",
            400,
            "the field without a name is not a field of this object",
        ),
        (
            "first/name=1",
            400,
            "first~1name is not a field of this object",
        ),
        (
            "sp_num=%2B5",
            400,
            "sp_num must be a whole number of at least 0, not \"+5\"",
        ),
        ("status=2", 422, "status must be from 0 to 1, not \"2\""),
        ("username=", 422, "username must not be empty"),
    ] {
        let answer = operator.send_form(Method::PUT, &path, form).await;
        assert_eq!(refused(&answer, status, form), expected, "{form}");
    }
    let form = "first_name=J%C3%A9r%C3%B4me+%F0%9F%8E%89&mobile=%2B33+6&sp_num=&extra_email=";
    operator.send_form(Method::PUT, &path, form).await.ok();
    let user = shown(&operator, &number).await;
    assert_eq!(user["first_name"], "Jérôme 🎉");
    assert_eq!(user["mobile"], "+33 6");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_media_type_is_a_415_that_names_both() {
    let api = Api::start().await;
    let operator = api.operator();
    let body = Some(b"name=Acme".to_vec());
    let headers = [("content-type", "text/plain")];
    let answer = operator
        .send(Method::POST, "/api/v1/org", body, &headers)
        .await;
    let text = refused(&answer, 415, "text/plain");
    assert!(text.contains("application/json"), "{text}");
    assert!(text.contains("application/x-www-form-urlencoded"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_of_the_media_type_of_a_form_and_its_case_do_not_matter() {
    let api = Api::start().await;
    for media_type in [
        "application/x-www-form-urlencoded; charset=utf-8",
        "Application/X-WWW-Form-Urlencoded",
    ] {
        let body = Some(b"name=Acme".to_vec());
        let headers = [("content-type", media_type)];
        let made = api.operator();
        let made = made.send(Method::POST, "/api/v1/org", body, &headers).await;
        assert_eq!(made.status, 200, "{media_type}: {}", made.text);
    }
}
