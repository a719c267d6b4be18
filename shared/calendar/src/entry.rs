//! An event as it stands in the calendar of who holds it, where that is written into: without
//! anybody a calendar's server could mail.

use icalendar::{Calendar, Component as _, Event as VEvent};
use roster_domain::{
    bookings::agenda::TimeSpan,
    bookings::event::{Event, EventDate},
};

use crate::{
    PRODID,
    fold::refold,
    vevent::{identity, set_date, set_place, text},
};

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What calendars know the event by.
    pub uid: String,
    /// Its title.
    pub title: String,
    /// When it is.
    pub span: TimeSpan,
    /// Where it is.
    pub place: Option<String>,
    /// Who comes, a line for each.
    pub people: String,
    /// Whether it is confirmed.
    pub is_confirmed: bool,
    /// The same as iCalendar.
    pub calendar: String,
}

impl Entry {
    /// The entry of an event; none while it has no date that is certain.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        let date = event.settled()?;
        let mut calendar = Calendar::empty();
        calendar
            .append_property(("VERSION", "2.0"))
            .append_property(("PRODID", PRODID))
            .append_property(("CALSCALE", "GREGORIAN"))
            .push(vevent(event, date));
        Some(Self {
            uid: event.uid(),
            title: text(event.title.as_str()),
            span: date.span,
            place: event.settled_place().map(|place| text(&place.line())),
            people: people(event),
            is_confirmed: event.confirmed,
            calendar: refold(&calendar.to_string()),
        })
    }
}

/// An event at a date, for who holds it or follows a feed.
pub(crate) fn vevent(event: &Event, date: &EventDate) -> VEvent {
    let mut vevent = identity(event);
    let status = if event.confirmed {
        "CONFIRMED"
    } else {
        "TENTATIVE"
    };
    vevent.add_property("STATUS", status);
    set_date(&mut vevent, event, date);
    if let Some(place) = event.settled_place() {
        set_place(&mut vevent, place);
    }
    vevent.add_property("DESCRIPTION", people(event));
    vevent.done()
}

fn people(event: &Event) -> String {
    let comes = event
        .participants
        .iter()
        .filter(|one| one.declined_at.is_none());
    let people: Vec<_> = comes.map(|one| text(one.shown_name())).collect();
    people.join("\n")
}
