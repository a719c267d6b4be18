//! A calendar that programs ask for again and again.

use icalendar::{Calendar, Property};
use roster_domain::bookings::event::Event;

use crate::{
    entry::vevent,
    fold::refold,
    vevent::{escaped, text},
};

/// How often a program should ask (RFC 7986, 5.7).
const INTERVAL: &str = "PT15M";

/// A calendar with these events, as far as they have a date that is certain. The link to
/// an event's page is not in it: whoever reads a feed may not act for anybody.
#[must_use]
pub fn feed(name: &str, events: &[Event]) -> String {
    let name = text(name);
    let mut interval = Property::new("REFRESH-INTERVAL", INTERVAL);
    interval.add_parameter("VALUE", "DURATION");
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", crate::PRODID))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", "PUBLISH"))
        // What programs know that do not know RFC 7986.
        .append_property(("X-WR-CALNAME", name.as_str()))
        .append_property(("NAME", escaped(&name).as_str()))
        .append_property(interval)
        .append_property(("X-PUBLISHED-TTL", INTERVAL));
    for event in events {
        let Some(date) = event.settled() else {
            continue;
        };
        calendar.push(vevent(event, date));
    }
    refold(&calendar.to_string())
}
