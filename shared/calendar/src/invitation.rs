//! The part of a mail that puts an event into a calendar, changes it there, or takes it
//! out (iTIP, RFC 5546; iMIP, RFC 6047).

use icalendar::{Calendar, Component as _};
use roster_domain::bookings::event::{Event, Participant};

use crate::{
    PRODID,
    fold::refold,
    vevent::{attendee, identity, organizer, set_date, set_place, text},
};

/// What a calendar is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Have the event as it is.
    Request,
    /// Have it no more.
    Cancel,
}

impl Method {
    /// Its name, as it stands in the calendar and in the type of the mail's part.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// What one participant's calendar is told of an event.
#[derive(Clone, Copy, Debug)]
pub struct Invitation<'a> {
    /// The event, as it is.
    pub event: &'a Event,
    /// Whose calendar it is.
    pub to: &'a Participant,
    /// What it is to do.
    pub method: Method,
    /// Where they find the event's page; none for who does not take part any more.
    pub link: Option<&'a str>,
    /// What stands above the link.
    pub description: &'a str,
}

impl Invitation<'_> {
    /// The calendar: lines that end with CRLF, of at most 75 octets.
    ///
    /// ```text
    /// BEGIN:VCALENDAR
    /// VERSION:2.0
    /// METHOD:REQUEST
    /// …
    /// ```
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self { event, method, .. } = *self;
        let mut vevent = identity(event);
        vevent.append_property(organizer(event));
        let status = match method {
            Method::Cancel => "CANCELLED",
            Method::Request if event.confirmed => "CONFIRMED",
            Method::Request => "TENTATIVE",
        };
        vevent.add_property("STATUS", status);
        vevent.add_property("TRANSP", "OPAQUE");
        if let Some(date) = event.settled() {
            set_date(&mut vevent, event, date);
        }
        if let Some(place) = event.settled_place() {
            set_place(&mut vevent, place);
        }
        if let Some(link) = self.link {
            vevent.add_property("URL", link);
            let description = format!("{}\n{link}", text(self.description));
            vevent.add_property("DESCRIPTION", description);
        }
        // Who holds it knows everybody; a guest's address is not for the others.
        let sees_all = method == Method::Request && self.to.is_assigned;
        let comes = |one: &&Participant| sees_all || one.id == self.to.id;
        let mut is_in = false;
        for one in event.participants.iter().filter(comes) {
            is_in |= one.id == self.to.id;
            if let Some(attendee) = attendee(one) {
                vevent.append_multi_property(attendee);
            }
        }
        // Who does not take part any more is still whom it is for.
        if !is_in && let Some(attendee) = attendee(self.to) {
            vevent.append_multi_property(attendee);
        }
        let mut calendar = Calendar::empty();
        calendar
            .append_property(("VERSION", "2.0"))
            .append_property(("PRODID", PRODID))
            .append_property(("CALSCALE", "GREGORIAN"))
            .append_property(("METHOD", method.name()))
            .push(vevent.done());
        refold(&calendar.to_string())
    }
}
