//! Errors of `/v2` as problem details (RFC 9457), and the status of each error
//! on every surface.

use std::borrow::Cow;

use lambda_http::http::{StatusCode, header};
use roster_domain::{Error, Location, Violation};
use roster_store::dynamodb::failure::RETRY_AFTER;
use serde_json::{Map, Value, json};

use crate::{Reply, answer::lambda::encoded_length};

/// Most bytes of a list of violations, and most characters of a text that may
/// repeat what a request said: an answer must have room for all of it, however
/// many and however long the names in a body are.
const MAX_LISTED: usize = 1_000_000;
const MAX_REPEATED: usize = 600;

/// As many violations as there is room for, from the first on.
fn listed(violations: &[Violation]) -> &[Violation] {
    let mut length = 0;
    let has_room = |one: &&Violation| {
        length += encoded_length(&violation(one));
        length <= MAX_LISTED
    };
    let count = violations.iter().take_while(has_room).count();
    violations.get(..count).unwrap_or_default()
}

/// The beginning of a text that a request may have made long.
fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_REPEATED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    }
}

/// The status of an error.
#[must_use]
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::Invalid(violations) if violations.iter().any(|violation| violation.malformed) => {
            StatusCode::BAD_REQUEST
        }
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::NotFound(_) | Error::Unknown(_) => StatusCode::NOT_FOUND,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::WrongCredentials => StatusCode::UNAUTHORIZED,
        Error::TooManyAttempts(_) | Error::TooManyMails { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::TooLarge(_) | Error::Oversized { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Error::UnsupportedMediaType | Error::UnsupportedEncoding(_) => {
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        }
        Error::Busy(_) | Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What the caller reads. Internal detail is not in it.
#[must_use]
pub fn detail(error: &Error) -> String {
    match error {
        Error::Invalid(violations) => match violations.as_slice() {
            [only] => format!(
                "{} {}",
                shortened(&location_text(&only.location)),
                shortened(&only.detail)
            ),
            all => {
                let (count, listed) = (all.len(), listed(all).len());
                let which = if listed < count {
                    format!("the first {listed}")
                } else {
                    "each".to_owned()
                };
                format!("{count} values are not acceptable; errors lists {which}")
            }
        },
        Error::NotFound(what) => format!("there is no such {what}"),
        Error::Conflict(conflict) => conflict.detail.clone(),
        Error::Forbidden(detail)
        | Error::TooLarge(detail)
        | Error::Unknown(detail)
        | Error::TooManyMails { detail, .. } => detail.clone(),
        Error::Oversized { detail, pointer } => match pointer {
            Some(pointer) => format!("{detail}; {pointer} takes most of it"),
            None => detail.clone(),
        },
        Error::WrongCredentials => "the name or the password is wrong".to_owned(),
        Error::TooManyAttempts(_) => "too many attempts; try again later".to_owned(),
        Error::UnsupportedMediaType => "the body must be application/json".to_owned(),
        Error::UnsupportedEncoding(encoding) => {
            format!(
                "the body must not be compressed; Content-Encoding: {encoding} is not supported"
            )
        }
        Error::Busy(_) => "too many requests at once for the same data; try again".to_owned(),
        Error::Unavailable(_) => {
            "the service is temporarily unavailable; try again later".to_owned()
        }
        Error::Internal(_) => "internal error; it has been logged".to_owned(),
    }
}

/// What the caller reads on a surface whose errors are one text (`/api/v2`, `/api/v1`): every
/// violation, each with the name of its field.
#[must_use]
pub fn one_text(error: &Error) -> String {
    let field = |pointer: &str| match pointer.trim_start_matches('/') {
        "" => "the field without a name".to_owned(),
        path => path.replace('/', "."),
    };
    match error {
        Error::Invalid(violations) => {
            let listed = listed(violations);
            let texts = listed.iter().map(|violation| {
                let location = match &violation.location {
                    Location::Body(pointer) if !pointer.is_empty() => field(pointer),
                    location => location_text(location),
                };
                format!("{} {}", shortened(&location), shortened(&violation.detail))
            });
            let mut texts: Vec<_> = texts.collect();
            let left = violations.len().saturating_sub(listed.len());
            if left > 0 {
                texts.push(format!("and {left} more"));
            }
            texts.join("; ")
        }
        Error::Conflict(conflict) => match &conflict.location {
            Some(Location::Body(pointer)) => format!("{}: {}", field(pointer), conflict.detail),
            _ => conflict.detail.clone(),
        },
        Error::Oversized {
            detail,
            pointer: Some(pointer),
        } => format!("{}: {detail}", field(pointer)),
        other => detail(other),
    }
}

fn location_text(location: &Location) -> String {
    match location {
        Location::Field(_) => "the body".to_owned(),
        Location::Body(pointer) if pointer.is_empty() => "the body".to_owned(),
        Location::Body(pointer) => pointer.clone(),
        Location::Query(name) => format!("the query parameter {name}"),
        Location::Path(name) => format!("the path parameter {name}"),
        Location::Header(name) => format!("the header {name}"),
    }
}

/// The members of the problem, without the request's id.
#[must_use]
pub fn members(error: &Error) -> Map<String, Value> {
    let status = status(error);
    let mut members = Map::new();
    members.insert(
        "title".into(),
        status.canonical_reason().unwrap_or_default().into(),
    );
    members.insert("status".into(), status.as_u16().into());
    members.insert("detail".into(), detail(error).into());
    match error {
        Error::Invalid(violations) => {
            let listed = listed(violations).iter().map(violation).collect();
            members.insert("errors".into(), listed);
        }
        Error::Conflict(conflict) => {
            if let Some(location) = &conflict.location {
                let errors = json!([at(location, &conflict.detail)]);
                members.insert("errors".into(), errors);
            }
            if let Some(existing) = &conflict.existing {
                members.insert("existing".into(), existing.clone().into());
            }
            if !conflict.considered.is_empty() {
                let entry =
                    |(user, reason): &(String, String)| json!({ "user": user, "reason": reason });
                let considered = conflict.considered.iter().map(entry).collect();
                members.insert("considered".into(), considered);
            }
        }
        Error::Oversized {
            detail,
            pointer: Some(pointer),
        } => {
            let errors = json!([{ "pointer": pointer, "detail": detail }]);
            members.insert("errors".into(), errors);
        }
        _ => {}
    }
    members
}

fn violation(violation: &Violation) -> Value {
    at(&violation.location, &shortened(&violation.detail))
}

/// One of the errors that a problem lists.
fn at(location: &Location, detail: &str) -> Value {
    let (kind, location) = match location {
        Location::Body(pointer) => ("pointer", pointer.as_str()),
        Location::Query(name) => ("parameter", name.as_str()),
        Location::Path(name) => ("path_parameter", name.as_str()),
        Location::Header(name) => ("header", name.as_str()),
        // Of a surface that has it nowhere.
        Location::Field(_) => ("pointer", ""),
    };
    json!({ kind: shortened(location), "detail": detail })
}

/// The whole answer.
#[must_use]
pub fn render(error: &Error, request_id: Option<&str>) -> Reply {
    let mut members = members(error);
    if let Some(id) = request_id {
        members.insert("request_id".into(), id.into());
    }
    let body = Value::Object(members).to_string();
    with_retry_after(
        Reply::text(status(error), "application/problem+json", body),
        error,
    )
}

/// Says when to come again, where that may help (RFC 9110, 10.2.3): on every
/// surface.
#[must_use]
pub fn with_retry_after(reply: Reply, error: &Error) -> Reply {
    let wait = match error {
        Error::Busy(_) | Error::Unavailable(_) => RETRY_AFTER,
        Error::TooManyAttempts(wait) | Error::TooManyMails { wait, .. } => *wait,
        _ => return reply,
    };
    reply.with_header(header::RETRY_AFTER, &wait.as_secs().max(1).to_string())
}
