//! When somebody is busy, without what with (RFC 5545, 3.6.4).

use std::fmt::Write as _;

use jiff::Timestamp;
use roster_domain::bookings::agenda::TimeSpan;

use crate::{PRODID, fold::refold, vevent::utc};

/// The times within a span at which somebody is busy. `uid` says whose they are, and `at`
/// as of when they are known. The crate that writes calendars knows no such component; none
/// of its lines has a text of anybody's.
///
/// ```
/// # use roster_calendar::freebusy::freebusy;
/// # use roster_domain::bookings::agenda::TimeSpan;
/// let span = |start: &str, end: &str| TimeSpan {
///     start: start.parse().unwrap(),
///     end: end.parse().unwrap(),
/// };
/// let week = span("2030-01-07T00:00:00Z", "2030-01-14T00:00:00Z");
/// let busy = span("2030-01-08T09:00:00Z", "2030-01-08T10:00:00Z");
/// let text = freebusy("1@example.com", &week, &[busy], week.start);
/// assert!(text.contains("FREEBUSY;FBTYPE=BUSY:20300108T090000Z/20300108T100000Z\r\n"));
/// ```
#[must_use]
pub fn freebusy(uid: &str, within: &TimeSpan, busy: &[TimeSpan], at: Timestamp) -> String {
    let mut text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODID}\r\nMETHOD:PUBLISH\r\n\
         BEGIN:VFREEBUSY\r\nUID:{uid}\r\nDTSTAMP:{}\r\nDTSTART:{}\r\nDTEND:{}\r\n",
        utc(at),
        utc(within.start),
        utc(within.end),
    );
    for span in busy {
        // Writing to a text never fails.
        let _ = write!(
            text,
            "FREEBUSY;FBTYPE=BUSY:{}/{}\r\n",
            utc(span.start),
            utc(span.end)
        );
    }
    text.push_str("END:VFREEBUSY\r\nEND:VCALENDAR\r\n");
    refold(&text)
}
