//! The schemas of single values, which every surface uses: `shared/domain` has
//! the types that they stand for.

mod patterns;
#[cfg(test)]
mod tests;

use serde_json::json;
use utoipa::openapi::KnownFormat;

use crate::schema::{
    ID, Parts, about, any_of, format, one_of, pattern, string, text, values, within,
};
use patterns::{
    DIGITS_OF_32_BITS, EMAIL, EVENT_DATE, EXACT_LINE, LINE, LINES, MANY_DIGITS, MOBILE, NICKNAME,
    ORIGIN, TIME, URL,
};

/// The schemas.
pub(crate) fn parts() -> Parts {
    vec![
        (
            "Id",
            about(
                pattern(ID),
                "An ID: 24 hexadecimal digits. The first 8 are its creation time in seconds. Lower case in responses; any case in requests.",
            ),
        ),
        (
            "Name",
            about(
                text(1..=100, LINE),
                "One line of at most 100 characters. Leading and trailing spaces are removed, here and in all texts.",
            ),
        ),
        (
            "Title",
            about(text(1..=300, LINE), "One line of at most 300 characters."),
        ),
        (
            "Address",
            about(
                text(1..=300, LINES),
                "A postal address, a phone number, a URL: at most 300 characters. Line breaks are kept.",
            ),
        ),
        (
            "Message",
            about(
                text(1..=10_000, LINES),
                "A text of at most 10,000 characters. Line breaks are kept.",
            ),
        ),
        (
            "ExternalId",
            about(
                text(1..=200, LINE),
                "An ID in your own system. Case-sensitive.",
            ),
        ),
        (
            "Nickname",
            about(
                text(2..=100, NICKNAME),
                "The last part of a booking page's URL. Unique in the organization, ignoring case.",
            ),
        ),
        (
            "LoginName",
            about(
                text(3..=254, LINE),
                "The name that a user logs in with. Unique across organizations, ignoring case.",
            ),
        ),
        ("Mobile", about(text(1..=32, MOBILE), "A phone number.")),
        (
            "AddressList",
            about(
                text(1..=1_000, r"^\S[\s\S]*$"),
                "Email addresses or domains, separated by commas.",
            ),
        ),
        (
            "Email",
            about(
                text(3..=254, EMAIL),
                "An email address. Its case is kept but ignored in comparisons. A Unicode domain is stored in ASCII (IDNA).",
            ),
        ),
        (
            "WebOrigin",
            about(
                text(1..=300, ORIGIN),
                "The origin of a website, such as `https://www.example.com`: without a path, in \
                 lower case.",
            ),
        ),
        (
            "WebUrl",
            about(
                text(1..=1_024, URL),
                "An absolute `http` or `https` URL without a password in it.",
            ),
        ),
        (
            "Opaque",
            about(
                text(1..=1_000, EXACT_LINE),
                "A value from another system, stored unchanged.",
            ),
        ),
        (
            "Password",
            about(
                text(8..=128, r"^[^\x00]*$"),
                "A password of 8 to 128 characters. Composed and decomposed accents are equal.",
            ),
        ),
        (
            "TimeZone",
            about(
                string(),
                "A time zone of the IANA database, such as `Europe/Paris`.",
            ),
        ),
        (
            "Language",
            about(
                one_of(&["da", "de", "en", "es", "fr", "it", "nl", "pt", "sv"]),
                "A language in a response. `/v2` and `/api/v2` each accept their own list.",
            ),
        ),
        (
            "SchedulingLanguage",
            about(
                one_of(&["fr", "en", "es", "it", "pt", "de", "sv", "nl"]),
                "A language that `/v2` accepts.",
            ),
        ),
        (
            "AccountsLanguage",
            about(
                one_of(&["en", "fr", "da", "de"]),
                "A language that `/api/v2` accepts.",
            ),
        ),
        (
            "Instant",
            about(
                format(KnownFormat::DateTime),
                "A date and time. In UTC with milliseconds in responses.",
            ),
        ),
        (
            "OffsetTime",
            about(
                format(KnownFormat::DateTime),
                "A date and time with the time zone's offset: `2020-07-16T09:00:00+02:00`.",
            ),
        ),
        (
            "EventDate",
            about(
                pattern(EVENT_DATE),
                "A date and time: `2020-07-16T09:00:00` in the event's time zone, or `2020-07-16T09:00:00+02:00`. Or a date alone. 24:00 is the end of the day. Years 1 to 9998.",
            ),
        ),
        (
            "TimeOfDay",
            about(
                string(),
                "A time of day in whole minutes: `10:00`, or `2018-01-01T10:00`, whose date is ignored. With an offset, as in `2018-01-01T10:00:00Z`, it is converted to the time zone of the availability. 24:00 is the end of the day.",
            ),
        ),
        (
            "Flag",
            about(
                values([json!(true), json!(false), json!("true"), json!("false")]),
                "A boolean, or a string with one.",
            ),
        ),
        (
            "Count",
            about(
                any_of([within(0..=0xFFFF_FFFF), pattern(DIGITS_OF_32_BITS)]),
                "A 32-bit integer, or a string with one.",
            ),
        ),
        (
            "Number",
            about(
                any_of([within(0..=isize::MAX.unsigned_abs()), pattern(MANY_DIGITS)]),
                "The number of a user or an organization, or a string with it.",
            ),
        ),
        (
            "Time",
            about(
                pattern(TIME),
                "A date and time of `/api/v1`: in UTC, to the second.",
            ),
        ),
        (
            "Digits",
            about(pattern("^[0-9]+$"), "An integer of `/api/v1`: a string."),
        ),
    ]
}
