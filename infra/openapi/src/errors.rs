//! Errors: those of the functions, each surface's in its own style, and those
//! that API Gateway gives by itself.

use std::collections::BTreeMap;

use roster_runtime::Access;
use serde_json::{Value, json};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, Ref, Response, ResponseBuilder, header::Header,
};

use crate::{
    operation::{AnswerHeader, JSON, Operation, Style},
    schema::{
        Part, Parts, about, any_of, array, integer, may, must, named, object, one_of, string,
        values, within,
    },
};

/// The media type of a problem.
const PROBLEM: &str = "application/problem+json";
/// The media type of a page.
pub(crate) const PAGE: &str = "text/html; charset=utf-8";

/// Every response that is referred to, by name.
pub(crate) type Responses = BTreeMap<String, Response>;

impl AnswerHeader {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Link => "Link",
            Self::Tag => "ETag",
            Self::CacheControl => "Cache-Control",
            Self::Replayed => "Idempotent-Replayed",
        }
    }

    pub(crate) fn header(self) -> Header {
        let (part, about) = match self {
            Self::Link => (
                string(),
                "The absolute URL of the next page, with `rel=\"next\"` (RFC 8288). Absent from the last page.",
            ),
            Self::Tag => (string(), "The entity tag for `If-None-Match` (RFC 9110)."),
            Self::CacheControl => (
                string(),
                "How long the response may be cached. `no-store` if it contains a key or a link.",
            ),
            Self::Replayed => (
                one_of(&["true"]),
                "Present if this response was first given to an earlier request with the same `Idempotency-Key`.",
            ),
        };
        described(part, about)
    }
}

fn described(part: Part, about: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(part))
        .description(Some(about))
        .build()
}

/// Headers that are referred to, by name.
pub(crate) fn headers() -> [(&'static str, Header); 2] {
    [
        (
            "RequestId",
            described(string(), "The request ID. The log has it too."),
        ),
        (
            "RetryAfter",
            described(within(1..=86_400), "Seconds to wait before retrying."),
        ),
    ]
}

/// The name of the header that every answer has.
pub(crate) const REQUEST_ID: &str = "apigw-requestid";

pub(crate) fn request_id() -> Ref {
    Ref::new("#/components/headers/RequestId")
}

/// Every status that an operation can be refused with.
pub(crate) fn statuses(operation: &Operation, access: Access) -> Vec<u16> {
    let mut statuses = operation.errors.clone();
    if access != Access::Public {
        statuses.extend([400, 401, 403]);
    }
    // Whatever else happens, API Gateway may be asked too much, and a function
    // may fail or find the database busy.
    statuses.extend([429, 500, 503]);
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

/// The response to refer to; it is added where it is missing.
pub(crate) fn response(
    known: &mut Responses,
    operation: &Operation,
    access: Access,
    status: u16,
) -> Ref {
    let own = operation.errors.contains(&status) || ![401, 429].contains(&status);
    let gateway = match status {
        401 | 403 => access != Access::Public,
        413 | 429 | 500 | 503 => true,
        _ => false,
    };
    let style = match operation.style {
        Style::Problem => "Problem",
        Style::Accounts => "Accounts",
        Style::Directory => "Directory",
        Style::Page => "Page",
    };
    let by = match (own, gateway) {
        (true, true) => "OrGateway",
        (true, false) => "",
        (false, _) => "Gateway",
    };
    let name = if own {
        format!("{style}{status}{by}")
    } else {
        format!("Gateway{status}")
    };
    known
        .entry(name.clone())
        .or_insert_with(|| build(operation.style, status, own, gateway));
    Ref::from_response_name(name)
}

fn build(style: Style, status: u16, own: bool, gateway: bool) -> Response {
    let mut contents: BTreeMap<&str, Vec<(&str, Part, Value)>> = BTreeMap::new();
    if own {
        let (media_type, part) = match style {
            Style::Problem => (PROBLEM, named("Problem")),
            Style::Accounts => (JSON, named("AccountsError")),
            Style::Directory => (JSON, named("DirectoryError")),
            Style::Page => (PAGE, string()),
        };
        let entry = ("function", part, example(style, status));
        contents.entry(media_type).or_default().push(entry);
    }
    if gateway {
        let entry = ("gateway", named("GatewayMessage"), gateway_example(status));
        contents.entry(JSON).or_default().push(entry);
    }
    let mut response = ResponseBuilder::new()
        .description(meaning(status))
        .header_ref(REQUEST_ID, request_id());
    if own && [429, 503].contains(&status) {
        response = response.header_ref("Retry-After", Ref::new("#/components/headers/RetryAfter"));
    }
    for (media_type, entries) in contents {
        let parts: Vec<_> = entries.iter().map(|(_, part, _)| part.clone()).collect();
        let part = match parts.as_slice() {
            [only] => only.clone(),
            several => any_of(several.iter().cloned()),
        };
        let examples = entries.into_iter().map(|(name, _, value)| {
            let example = utoipa::openapi::example::ExampleBuilder::new().value(Some(value));
            (name, example.build())
        });
        let content = ContentBuilder::new()
            .schema(Some(part))
            .examples_from_iter(examples);
        response = response.content(media_type, content.build());
    }
    response.build()
}

fn meaning(status: u16) -> &'static str {
    match status {
        400 => {
            "The request is malformed: invalid JSON, an unknown field or parameter, or a value of the wrong type."
        }
        401 => "The key is missing.",
        403 => "The key is invalid or lacks the permission.",
        404 => {
            "It does not exist, or it belongs to another organization. The response is the same for both."
        }
        409 => "The request conflicts with existing data.",
        413 => "The body is too large.",
        415 => "The media type or `Content-Encoding` of the body is not supported.",
        422 => "The request is well-formed, but a value is not acceptable.",
        429 => "Too many requests.",
        500 => "Internal error.",
        _ => "The service is busy or did not respond in time. Try again.",
    }
}

fn gateway_example(status: u16) -> Value {
    let message = match status {
        401 => "Unauthorized",
        403 => "Forbidden",
        413 => "Request Entity Too Large",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        _ => "Service Unavailable",
    };
    json!({ "message": message })
}

/// What a problem of each status says. The other styles tell the same as one
/// text.
fn example(style: Style, status: u16) -> Value {
    let (title, detail, more) = match status {
        400 => (
            "Bad Request",
            "/user/first_nam is not a field of this object",
            json!({ "errors": [{ "pointer": "/user/first_nam", "detail": "is not a field of this object" }] }),
        ),
        401 => (
            "Unauthorized",
            "The email or the password is wrong.",
            json!({}),
        ),
        403 => (
            "Forbidden",
            "this operation needs the permission userManagement",
            json!({}),
        ),
        404 => ("Not Found", "there is no such user", json!({})),
        409 => (
            "Conflict",
            "another user has the address jean.dupont@example.com",
            json!({
                "errors": [{ "pointer": "/user/email", "detail": "another user has the address jean.dupont@example.com" }],
                "existing": "5f11747afb208c814fd24bb7",
            }),
        ),
        413 => (
            "Payload Too Large",
            "the body has 600000 bytes; the maximum is 524288",
            json!({}),
        ),
        415 => (
            "Unsupported Media Type",
            "the body must be application/json",
            json!({}),
        ),
        422 => (
            "Unprocessable Entity",
            "/user/timezone must be a time zone of the IANA database such as Europe/Paris",
            json!({ "errors": [{
                "pointer": "/user/timezone",
                "detail": "must be a time zone of the IANA database such as Europe/Paris",
            }] }),
        ),
        429 => (
            "Too Many Requests",
            "too many attempts; try again later",
            json!({}),
        ),
        500 => (
            "Internal Server Error",
            "internal error; it has been logged",
            json!({}),
        ),
        _ => (
            "Service Unavailable",
            "too many requests at once for the same data; try again",
            json!({}),
        ),
    };
    let text = detail.trim_start_matches('/').replace('/', ".");
    match style {
        Style::Problem => {
            let mut problem = json!({
                "title": title, "status": status, "detail": detail,
                "request_id": "5f5e1000b2f3a4c5d6e7f809-Xb3k",
            });
            json_patch::merge(&mut problem, &more);
            problem
        }
        Style::Accounts => json!({ "error": true, "message": text, "statusCode": status }),
        Style::Directory => json!({ "error": text }),
        Style::Page => json!("<!DOCTYPE html>…"),
    }
}

/// The schemas of what an error says.
pub(crate) fn parts() -> Parts {
    let place = object(vec![
        may("pointer", string()).about("JSON pointer into the body (RFC 6901)."),
        may("parameter", string()).about("Name of a query parameter."),
        may("path_parameter", string()).about("Name of a parameter of the path."),
        may("header", string()).about("Name of a header."),
        must("detail", string()).about("What is wrong with it."),
    ]);
    let considered = object(vec![
        must("user", named("Id")),
        must("reason", string()).about("Why this member cannot take the event."),
    ]);
    vec![
        (
            "Problem",
            about(
                object(vec![
                    must("title", string()).about("What the status means."),
                    must("status", integer()).about("The status."),
                    must("detail", string()).about("What happened, as a sentence."),
                    may("errors", array(place))
                        .about("All errors in the request, each with its location."),
                    may("existing", string())
                        .about("For a conflict: the `_id` of what already has the value."),
                    may("considered", array(considered))
                        .about("If no member can take the event: the reason for each member."),
                    may("request_id", string())
                        .about("The request ID. The log has it too. Absent from public pages."),
                ]),
                "An error, as problem details (RFC 9457).",
            ),
        ),
        (
            "AccountsError",
            about(
                object(vec![
                    must("error", values([json!(true)])),
                    must("message", string()).about("All errors, each with the name of its field."),
                    must("statusCode", integer()).about("The status."),
                ]),
                "An error of `/api/v2`.",
            ),
        ),
        (
            "DirectoryError",
            about(
                object(vec![
                    must("error", string()).about("All errors, each with the name of its field."),
                ]),
                "An error of `/api/v1`.",
            ),
        ),
        (
            "GatewayMessage",
            about(
                object(vec![must("message", string())]),
                "An error from API Gateway, which answers before a function runs.",
            ),
        ),
        (
            "Success",
            about(
                object(vec![
                    must("error", values([json!(false)])),
                    must("message", string()),
                    must("statusCode", values([json!(200)])),
                ]),
                "The result of an operation of `/api/v2` that returns no data.",
            ),
        ),
    ]
}
