use std::collections::HashMap;

use lambda_http::http::StatusCode;
use roster_domain::Result;
use serde_json::{Value, json};

use super::*;
use crate::{Repeats, function::route::Method, request::call::links::tests::app};

#[test]
fn a_list_may_end_with_a_slash_and_goes_on_no_further() {
    let with = |parameters: &[(&str, &str)]| {
        let owned = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
        Request::default().with_path_parameters(owned.collect::<HashMap<_, _>>())
    };
    for ended in [with(&[]), with(&[("proxy", "")]), with(&[("team_id", "a")])] {
        assert!(ends_where_the_route_does(&ended).is_ok());
    }
    let going_on = with(&[("proxy", "a/b")]);
    assert!(matches!(
        ends_where_the_route_does(&going_on),
        Err(Error::NotFound(_))
    ));
}

fn event(path: &str, route_key: &str, parameters: &Value) -> Event {
    let event = json!({
        "rawPath": path,
        "pathParameters": parameters,
        "requestContext": {
            "http": { "method": "GET" },
            "routeKey": route_key,
        },
    });
    serde_json::from_value(event).expect("an event")
}

async fn panicking(call: &Call<'_>) -> Result<Reply> {
    let text = call.path_text("user_id");
    assert_eq!(text, "quiet", "a message with {text}");
    Ok(Reply::text(StatusCode::OK, "text/plain", String::new()))
}

async fn too_long(_: &Call<'_>) -> Result<Reply> {
    let body = "\"".repeat(MAX_PAYLOAD / 2);
    Ok(Reply::text(StatusCode::OK, "text/plain", body))
}

macro_rules! route {
    ($handler:path) => {
        Route {
            binary: "test",
            matches: &[
                (Method::GET, "/v2/users/{user_id}"),
                (Method::GET, "/v2/users/{user_id}/{proxy+}"),
            ],
            access: Access::Public,
            authority: crate::function::route::Authority::Cached,
            repeats: Repeats::Refuse,
            handler: |call| Box::pin($handler(call)),
            render_error: problem::render,
            locate: roster_domain::error::Field::nowhere,
        }
    };
}

async fn endless(_: &Call<'_>) -> Result<Reply> {
    std::future::pending().await
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered_before_the_function_is_stopped() {
    let app = app(None);
    let event = event("/v2/users/x", "", &json!({ "user_id": "x" }));
    let time = RESERVE + Duration::from_millis(10);
    let route = route!(endless);
    let answered = answer(&app, &route, event, time);
    let answer = tokio::time::timeout(time, answered).await;
    let answer = serde_json::to_value(answer.expect("it is not stopped")).expect("JSON");
    assert_eq!(answer["statusCode"], 503);
    assert_eq!(answer["headers"]["retry-after"], "1", "{answer}");
}

async fn answered(route: &Route, parameter: &str) -> Value {
    let app = app(None);
    let event = event("/v2/users/x", "", &json!({ "user_id": parameter }));
    serde_json::to_value(answer(&app, route, event, Duration::from_mins(1)).await).expect("JSON")
}

#[tokio::test]
async fn a_panic_ends_one_request_and_no_more() {
    let route = route!(panicking);
    for _ in 0..3 {
        let answer = answered(&route, "loud").await;
        assert_eq!(answer["statusCode"], 500);
        let body = answer["body"].as_str().expect("a body");
        assert!(body.contains("it has been logged"), "{body}");
        assert!(!body.contains("loud"), "{body}");
        assert_eq!(answered(&route, "quiet").await["statusCode"], 200);
    }
}

#[tokio::test]
async fn an_answer_that_the_platform_would_not_send_is_an_error_that_is_logged() {
    let answer = answered(&route!(too_long), "x").await;
    assert_eq!(answer["statusCode"], 500);
    let body = answer["body"].as_str().expect("a body");
    assert!(body.contains("it has been logged"), "{body}");
}

#[test]
fn a_log_names_the_operation_and_ids_and_nothing_that_was_sent() {
    let route = route!(panicking);
    let path = "/v2/users/rstr_org_secret";
    let longer = "GET /v2/users/{user_id}/{proxy+}";
    for (key, named) in [
        (longer, longer),
        ("", "GET /v2/users/{user_id}"),
        ("GET /rstr_org_secret", "GET /v2/users/{user_id}"),
    ] {
        let request = event(path, key, &json!({})).into_request();
        assert_eq!(operation(&route, &request), named);
    }
    for (parameters, read) in [
        (
            json!({ "user_id": "5f198da1c1ac5d1a30fc00f3" }),
            "user_id=5f198da1c1ac5d1a30fc00f3",
        ),
        (
            json!({ "user_id": "7", "team_id": "5f198da1c1ac5d1a30fc00f3" }),
            "team_id=5f198da1c1ac5d1a30fc00f3 user_id=7",
        ),
        (json!({ "user_id": "rstr_org_secret" }), ""),
        (
            json!({ "token": "PtqbaFfijJ0000000000000000000000000000000000" }),
            "",
        ),
    ] {
        let request = event(path, "", &parameters).into_request();
        assert_eq!(ids(&request), read);
    }
}
