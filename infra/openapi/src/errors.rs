//! Errors: those of the functions, each surface's in its own style, and those
//! that API Gateway gives by itself.

use std::{collections::BTreeMap, time::Duration};

use roster_domain::{
    Conflict, Error,
    error::{Location, Unacceptable, Violation},
    text::Name,
    zone::ZoneName,
};
use roster_runtime::{Access, answer::problem::ProblemAnswer, request::edge::BESIDE_EDGE, wire};
use serde_json::{Value, json};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, Ref, Response, ResponseBuilder, header::Header,
};

use crate::{
    operation::{AnswerHeader, JSON, Operation, Style},
    schema::{Described, Part, Parts, about, any_of, must, named, object, one_of, string, within},
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
            Self::Tag => (
                string(),
                "The entity tag, for `If-Match` or `If-None-Match` (RFC 9110).",
            ),
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
        statuses.extend([400, 401]);
    }
    // Whatever else happens, API Gateway may be asked too much, a function may fail or
    // find the database busy, and a request may pass by what stands in front of the API.
    statuses.extend([403, 429, 500, 503]);
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
        let error = match (status, gateway) {
            // Of an operation that needs no key.
            (403, false) => Error::Forbidden(BESIDE_EDGE.to_owned()),
            _ => error(style, status),
        };
        let entry = ("function", part, example(style, &error));
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
        403 => {
            "The key is invalid or lacks the permission, or the API is behind CloudFront and the request did not come through it."
        }
        404 => {
            "It does not exist, or it belongs to another organization. The response is the same for both."
        }
        409 => "The request conflicts with existing data.",
        412 => "It is not in the version that `If-Match` names. Read it again.",
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

/// What an error says.
fn example(style: Style, error: &Error) -> Value {
    match style {
        Style::Problem => {
            let request_id = "5f5e1000b2f3a4c5d6e7f809-Xb3k";
            wire::value(ProblemAnswer::of(error).to_request(request_id))
        }
        Style::Accounts => wire::value(roster_accounts::errors::ErrorAnswer::of(error)),
        Style::Directory => wire::value(roster_directory::errors::ErrorAnswer::of(error)),
        Style::Page => json!("<!DOCTYPE html>…"),
    }
}

fn error(style: Style, status: u16) -> Error {
    // Where each surface has these fields.
    let (misspelt, email, timezone) = match style {
        Style::Problem => ("/user/first_nam", "/user/email", "/user/timezone"),
        Style::Accounts => ("/firstNam", "/email", "/timezone"),
        Style::Directory | Style::Page => ("/first_nam", "/username", "/first_name"),
    };
    match status {
        400 => {
            let detail = "is not a field of this object";
            Error::Invalid(vec![Violation::malformed(Location::body(misspelt), detail)])
        }
        401 => Error::WrongCredentials,
        403 => Error::Forbidden("this operation needs the permission userManagement".to_owned()),
        404 => Error::NotFound("user"),
        409 => {
            let detail = "another user has the address jean.dupont@example.com";
            let existing = "5f11747afb208c814fd24bb7".to_owned();
            Conflict::new(detail).at(email).with(existing).into()
        }
        412 => Error::hold_version(Some(3), 4)
            .err()
            .unwrap_or(Error::NotFound("version")),
        413 => Error::TooLarge("the body has 600000 bytes; the maximum is 524288".to_owned()),
        415 => Error::UnsupportedMediaType,
        422 => {
            let unacceptable = match style {
                Style::Directory => "".parse::<Name>().err(),
                _ => "Mars".parse::<ZoneName>().err(),
            };
            let detail = unacceptable.map_or_else(String::new, |Unacceptable(detail)| detail);
            Error::at(timezone, detail)
        }
        429 => Error::TooManyAttempts(Duration::from_mins(1)),
        500 => Error::internal("the log has more"),
        _ => Error::Busy("the log has more".to_owned()),
    }
}

/// The schemas of what an error says.
pub(crate) fn parts() -> Parts {
    let mut parts = vec![(
        "GatewayMessage",
        about(
            object(vec![must("message", string())]),
            "An error from API Gateway, which answers before a function runs.",
        ),
    )];
    ProblemAnswer::collect(&mut parts);
    parts
}
