//! Calendars of a corpus, and what is broken or large.

mod corpus;
mod limits;

use jiff::tz::TimeZone;
use roster_domain::bookings::agenda::TimeSpan;

use crate::{Busy, Reading, Unreadable, read};

/// Reads three years of a calendar, one of which has a 29 February, whose owner is
/// `me@example.com` in a zone.
fn read_in(zone: &str, text: &[u8]) -> Result<Busy, Unreadable> {
    let instant = |text: &str| text.parse().expect("an instant");
    let reading = Reading {
        zone: &TimeZone::get(zone).expect(zone),
        within: TimeSpan {
            start: instant("2026-01-01T00:00:00Z"),
            end: instant("2029-01-01T00:00:00Z"),
        },
        addresses: &["me@example.com".to_owned()],
        free_counts: false,
        is_own: &|uid| uid.ends_with("@roster.example"),
    };
    read(text, &reading)
}
