//! The body that books an event with a member of a team (`/v2/teams`).

use std::collections::HashSet;

use roster_domain::{
    Error, Result, UserId,
    bookings::agenda::DateText,
    bookings::event::{Booking, Guest, MAX_PARTS, SuggestedDate, SuggestedPlace},
    error::Unacceptable,
    text::{Address, Email, Message, Title},
    users::language::{Language, SchedulingLanguage},
};
use roster_runtime::json::read::{FromJson, Node, Object, Violations};
use serde_json::Value;

/// What a body says.
#[derive(Debug)]
pub struct EventBody {
    /// The organization that it names.
    pub organization: Option<String>,
    /// What is to be booked.
    pub booking: Booking,
}

/// Reads a body. A date without an offset is not an instant yet: it is in the
/// zone of whoever is assigned.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(body: &Value) -> Result<EventBody> {
    let violations = Violations::default();
    let read = read_body(&Node::body(body, &violations));
    violations
        .check(read)?
        .ok_or_else(|| Error::internal("an event was not read, and nothing was noted"))
}

fn read_body(node: &Node<'_>) -> Option<EventBody> {
    let object = node.object()?;
    let organization = super::organization(&object);
    let title = object.required("title");
    // `/v2/teams` requires the address of who created the event, not to name anybody.
    let creator = object
        .node("created_by")
        .filter(|node| !node.value.is_null())
        .map(|node| node.object().map(creator));
    let dates = object.optional_with("dates", |node| node.elements(MAX_PARTS, date));
    let confirmed = object.object("confirmed").is_some_and(|confirmed| {
        // Dates that cannot be read were noted: they are not missing.
        let has_dates = match &dates {
            Some(dates) => !dates.is_empty(),
            None => object.has("dates"),
        };
        is_confirmed(confirmed, has_dates)
    });
    let places = object.optional_with("places", |node| one_or_more(node, place));
    let invitees = object.optional_with("invitees", invitees);
    let messages = object.optional_with("messages", |node| one_or_more(node, message));
    let lang = language(&object, "lang").unwrap_or(Language::En);
    let locale = language(&object, "locale").unwrap_or(lang);
    let timezone = nullable(&object, "timezone");
    // `/v2/teams`'s table requires it and its sample leaves it out: absent is true.
    if object.optional("vyteme") == Some(false) {
        object.violations().malformed("/vyteme", "must be true");
    }
    object.end();
    let creator = match creator {
        Some(creator) => creator?,
        None => Creator::default(),
    };
    Some(EventBody {
        organization,
        booking: Booking {
            title: title?,
            created_by: creator.email,
            created_by_name: creator.name,
            created_by_user: creator.user,
            confirmed,
            dates: dates.unwrap_or_default(),
            places: places.unwrap_or_default(),
            invitees: invitees.unwrap_or_default(),
            messages: messages.unwrap_or_default(),
            lang,
            locale,
            timezone,
        },
    })
}

/// `created_by`: the member who is asked for, or the person who books.
#[derive(Debug, Default)]
struct Creator {
    email: Option<Email>,
    name: Option<Title>,
    user: Option<UserId>,
}

fn creator(object: Object<'_>) -> Creator {
    let user = nullable(&object, "user");
    let names_user = object
        .node("user")
        .is_some_and(|node| !node.value.is_null());
    let email = if names_user {
        nullable(&object, "email")
    } else {
        object.required("email")
    };
    let name = nullable(&object, "full_name");
    object.read_only(&["picture_url"]);
    object.end();
    Creator { email, name, user }
}

fn is_confirmed(object: Object<'_>, has_dates: bool) -> bool {
    let flag = object.optional("flag").unwrap_or(false);
    object.read_only(&["updated_at", "multi"]);
    if flag && !has_dates {
        object.violations().unacceptable(
            format!("{}/flag", object.pointer),
            "must not be true without a date to confirm",
        );
    }
    object.end();
    flag
}

fn date(node: Node<'_>) -> Option<SuggestedDate> {
    let object = node.object()?;
    let all_day = object.optional("all_day").unwrap_or(false);
    let start = date_text(&object, "date");
    let end = date_text(&object, "end_date");
    object.end();
    Some(SuggestedDate {
        all_day,
        start: start?,
        end: end?,
    })
}

fn date_text(object: &Object<'_>, name: &'static str) -> Option<DateText> {
    let text: String = object.required(name)?;
    let read = text.parse().map_err(|Unacceptable(detail)| {
        let pointer = format!("{}/{name}", object.pointer);
        object.violations().malformed(pointer, detail);
    });
    read.ok()
}

fn place(node: Node<'_>) -> Option<SuggestedPlace> {
    let object = node.object()?;
    let name = object.required("name");
    let address = address(&object);
    let source = nullable(&object, "source");
    let source_id = nullable(&object, "source_id");
    object.end();
    Some(SuggestedPlace {
        name: name?,
        address,
        source,
        source_id,
    })
}

/// `adress` in `/v2/users`'s table, `address` everywhere else: one field.
fn address(object: &Object<'_>) -> Option<Address> {
    let address: Option<Address> = nullable(object, "address");
    let adress: Option<Address> = nullable(object, "adress");
    if let (Some(address), Some(adress)) = (&address, &adress)
        && address != adress
    {
        object
            .violations()
            .unacceptable(format!("{}/adress", object.pointer), "must match address");
    }
    address.or(adress)
}

fn invitees(node: Node<'_>) -> Option<Vec<Guest>> {
    let mut seen = HashSet::new();
    one_or_more(node, |node| {
        let object = node.object()?;
        let email: Option<Email> = object.required("email");
        let full_name = nullable(&object, "full_name");
        let phone = nullable(&object, "phone");
        let is_second = email
            .as_ref()
            .is_some_and(|email| !seen.insert(email.folded()));
        if is_second {
            object.violations().unacceptable(
                format!("{}/email", object.pointer),
                "is the address of another invitee too",
            );
        }
        object.end();
        Some(Guest {
            email: email?,
            full_name,
            phone,
        })
    })
}

fn message(node: Node<'_>) -> Option<Message> {
    let object = node.object()?;
    let body = object.required("body");
    object.end();
    body
}

fn language(object: &Object<'_>, name: &'static str) -> Option<Language> {
    let language: Option<SchedulingLanguage> = object.optional(name);
    language.map(|SchedulingLanguage(language)| language)
}

/// A field that may be absent or null alike: there is nothing yet to clear.
fn nullable<T: FromJson>(object: &Object<'_>, name: &'static str) -> Option<T> {
    let node = object.node(name)?;
    if node.value.is_null() {
        return None;
    }
    node.read()
}

/// An array, or one of its elements without the array: real clients send that.
fn one_or_more<'a, T>(
    node: Node<'a>,
    mut read: impl FnMut(Node<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    if node.value.is_object() {
        return read(node).map(|only| vec![only]);
    }
    node.elements(MAX_PARTS, read)
}

#[cfg(test)]
mod tests {
    use roster_domain::Location;
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
            ("/title", false),
            ("/created_by/email", false),
            ("/created_by/name", true),
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
}
