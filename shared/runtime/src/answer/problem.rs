//! Errors of `/v2` as problem details (RFC 9457), and the status of each error
//! on every surface.

use std::borrow::Cow;

use lambda_http::http::{StatusCode, header};
use roster_domain::{Error, Location, Violation};
use roster_store::dynamodb::failure::RETRY_AFTER;
use serde::{Serialize, Serializer};

use crate::{
    Reply,
    answer::lambda::encoded_length,
    wire::{self, IdText},
};

/// Most bytes of a list of violations, and most characters of a text that may
/// repeat what a request said: an answer must have room for all of it, however
/// many and however long the names in a body are.
const MAX_LISTED: usize = 1_000_000;
const MAX_REPEATED: usize = 600;

/// As many violations as there is room for, from the first on.
fn listed(violations: &[Violation]) -> &[Violation] {
    let mut length = 0;
    let has_room = |one: &&Violation| {
        length += encoded_length(&wire::value(violation(one)));
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
        Error::PreconditionFailed(_) => StatusCode::PRECONDITION_FAILED,
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
        | Error::PreconditionFailed(detail)
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

/// A status in the body of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Status(pub StatusCode);

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.0.as_u16())
    }
}

#[cfg(feature = "schema")]
impl crate::schema::Described for Status {
    fn part() -> crate::schema::Part {
        crate::schema::integer()
    }
}

crate::answer! {
    /// An error.
    pub struct ProblemAnswer<'a> as "Problem", "An error, as problem details (RFC 9457)." {
        /// What the status means.
        "title" => title: &'static str,
        /// The status.
        "status" => status: Status,
        /// What happened, as a sentence.
        "detail" => detail: String,
        /// All errors in the request, each with its location.
        "errors" [optional] => errors: Vec<ListedErrorAnswer>,
        /// For a conflict: the `_id` of what already has the value.
        "existing" [optional] => existing: &'a str,
        /// If no member can take the event: the reason for each member.
        "considered" [optional] => considered: Vec<ConsideredAnswer<'a>>,
        /// The request ID. The log has it too. Absent from public pages.
        "request_id" [optional] => request_id: &'a str,
    }

    /// One of the errors that a problem lists.
    pub struct ListedErrorAnswer {
        /// JSON pointer into the body (RFC 6901).
        "pointer" [optional] => pointer: String,
        /// Name of a query parameter.
        "parameter" [optional] => parameter: String,
        /// Name of a parameter of the path.
        "path_parameter" [optional] => path_parameter: String,
        /// Name of a header.
        "header" [optional] => header: String,
        /// What is wrong with it.
        "detail" => detail: String,
    }

    /// Why a member of a team was not booked.
    pub struct ConsideredAnswer<'a> {
        "user" => user: IdText<'a>,
        /// Why this member cannot take the event.
        "reason" => reason: &'a str,
    }
}

impl<'a> ProblemAnswer<'a> {
    /// Of an error, without the request's id.
    #[must_use]
    pub fn of(error: &'a Error) -> Self {
        let mut problem = Self::short(status(error), detail(error));
        match error {
            Error::Invalid(violations) => {
                problem.errors = Some(listed(violations).iter().map(violation).collect());
            }
            Error::Conflict(conflict) => {
                let at = conflict.location.as_ref();
                problem.errors = at.map(|at| vec![ListedErrorAnswer::at(at, &conflict.detail)]);
                problem.existing = conflict.existing.as_deref();
                let considered = conflict.considered.iter();
                let considered = considered.map(|(user, reason)| ConsideredAnswer {
                    user: IdText(user),
                    reason,
                });
                problem.considered =
                    Some(considered.collect()).filter(|all: &Vec<_>| !all.is_empty());
            }
            Error::Oversized {
                detail,
                pointer: Some(pointer),
            } => {
                let at = Location::body(pointer);
                problem.errors = Some(vec![ListedErrorAnswer::at(&at, detail)]);
            }
            _ => {}
        }
        problem
    }

    /// As the answer to a request.
    #[must_use]
    pub fn to_request(mut self, id: &'a str) -> Self {
        self.request_id = Some(id);
        self
    }

    /// With nothing but a status and what happened.
    #[must_use]
    pub fn short(status: StatusCode, detail: String) -> Self {
        Self {
            title: status.canonical_reason().unwrap_or_default(),
            status: Status(status),
            detail,
            errors: None,
            existing: None,
            considered: None,
            request_id: None,
        }
    }
}

fn violation(violation: &Violation) -> ListedErrorAnswer {
    ListedErrorAnswer::at(&violation.location, &shortened(&violation.detail))
}

impl ListedErrorAnswer {
    fn at(location: &Location, detail: &str) -> Self {
        let mut listed = Self {
            pointer: None,
            parameter: None,
            path_parameter: None,
            header: None,
            detail: detail.to_owned(),
        };
        let (member, text) = match location {
            Location::Body(pointer) => (&mut listed.pointer, pointer.as_str()),
            Location::Query(name) => (&mut listed.parameter, name.as_str()),
            Location::Path(name) => (&mut listed.path_parameter, name.as_str()),
            Location::Header(name) => (&mut listed.header, name.as_str()),
            // Of a surface that has it nowhere.
            Location::Field(_) => (&mut listed.pointer, ""),
        };
        *member = Some(shortened(text).into_owned());
        listed
    }
}

/// The whole answer.
#[must_use]
pub fn render(error: &Error, request_id: Option<&str>) -> Reply {
    let mut problem = ProblemAnswer::of(error);
    problem.request_id = request_id;
    let body = wire::value(problem).to_string();
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
