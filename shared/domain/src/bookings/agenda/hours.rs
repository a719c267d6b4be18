//! Weekly hours, by the wall clock of a zone.

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};

use super::TimeSpan;
use crate::bookings::availability::{Day, Weekday};

/// A day and a week, in minutes.
const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;
/// A minute, in nanoseconds.
const MINUTE: i128 = 60 * 1_000_000_000;

/// Whether every instant of the span is, by the zone's wall clock, in a slot of
/// an enabled day; of a span that is an instant, whether that instant is.
///
/// A local time that a change of offset repeats is in the slot both times.
pub(super) fn cover(days: &BTreeMap<Weekday, Day>, zone: &TimeZone, span: &TimeSpan) -> bool {
    let open = stretches(days);
    if open.first() == Some(&(0, 2 * WEEK)) {
        return true;
    }
    // Between two changes of offset the wall clock runs evenly, so that
    // arithmetic on it is exact.
    let mut start = span.start;
    let mut offset = zone.to_offset(start);
    for change in zone.following(span.start) {
        if change.timestamp() >= span.end {
            break;
        }
        if !is_open(&open, start, change.timestamp(), offset) {
            return false;
        }
        start = change.timestamp();
        offset = change.offset();
    }
    is_open(&open, start, span.end, offset)
}

/// The open stretches of two weeks in a row, as minutes since the first Monday:
/// slots that touch are one. In two weeks, every stretch that begins in the
/// first has its end, even across the night from Sunday to Monday; only hours
/// without any gap have not, and are one stretch of two weeks.
fn stretches(days: &BTreeMap<Weekday, Day>) -> Vec<(u32, u32)> {
    let two_weeks = Weekday::ALL
        .iter()
        .cycle()
        .zip((0..2 * WEEK).step_by(24 * 60));
    let mut slots = Vec::new();
    for ((weekday, _), midnight) in two_weeks {
        let day = days.get(weekday).filter(|day| day.enabled);
        slots.extend(day.into_iter().flat_map(|day| &day.slots).map(|slot| {
            let [start, end] =
                [slot.start_time, slot.end_time].map(|time| midnight + u32::from(time.minutes()));
            (start, end)
        }));
    }
    slots.sort_unstable();
    let mut open: Vec<(u32, u32)> = Vec::with_capacity(slots.len());
    for (start, end) in slots {
        match open.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            _ => open.push((start, end)),
        }
    }
    open
}

/// Whether `open` holds all from `start` to `end`, and `start` where they are
/// equal, under one offset.
fn is_open(open: &[(u32, u32)], start: Timestamp, end: Timestamp, offset: Offset) -> bool {
    let local = start.as_nanosecond() + i128::from(offset.seconds()) * 1_000_000_000;
    // 1970-01-01 was a Thursday.
    let since_monday = local + i128::from(3 * DAY) * MINUTE;
    let from = since_monday.rem_euclid(i128::from(WEEK) * MINUTE);
    let to = from + (end.as_nanosecond() - start.as_nanosecond());
    open.iter().any(|&(first, last)| {
        let [first, last] = [first, last].map(|minute| i128::from(minute) * MINUTE);
        first <= from && from < last && to <= last
    })
}
