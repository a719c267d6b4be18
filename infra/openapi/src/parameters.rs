//! Parameters: those of paths, by name, and those that several operations take.

use roster_runtime::answer::list;
use roster_store::idempotency;
use utoipa::openapi::{
    Required,
    path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle},
};

use crate::{
    operation::Style,
    schema::{Part, array_of, named, pattern, string, text, within},
};

fn parameter(at: ParameterIn, name: &str, part: Part, about: &str) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(at)
        .schema(Some(part))
        .description(Some(about))
}

/// A query parameter that may be absent.
pub(crate) fn query(name: &str, part: Part, about: &str) -> Parameter {
    parameter(ParameterIn::Query, name, part, about)
        .required(Required::False)
        .build()
}

/// A query parameter that is a list with commas between, and may be absent.
pub(crate) fn list(name: &str, items: Part, max: usize, about: &str) -> Parameter {
    parameter(ParameterIn::Query, name, array_of(items, max), about)
        .required(Required::False)
        .style(Some(ParameterStyle::Form))
        .explode(Some(false))
        .build()
}

/// A query parameter that must be there.
pub(crate) fn required_query(name: &str, part: Part, about: &str) -> Parameter {
    parameter(ParameterIn::Query, name, part, about)
        .required(Required::True)
        .build()
}

/// A header that may be absent.
pub(crate) fn header(name: &str, part: Part, about: &str) -> Parameter {
    parameter(ParameterIn::Header, name, part, about)
        .required(Required::False)
        .build()
}

/// `organization`: for the operator, whose key is for none in particular.
pub(crate) fn organization() -> Parameter {
    let about = "The `_id` of the organization that the request is for. Required with an \
                 operator's key, unless the body names it; with another key it can only be \
                 the key's own.";
    query("organization", named("Id"), about)
}

/// `limit` and `cursor`.
pub(crate) fn window() -> [Parameter; 2] {
    let about =
        "The cursor of the next page, taken from the `Link` header of the previous response.";
    [
        query(
            "limit",
            within(1..=list::MAX_LIMIT),
            "Maximum number of items to return. Default: as many as fit.",
        ),
        query("cursor", string(), about),
    ]
}

/// `Idempotency-Key`.
pub(crate) fn idempotency_key() -> Parameter {
    let key = text(1..=255, "^[!-~]([ -~]*[!-~])?$");
    let about = "Lets the request be sent again without doing twice what it does: for 24 hours \
                 it gets the first answer. With another body it is a 422.";
    header(idempotency::HEADER, key, about)
}

/// A parameter of a path.
///
/// # Errors
/// The name, where no parameter has it.
pub(crate) fn of_path(name: &str, style: Style) -> Result<Parameter, String> {
    let of_number = || within(1..=isize::MAX.unsigned_abs());
    let (part, about) = match (name, style) {
        ("user_id", Style::Problem) | ("member_id", _) => (named("Id"), "The user's `_id`."),
        ("user_id", _) => (of_number(), "The user's number."),
        ("org_id", _) => (of_number(), "The organization's number."),
        ("team_id", _) => (named("Id"), "The team's `_id`."),
        ("event_id", _) => (named("Id"), "The event's `_id`."),
        ("key_id", _) => (named("Id"), "The key's `_id`."),
        ("organization_id", _) => (named("Id"), "The organization's `_id`."),
        ("time_off_id", _) => (named("Id"), "The `_id` of the time off."),
        ("calendar_id", _) => (named("Id"), "The `_id` of the calendar."),
        ("hook_id", _) => (named("Id"), "The webhook's `_id`."),
        ("delivery_id", _) => (named("Id"), "The delivery's `_id`."),
        ("hold_id", _) => (named("Id"), "The hold's `_id`."),
        ("invitee_id", _) => (
            named("Id"),
            "The `_id` of the invitee in `invitees`, not that of the user.",
        ),
        ("nickname", _) => (
            string(),
            "The user's `vyteme.nickname`. If users of several organizations have it, that of \
             the oldest organization.",
        ),
        ("minutes", _) => (within(1..=1_440), "The length of the event, in minutes."),
        ("token", _) => (string(), "The token from the invitation link."),
        (unknown, _) => return Err(unknown.to_owned()),
    };
    Ok(parameter(ParameterIn::Path, name, part, about)
        .required(Required::True)
        .build())
}

/// The header of a change that must be of one version.
pub(crate) fn if_match() -> Parameter {
    header(
        "If-Match",
        pattern(r#"^(\*|(W/)?"[0-9]{1,15}")$"#),
        "The `ETag` of a response. The change is made only if nothing has changed since.",
    )
}
