//! What a change of an event leaves as it is: an answer can be sent back, and another
//! value is refused by name instead of being dropped.

use roster_domain::{Error, Location, Result, Violation};
use serde_json::Value;

/// Members that a change does not read, what of each is compared, and what changes it.
const KEPT: [(&str, &str, &str); 14] = [
    ("_id", "", "it cannot be changed"),
    ("team", "", "it cannot be changed"),
    ("vyteme", "", "it cannot be changed"),
    (
        "created_by",
        "/user",
        "use POST /v2/events/{event_id}/admin or a team's reassign",
    ),
    (
        "confirmed",
        "/flag",
        "use POST /v2/events/{event_id}/confirm",
    ),
    ("cancelled", "", "use POST /v2/events/{event_id}/cancel"),
    ("no_show", "", "use POST /v2/events/{event_id}/no-show"),
    (
        "invitees",
        "/*/_id",
        "use POST and DELETE /v2/events/{event_id}/invitees",
    ),
    (
        "declines",
        "/*/invitee",
        "use POST /v2/events/{event_id}/decline",
    ),
    ("messages", "/*/body", "they cannot be changed"),
    ("lang", "", "it cannot be changed"),
    ("locale", "", "it cannot be changed"),
    ("timezone", "", "it cannot be changed"),
    ("third_party", "", "it cannot be changed"),
];

/// Holds what a body says of what it does not change to what the event shows.
///
/// # Errors
/// Each that is another.
pub fn unchanged(body: &Value, shown: &Value) -> Result<()> {
    let mut violations = Vec::new();
    for (name, compared, instead) in KEPT {
        let said = body.get(name).map(|said| part(said, compared));
        let is = shown.get(name).map(|shown| part(shown, compared));
        if said.is_some_and(|said| said != is.unwrap_or_default()) {
            violations.push(kept(format!("/{name}"), instead));
        }
    }
    let no_emails =
        |value: &Value| value.pointer("/settings/no_emails") == Some(&Value::Bool(true));
    if body.get("settings").is_some() && no_emails(body) != no_emails(shown) {
        violations.push(kept("/settings".to_owned(), "they cannot be changed"));
    }
    let dates = body.get("dates").and_then(Value::as_array);
    for (index, date) in dates.into_iter().flatten().enumerate() {
        let Some(said) = date.get("confirmed") else {
            continue;
        };
        let mut own = shown["dates"].as_array().into_iter().flatten();
        let own = own.find(|own| own["_id"] == date["_id"]);
        let is = own.is_some_and(|own| own["confirmed"] == Value::Bool(true));
        if *said != Value::Bool(is) {
            let instead = "use POST /v2/events/{event_id}/confirm";
            violations.push(kept(format!("/dates/{index}/confirmed"), instead));
        }
    }
    if violations.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(violations))
    }
}

fn kept(pointer: String, instead: &str) -> Violation {
    let detail = format!("must be as the event shows it, or left out: {instead}");
    Violation::unacceptable(Location::body(pointer), detail)
}

/// What is at a pointer, in which `*` is every element.
fn part(value: &Value, pointer: &str) -> Value {
    match pointer.strip_prefix("/*") {
        Some(rest) => {
            let elements = value.as_array().into_iter().flatten();
            elements.map(|element| part(element, rest)).collect()
        }
        None => value.pointer(pointer).cloned().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown() -> Value {
        json!({
            "_id": "1", "vyteme": true, "created_by": { "user": "2", "email": "a@b.org" },
            "confirmed": { "flag": true, "updated_at": "now" }, "lang": "en",
            "invitees": [{ "_id": "3" }], "messages": [{ "body": "Hi", "updatedAt": "now" }],
            "dates": [{ "_id": "4", "confirmed": true }, { "_id": "5", "confirmed": false }],
        })
    }

    fn places(body: &Value) -> Vec<Location> {
        match unchanged(body, &shown()) {
            Err(Error::Invalid(all)) => all.into_iter().map(|it| it.location).collect(),
            Ok(()) => Vec::new(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn what_is_shown_can_be_sent_back_though_it_is_older() {
        let mut body = shown();
        body["messages"][0]["updatedAt"] = json!("before");
        body["confirmed"]["updated_at"] = json!("before");
        assert_eq!(places(&body), []);
        assert_eq!(places(&json!({ "cancelled": null, "settings": {} })), []);
    }

    #[test]
    fn another_value_is_refused_at_its_place() {
        let body = json!({
            "confirmed": { "flag": false }, "invitees": [], "lang": "fr", "team": "6",
            "settings": { "no_emails": true },
            "dates": [{ "confirmed": true }, { "_id": "4", "confirmed": true }],
        });
        let expected = [
            "/team",
            "/confirmed",
            "/invitees",
            "/lang",
            "/settings",
            "/dates/0/confirmed",
        ];
        assert_eq!(places(&body), expected.map(Location::body));
    }
}
