//! The schemas of single values, which every surface uses: `shared/domain` has
//! the types that they stand for.

use serde_json::json;
use utoipa::openapi::KnownFormat;

use crate::schema::{
    ID, Parts, about, any_of, format, one_of, pattern, string, text, values, within,
};

/// Blanks at an end of a text: they are taken away.
macro_rules! blanks {
    () => {
        r"[\s\x85\u200b\u2060]*"
    };
}
pub(crate) use blanks;
/// What no line may have in it: it does not print, or turns the text beside it.
macro_rules! no_line {
    () => {
        r"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
    };
}
/// And what no text of several lines may have.
macro_rules! no_lines {
    () => {
        r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e"
    };
}
/// What cannot be seen.
macro_rules! unseen {
    () => {
        r"\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
    };
}
/// A letter or a digit of a domain, in ASCII or not.
macro_rules! letter {
    () => {
        r"[^\x00-/:-@\[-\x60{-\x7f\s]"
    };
}
/// A label of a domain.
macro_rules! label {
    () => {
        concat!(
            letter!(),
            r"([^\x00-,./:-@\[-\x60{-\x7f\s]{0,61}",
            letter!(),
            ")?"
        )
    };
}

/// One line with something to see in it.
const LINE: &str = concat!(
    "^",
    blanks!(),
    "[^",
    no_line!(),
    "]*[^",
    unseen!(),
    "][^",
    no_line!(),
    "]*",
    blanks!(),
    "$"
);
/// The same, kept to the byte.
const EXACT_LINE: &str = concat!(
    "^[^",
    no_line!(),
    "]*[^",
    unseen!(),
    "][^",
    no_line!(),
    "]*$"
);
/// Lines with something to see in them.
const LINES: &str = concat!(
    "^",
    blanks!(),
    "[^",
    no_lines!(),
    "]*[^",
    unseen!(),
    "][^",
    no_lines!(),
    "]*",
    blanks!(),
    "$"
);
/// The last part of a booking page's address.
const NICKNAME: &str = concat!("^", blanks!(), "[A-Za-z0-9._-]{2,100}", blanks!(), "$");
/// HTML's valid email address, with labels of at most 63 characters, which may
/// be in Unicode.
const EMAIL: &str = concat!(
    "^",
    blanks!(),
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@",
    label!(),
    r"(\.",
    label!(),
    ")*",
    blanks!(),
    "$"
);
/// An `http` or `https` URL.
const URL: &str = concat!("^", blanks!(), r"[Hh][Tt][Tt][Pp][Ss]?:\S+", blanks!(), "$");
/// A time as `/api/v1` shows it.
const TIME: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$";
/// A date and time, or a date alone, as an event takes it: with the days that
/// each month has in every year.
const EVENT_DATE: &str = concat!(
    r"^[0-9]{4}(-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))",
    r"|(0[13578]|1[02])(0[1-9]|[12][0-9]|3[01])|(0[469]|11)(0[1-9]|[12][0-9]|30)|02(0[1-9]|[12][0-9]))",
    r"([Tt ](([01][0-9]|2[0-3])(:?[0-5][0-9](:?[0-5][0-9]([.,][0-9]{1,9})?)?)?|24(:?00(:?00([.,]0{1,9})?)?)?)",
    r"([Zz]|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?)?$"
);

/// Digits that make a number of at most 18 of them.
const MANY_DIGITS: &str = "^[0-9]{1,18}$";
/// Digits that make a number of at most 32 bits.
const DIGITS_OF_32_BITS: &str = "^([0-9]{1,9}|[1-3][0-9]{9}|4[01][0-9]{8}|42[0-8][0-9]{7}|429[0-3][0-9]{6}|4294[0-8][0-9]{5}|42949[0-5][0-9]{4}|429496[0-6][0-9]{3}|4294967[01][0-9]{2}|42949672[0-8][0-9]|429496729[0-5])$";

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
        (
            "Email",
            about(
                text(3..=254, EMAIL),
                "An email address. Its case is kept but ignored in comparisons. A Unicode domain is stored in ASCII (IDNA).",
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

#[cfg(test)]
mod tests {
    use roster_domain::{
        access::password::Password,
        bookings::agenda::DateText,
        text::{
            Address, Email, ExternalId, LoginName, Message, Name, Nickname, Opaque, Title, WebUrl,
        },
    };
    use serde_json::Value;

    use super::*;

    /// Whether the code takes a text, and whether the document does.
    fn taken<T: std::str::FromStr>(name: &str, text: &str) -> (bool, bool) {
        let (_, part) = parts()
            .into_iter()
            .find(|(found, _)| *found == name)
            .expect(name);
        let schema = serde_json::to_value(&part).expect("JSON");
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let documented = validator.is_valid(&Value::from(text));
        (text.parse::<T>().is_ok(), documented)
    }

    fn longest<T: std::str::FromStr>(name: &str, max: usize) {
        let text = "x".repeat(max);
        assert_eq!(taken::<T>(name, &text), (true, true), "{name}");
        let text = "x".repeat(max + 1);
        assert_eq!(taken::<T>(name, &text), (false, false), "{name}");
    }

    fn alike<T: std::str::FromStr>(name: &str) {
        for text in [
            "",
            " ",
            "\u{a0}",
            "\t",
            "x\n",
            "a\nb",
            "\u{85}",
            "x",
            "xyz",
            " xyz",
            "xyz ",
            "🎉🎉🎉",
            "a\u{0}bcdefgh",
            "eight ch",
            "a@b",
            "a@b.c",
            "@b",
            "a@",
            "a b@c",
            "a@b..c",
            "a@-b",
            "http://a",
            "HTTPS://a/b",
            "ftp://a",
        ] {
            let (taken, documented) = taken::<T>(name, text);
            assert_eq!(taken, documented, "{name}: {text:?}");
        }
    }

    #[test]
    fn a_text_is_as_long_as_the_code_takes_it() {
        longest::<Name>("Name", 100);
        longest::<Title>("Title", 300);
        longest::<Address>("Address", 300);
        longest::<Message>("Message", 10_000);
        longest::<ExternalId>("ExternalId", 200);
        longest::<Nickname>("Nickname", 100);
        longest::<LoginName>("LoginName", 254);
        longest::<Opaque>("Opaque", 1_000);
        longest::<Password>("Password", 128);
    }

    #[test]
    fn a_date_looks_as_the_code_takes_it() {
        for text in [
            "2027-03-01",
            "20270301",
            "2027-03-01T09",
            "2027-03-01T09:00",
            "2027-03-01T0900Z",
            "2027-03-01 09:00:00.25+02:00",
            "2027-03-01t24:00:00,0z",
            "20270301T240000+0100",
            "20270301T090000-03",
            "2027-03-01T24",
            "2027-04-31",
            "2027-3-1",
            "2027-03-01T24:01",
            "2027-03-01T25:00",
            "2027-03-01T09:60",
            "2027-03-01T09:00:60",
            "2027-03-01Z",
            "2027-03-01T09:00+25:00",
            "2027-03-01T09:00 +02:00",
            "2027-W10-1",
            "tomorrow",
            "",
        ] {
            let (taken, documented) = taken::<DateText>("EventDate", text);
            assert_eq!(taken, documented, "{text:?}");
        }
    }

    #[test]
    fn a_text_looks_as_the_code_takes_it() {
        alike::<Name>("Name");
        alike::<Title>("Title");
        alike::<Address>("Address");
        alike::<Message>("Message");
        alike::<ExternalId>("ExternalId");
        alike::<Nickname>("Nickname");
        alike::<LoginName>("LoginName");
        alike::<Opaque>("Opaque");
        alike::<Password>("Password");
        alike::<Email>("Email");
        alike::<WebUrl>("WebUrl");
    }
}
