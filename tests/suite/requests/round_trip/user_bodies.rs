//! Users of every kind, as bodies that make them.

use serde_json::{Value, json};

use crate::harness::furnished::PASSWORD;

pub(super) fn slots(slots: &[(&str, &str)]) -> Value {
    let slot = |(start, end): &(&str, &str)| json!({ "start_time": start, "end_time": end });
    json!({ "enabled": true, "slots": slots.iter().map(slot).collect::<Vec<_>>() })
}

/// A user of each kind that `/v2` makes: what they are, and the body.
pub(super) fn bodies() -> Vec<(&'static str, Value)> {
    let with_email = |name: &str| json!({ "email": format!("{name}@example.com") });
    let team = |extid: &str, admin: bool| json!({ "extid": extid, "name": extid, "admin": admin });
    let many: Vec<Value> = (0..15)
        .map(|n| team(&format!("many-{n}"), n % 2 == 0))
        .collect();
    vec![
        ("an address alone", json!({ "user": with_email("bare") })),
        (
            "no address",
            json!({ "user": { "account": { "organization": { "extid": "no-address" } } } }),
        ),
        (
            "a first name alone",
            json!({ "user": { "email": "first@example.com", "first_name": "Zoë" } }),
        ),
        (
            "a last name alone",
            json!({ "user": { "email": "last@example.com", "last_name": "van der Berg" } }),
        ),
        (
            "names of several words",
            json!({ "user": {
                "email": "words@example.com", "first_name": "Jean Paul", "last_name": "de la Cour",
            } }),
        ),
        (
            "a whole profile",
            json!({ "user": {
                "email": "Whole@Example.com", "first_name": "Jean", "last_name": "Dupont",
                "language": "fr", "timezone": "Europe/Paris",
                "picture_url": "https://www.example.com/jean",
                "calendarList": "5eecc40bb2181073ac6ff375",
                "consent": { "terms": "2020-06-24T09:42:41.225987Z" },
                "google": {
                    "id": "g-1", "email": "jean@gmail.com", "token": "not kept",
                    "last_profile_fetch": "2020-06-24T09:42:41.225987Z",
                },
                "account": { "organization": { "extid": "whole", "admin": true } },
            } }),
        ),
        (
            "a login",
            json!({
                "user": with_email("login"),
                "login": { "credentials": { "username": "somebody", "password": PASSWORD } },
            }),
        ),
        (
            "a login and no address",
            json!({
                "user": {},
                "login": { "credentials": { "username": "nobody-else", "password": PASSWORD } },
            }),
        ),
        (
            "invited, not signed up",
            json!({ "user": with_email("invited"), "finish_signup_with": "email" }),
        ),
        (
            "deactivated",
            json!({ "user": { "email": "off@example.com", "active": false } }),
        ),
        (
            "a booking page",
            json!({ "user": with_email("page"), "vyteme": {
                "nickname": "page", "message": "Hello\nthere",
                "custom": { "duration": 30, "one_slot": true, "event_hide_decline": true,
                    "fixed_lang": "sv", "fixed_places": [{ "name": "Here", "adress": "1 Main St" }],
                    "embed_origins": ["https://www.example.com"] },
            } }),
        ),
        (
            "an empty booking page",
            json!({ "user": with_email("empty-page"), "vyteme": { "custom": {} } }),
        ),
        (
            "hours in another zone",
            json!({ "user": { "email": "tokyo@example.com", "timezone": "Europe/Paris" },
                "availability": { "timezone": "Asia/Tokyo", "buffer_before": 5, "days": {
                    "monday": slots(&[("14:00", "18:00"), ("09:00", "12:00")]),
                    "sunday": { "enabled": false },
                } } }),
        ),
        (
            "hours and no zone",
            json!({ "user": with_email("hours"), "availability": {
                "past_as_busy": true, "days": { "friday": slots(&[("22:00", "00:00")]) } } }),
        ),
        (
            "an empty availability",
            json!({ "user": with_email("any-hour"), "availability": { "days": {} } }),
        ),
        (
            "sealed calendars",
            json!({ "user": with_email("calendars"), "calendars": [{
                "source": "exchange", "credentials": {
                    "server": "mail.example.com", "username": "jean", "password": "secret",
                } }] }),
        ),
        (
            "a language of /v2 alone",
            json!({ "user": { "email": "es@example.com", "language": "es" } }),
        ),
        (
            "in teams",
            json!({ "user": with_email("teams"), "teams": [team("a", false), team("b", true)] }),
        ),
        (
            "in as many teams as a request names",
            json!({ "user": with_email("many"), "teams": many }),
        ),
    ]
}
