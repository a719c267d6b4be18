//! Bodies that cannot be read at all: not JSON, not announced as JSON, or too
//! large.

use roster_scheduling::batch::MAX_BATCH_BODY;
use serde_json::{Value, json};

use super::{ErrorAnswer, bodies::writes, leaves::string_pointers};
use crate::harness::{Api, ErrorStyle};

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_json_is_a_400_about_the_whole_body() {
    let api = Api::start().await;
    for write in writes(&api).await {
        let caller = write.caller(&api.organization(), &api.operator());
        let valid = write.body.to_string();
        let mut not_utf8 = b"{\"name\":\"J\xe9r\xf4me\"}".to_vec();
        let deep = "[".repeat(100_000).into_bytes();
        let mut broken = vec![
            valid.as_bytes()[..valid.len() - 1].to_vec(),
            format!("{},}}", &valid[..valid.len() - 1]).into_bytes(),
            format!("{valid}{valid}").into_bytes(),
            b"{\"name\":\"\\ud83c\"}".to_vec(),
            b"{\"name\":\"a\0b\"}".to_vec(),
            b"{'name':'x'}".to_vec(),
            b"{\"name\":NaN}".to_vec(),
            b"{\"name\":1e999}".to_vec(),
            b"name=x".to_vec(),
            b"\xef\xbb\xbf\xef\xbb\xbf{}".to_vec(),
            b" ".to_vec(),
            deep,
        ];
        broken.push(not_utf8.clone());
        not_utf8.truncate(10);
        broken.push(not_utf8);
        if !write.optional {
            broken.push(Vec::new());
        }
        for body in broken {
            let start = &body[..body.len().min(60)];
            let what = format!("{}: {:?}", write.what(), String::from_utf8_lossy(start));
            let (method, path) = (write.method.clone(), &write.path);
            let answer = caller.send(method, path, Some(body), &JSON).await;
            let refusal = ErrorAnswer::of(path, &answer, &what);
            assert_eq!(refusal.status, 400, "{what}");
            assert_eq!(refusal.pointers(), [""], "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_an_object_is_a_400_about_the_whole_body() {
    let api = Api::start().await;
    for write in writes(&api).await {
        let caller = write.caller(&api.organization(), &api.operator());
        for body in [json!([]), json!("x"), json!(1), json!(true), Value::Null] {
            if write.body.is_array() && body.is_array() {
                continue;
            }
            let refusal = write.refusal(&caller, &body, &body.to_string()).await;
            assert_eq!(refusal.status, 400, "{}", write.what());
            assert_eq!(refusal.pointers(), [""], "{}", write.what());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_another_media_type_is_a_415() {
    let api = Api::start().await;
    for write in writes(&api).await {
        let caller = write.caller(&api.organization(), &api.operator());
        let body = if write.batch {
            json!([write.body])
        } else {
            write.body.clone()
        };
        let body = body.to_string().into_bytes();
        let mut media_types = vec![
            "text/plain",
            "text/json",
            "application/xml",
            "multipart/form-data; boundary=x",
            "application/jsonx",
            "application/octet-stream",
            "json",
            "",
        ];
        // `/api/v1` takes forms.
        if ErrorStyle::of(&write.path) != ErrorStyle::Directory {
            media_types.push("application/x-www-form-urlencoded");
        }
        for media_type in media_types {
            let headers = [("content-type", media_type)];
            let (method, path) = (write.method.clone(), &write.path);
            let answer = caller
                .send(method, path, Some(body.clone()), &headers)
                .await;
            let what = format!("{}: {media_type}", write.what());
            let refusal = ErrorAnswer::of(path, &answer, &what);
            assert_eq!(refusal.status, 415, "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_of_the_media_type_and_its_case_do_not_matter() {
    let api = Api::start().await;
    for (index, media_type) in [
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/vnd.roster+json",
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({ "user": { "email": format!("{index}@example.com") } });
        let headers = [("content-type", media_type)];
        let client = api.organization();
        let body = Some(body.to_string().into_bytes());
        let made = client
            .send(reqwest::Method::POST, "/v2/users", body, &headers)
            .await;
        assert_eq!(made.status, 201, "{media_type}: {}", made.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_one_megabyte_is_refused() {
    let api = Api::start().await;
    let long = "x".repeat(1_000_000);
    for write in writes(&api).await {
        let caller = write.caller(&api.organization(), &api.operator());
        if write.batch {
            // Many items may be that large; one cannot.
            let pointer = match write.name {
                "team" => "/name",
                _ => "/user/first_name",
            };
            let mut body = write.body.clone();
            *body.pointer_mut(pointer).unwrap() = json!(long);
            let refusal = write.refusal(&caller, &body, "a long name").await;
            assert_eq!(refusal.status, 422, "{}", write.what());
            assert_eq!(refusal.pointers(), [pointer]);
        } else {
            let body = json!({ "name": long });
            let refusal = write.refusal(&caller, &body, "a long name").await;
            assert_eq!(refusal.status, 413, "{}", write.what());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_larger_than_is_read_is_a_413() {
    let api = Api::start().await;
    let long = "x".repeat(MAX_BATCH_BODY);
    let body = json!([{ "user": { "first_name": long } }]).to_string();
    let client = api.organization();
    let path = "/v2/users/batch";
    let answer = client.send_json(reqwest::Method::POST, path, &body).await;
    assert_eq!(ErrorAnswer::of(path, &answer, "4 MB").status, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_elements_in_any_array_are_refused_with_its_pointer() {
    let api = Api::start().await;
    for write in writes(&api).await {
        let caller = write.caller(&api.organization(), &api.operator());
        for pointer in [
            "/members",
            "/admins",
            "/teams",
            "/calendars",
            "/user/emails",
            "/emails",
            "/availability/days/monday/slots",
            "/vyteme/custom/embed_origins",
            "/vyteme/custom/fixed_places",
            "/dates",
            "/places",
            "/invitees",
            "/messages",
        ] {
            let mut body = write.body.clone();
            let Some(array) = body.pointer_mut(pointer) else {
                continue;
            };
            // Short ones: the body as a whole is not too large.
            let element = if pointer == "/members" {
                array[0].clone()
            } else {
                json!({})
            };
            *array = json!(vec![element; 10_000]);
            let refusal = write.refusal(&caller, &body, pointer).await;
            assert_eq!(refusal.pointers(), [pointer], "{}", write.what());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_would_not_fit_an_item_is_refused_with_its_pointer() {
    let api = Api::start().await;
    let long = "x".repeat(450_000);
    // Batches read their items as the single calls do.
    let single = writes(&api).await.into_iter().filter(|write| !write.batch);
    for write in single {
        let caller = write.caller(&api.organization(), &api.operator());
        for pointer in string_pointers(&write.body) {
            let mut body = write.body.clone();
            *body.pointer_mut(&pointer).unwrap() = json!(long);
            let refusal = write.refusal(&caller, &body, &pointer).await;
            assert_eq!(refusal.pointers(), [pointer], "{}", write.what());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_values_that_each_field_takes_fit_an_item() {
    let api = Api::start().await;
    let text = |length: usize| json!("🎉".repeat(length));
    let place = json!({
        "name": text(100), "address": text(300), "source": text(100), "source_id": text(200),
    });
    let calendar = json!({
        "source": "exchange",
        "credentials": { "server": text(100), "username": text(254), "password": text(1_000) },
    });
    let body = json!({
        "user": {
            "first_name": text(100), "last_name": text(100),
            "account": { "organization": { "extid": text(200) } },
            "picture_url": format!("https://example.com/{}", "x".repeat(1_000)),
            "google": { "id": text(200) },
        },
        "login": { "credentials": { "username": text(254), "password": text(128) } },
        "vyteme": { "message": text(10_000), "custom": {
            "auto_message": text(10_000), "auto_title": text(300), "invite_title": text(300),
            "fixed_places": vec![place; 50],
        }},
        "calendars": vec![calendar; 10],
    });
    let client = api.organization();
    let made = client.post("/v2/users", &body).await.created();
    let id = made.id();
    client.get(&format!("/v2/users/{id}")).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_given_twice_is_refused_because_one_of_the_two_would_vanish() {
    let api = Api::start().await;
    let body = r#"{"user": {"email": "a@example.com", "first_name": "A", "first_name": "B"}}"#;
    let answer = api
        .organization()
        .send_json(reqwest::Method::POST, "/v2/users", body)
        .await;
    assert_eq!(answer.status, 400, "{}", answer.text);
    assert!(
        answer
            .text
            .contains(r#"\"first_name\" is given twice at line 1"#),
        "{}",
        answer.text
    );
}
