use roster_domain::{Error, Location};
use serde_json::json;

use super::*;

fn booking(body: Value) -> Booking {
    read(&body).expect("fine").booking
}

/// The violations of a body: pointer, and whether it is malformed.
fn violations(body: Value) -> Vec<(String, bool)> {
    let Err(Error::Invalid(all)) = read(&body) else {
        panic!("{body} is fine");
    };
    all.into_iter()
        .map(|violation| match violation.location {
            Location::Body(pointer) => (pointer, violation.malformed),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn least() -> Value {
    json!({ "title": "Demo" })
}

fn with(name: &str, value: Value) -> Value {
    let mut body = least();
    body[name] = value;
    body
}

#[test]
fn what_a_body_leaves_out_has_the_defaults_of_the_table() {
    let booking = booking(least());
    assert!(!booking.confirmed);
    assert!(booking.dates.is_empty());
    assert_eq!(booking.created_by, None);
    assert_eq!((booking.lang, booking.locale), (Language::En, Language::En));
    assert_eq!(booking.timezone, None);
}

#[test]
fn the_locale_is_the_language_unless_it_is_given() {
    let both = with("lang", json!("fr"));
    assert_eq!(booking(both).locale, Language::Fr);
    let alone = booking(with("locale", json!("fr")));
    assert_eq!((alone.lang, alone.locale), (Language::En, Language::Fr));
}

#[test]
fn a_single_object_counts_as_an_array_of_one() {
    let mut body = least();
    body["messages"] = json!({ "body": "Hello\nthere" });
    body["invitees"] = json!({ "email": "zoe@example.com", "phone": null });
    body["places"] = json!({ "name": "Here", "adress": "1 Main St", "source": "Appear.in" });
    let booking = booking(body);
    assert_eq!(booking.messages[0].as_str(), "Hello\nthere");
    assert_eq!(booking.invitees[0].email.as_str(), "zoe@example.com");
    assert_eq!(booking.invitees[0].phone, None);
    let place = &booking.places[0];
    assert_eq!(place.address.as_ref().unwrap().as_str(), "1 Main St");
    assert_eq!(place.source.as_ref().unwrap().as_str(), "Appear.in");
}

#[test]
fn a_date_is_an_instant_only_where_it_has_an_offset() {
    let dates = json!([
        { "all_day": "true", "date": "2020-07-16", "end_date": "2020-07-17" },
        { "date": "2020-07-16T14:00:00+0530", "end_date": "2020-07-16T15:00:00" },
    ]);
    let mut body = with("dates", dates);
    body["confirmed"] = json!({ "flag": "true", "updated_at": null, "multi": false });
    let booking = booking(body);
    assert!(booking.confirmed);
    assert!(booking.dates[0].all_day && !booking.dates[1].all_day);
    assert!(matches!(booking.dates[0].start, DateText::Day(_)));
    assert!(matches!(booking.dates[1].start, DateText::Offset(..)));
    assert!(matches!(booking.dates[1].end, DateText::Local(_)));
}

#[test]
fn every_violation_is_told_at_once() {
    let body = json!({
        "created_by": { "email": "nobody", "name": "x" },
        "dates": [{ "date": "2020-07-16" }, { "date": 1, "end_date": "", "_id": "x" }],
        "messages": [{ "body": "" }],
        "places": [{ "name": "Here", "address": "a", "adress": "b" }],
        "lang": "da",
        "timezone": "Mars",
        "vyteme": "false",
        "titel": "Demo",
    });
    let expected = [
        ("/created_by/email", false),
        ("/created_by/name", true),
        ("/title", false),
        ("/dates/0/end_date", false),
        ("/dates/1/date", true),
        ("/dates/1/end_date", true),
        ("/dates/1/_id", true),
        ("/places/0/adress", false),
        ("/messages/0/body", false),
        ("/lang", false),
        ("/timezone", false),
        ("/vyteme", true),
        ("/titel", true),
    ];
    let expected = expected.map(|(pointer, malformed)| (pointer.to_owned(), malformed));
    assert_eq!(violations(body), expected);
}

#[test]
fn an_address_is_invited_once_whatever_its_case() {
    let body = with(
        "invitees",
        json!([
            { "email": "zoe@example.com" },
            { "email": "tom@example.com" },
            { "email": "Zoe@Example.com", "full_name": 7 },
        ]),
    );
    let expected = ["/invitees/2/full_name", "/invitees/2/email"];
    let found = violations(body);
    let found: Vec<_> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(found, expected);
}

#[test]
fn only_an_event_with_dates_is_confirmed() {
    let confirmed = json!({ "flag": true });
    let flag = vec![("/confirmed/flag".to_owned(), false)];
    assert_eq!(violations(with("confirmed", confirmed.clone())), flag);
    let mut empty = with("confirmed", confirmed.clone());
    empty["dates"] = json!([]);
    assert_eq!(violations(empty), flag);
    let mut wrong = with("confirmed", confirmed);
    wrong["dates"] = json!(7);
    assert_eq!(violations(wrong), [("/dates".to_owned(), true)]);
}
