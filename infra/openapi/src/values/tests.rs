use roster_domain::{
    access::password::Password,
    bookings::agenda::DateText,
    text::{
        Address, Email, ExternalId, LoginName, Message, Name, Nickname, Opaque, Title, WebOrigin,
        WebUrl,
    },
    users::directory::Mobile,
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
fn a_telephone_number_looks_as_the_code_takes_it() {
    for number in ["0", "+33 6 12", "(06)-12.34", "", " ", "+", "x", "1\n"] {
        let (taken, documented) = taken::<Mobile>("Mobile", number);
        assert_eq!(taken, documented, "{number:?}");
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
    alike::<WebOrigin>("WebOrigin");
    alike::<WebUrl>("WebUrl");
}
