//! An event as a `VEVENT`.

use icalendar::{Component as _, Event as VEvent, Property};
use jiff::{Timestamp, civil, tz::TimeZone};
use roster_domain::{
    bookings::event::{Event, EventDate, EventPlace, Participant},
    zone::ZoneName,
};

/// What every form of an event says: what it is, and when it was changed.
pub(crate) fn identity(event: &Event) -> VEvent {
    let mut vevent = VEvent::new();
    vevent
        .add_property("UID", event.uid())
        .add_property("SEQUENCE", event.sequence.to_string())
        .add_property("DTSTAMP", utc(event.updated_at))
        .add_property("CREATED", utc(event.created_at))
        .add_property("LAST-MODIFIED", utc(event.updated_at))
        .add_property("SUMMARY", text(event.title.as_str()));
    vevent
}

/// When it is.
pub(crate) fn set_date(vevent: &mut VEvent, event: &Event, date: &EventDate) {
    let (start, end) = (date.span.start, date.span.end);
    if date.all_day {
        let zone = event.zone().map_or(TimeZone::UTC, ZoneName::rules);
        let day = |instant: Timestamp| instant.to_zoned(zone.clone()).date();
        // It ends when the day after its last one begins, as RFC 5545 has it. One of no
        // length lasts its day.
        let (first, end) = (day(start), day(end));
        let after = first.tomorrow().unwrap_or(first);
        vevent.append_property(all_day("DTSTART", first));
        vevent.append_property(all_day("DTEND", end.max(after)));
    } else {
        vevent.add_property("DTSTART", utc(start));
        vevent.add_property("DTEND", utc(end));
    }
}

/// Where it is.
pub(crate) fn set_place(vevent: &mut VEvent, place: &EventPlace) {
    vevent.add_property("LOCATION", text(&place.line()));
}

/// Somebody who takes part; none where they have no address.
pub(crate) fn attendee(participant: &Participant) -> Option<Property> {
    let email = participant.email.as_ref()?;
    let is_sure =
        participant.is_assigned || participant.is_booker || participant.accepted_at.is_some();
    let status = if participant.declined_at.is_some() {
        "DECLINED"
    } else if is_sure {
        "ACCEPTED"
    } else {
        "NEEDS-ACTION"
    };
    let role = if participant.is_assigned {
        "CHAIR"
    } else {
        "REQ-PARTICIPANT"
    };
    let mut attendee = Property::new("ATTENDEE", format!("mailto:{email}"));
    attendee
        .add_parameter("CUTYPE", "INDIVIDUAL")
        .add_parameter("ROLE", role)
        .add_parameter("PARTSTAT", status)
        // Answers are given on the event's page.
        .add_parameter("RSVP", "FALSE");
    name(&mut attendee, &participant.full_name);
    Some(attendee)
}

/// Whose it is.
pub(crate) fn organizer(event: &Event) -> Property {
    let mut organizer = Property::new("ORGANIZER", format!("mailto:{}", event.reply_to));
    if let Some(holder) = event.holder() {
        name(&mut organizer, &holder.full_name);
    }
    organizer
}

/// A name beside an address. A quotation mark cannot stand in a parameter (RFC 5545, 3.2).
fn name(property: &mut Property, name: &str) {
    let name = text(name).replace('"', "'").replace('\n', " ");
    if !name.trim().is_empty() {
        property.add_parameter("CN", name.trim());
    }
}

fn all_day(name: &str, date: civil::Date) -> Property {
    let mut property = Property::new(name, date.strftime("%Y%m%d").to_string());
    property.add_parameter("VALUE", "DATE");
    property
}

/// An instant, in UTC.
pub(crate) fn utc(instant: Timestamp) -> String {
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text in a property of which the crate does not know that it is one (RFC 5545,
/// 3.3.11).
pub(crate) fn escaped(text: &str) -> String {
    let value = text.replace('\\', "\\\\");
    let value = value.replace(';', "\\;").replace(',', "\\,");
    value.replace('\n', "\\n")
}

/// A text with one kind of line end and nothing else that does not print, which no
/// calendar takes.
pub(crate) fn text(text: &str) -> String {
    let lines = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let prints = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    lines.chars().filter(prints).collect()
}
