//! The hours of an availability, by the wall clock of a zone.

use std::collections::BTreeMap;

use jiff::{
    Timestamp, ToSpan,
    civil::Date,
    tz::{Offset, TimeZone},
};

use super::TimeSpan;
use crate::bookings::availability::{Availability, Day, Weekday};

/// A day and a week, in minutes.
const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;
/// A minute, in nanoseconds.
const MINUTE: i128 = 60 * 1_000_000_000;

/// Whether every instant of the span is, by the zone's wall clock, in a slot of
/// an enabled day; of a span that is an instant, whether that instant is. The hours of
/// dates that have some of their own take the place of those of the week.
///
/// A local time that a change of offset repeats is in the slot both times.
pub(super) fn cover(availability: &Availability, zone: &TimeZone, span: &TimeSpan) -> bool {
    if has_overrides_near(availability, zone, span) {
        return evenly(zone, span, |start, end, offset| {
            is_open_by_dates(availability, start, end, offset)
        });
    }
    let Some(days) = &availability.days else {
        return true;
    };
    let open = stretches(days);
    if open.first() == Some(&(0, 2 * WEEK)) {
        return true;
    }
    evenly(zone, span, |start, end, offset| {
        is_open(&open, start, end, offset)
    })
}

fn has_overrides_near(availability: &Availability, zone: &TimeZone, span: &TimeSpan) -> bool {
    // Most have none, and a search asks for thousands of times.
    if availability.overrides.is_empty() {
        return false;
    }
    let date = |instant| zone.to_datetime(instant).date();
    let first = date(span.start).saturating_sub(1.day());
    let last = date(span.end).saturating_add(1.day());
    availability.overrides.range(first..=last).next().is_some()
}

/// Whether all stretches of a span that have one offset each are open.
fn evenly(
    zone: &TimeZone,
    span: &TimeSpan,
    is_open: impl Fn(Timestamp, Timestamp, Offset) -> bool,
) -> bool {
    // Between two changes of offset the wall clock runs evenly, so that
    // arithmetic on it is exact.
    let mut start = span.start;
    let mut offset = zone.to_offset(start);
    for change in zone.following(span.start) {
        if change.timestamp() >= span.end {
            break;
        }
        if !is_open(start, change.timestamp(), offset) {
            return false;
        }
        start = change.timestamp();
        offset = change.offset();
    }
    is_open(start, span.end, offset)
}

/// As [`is_open`], date by date.
fn is_open_by_dates(
    availability: &Availability,
    start: Timestamp,
    end: Timestamp,
    offset: Offset,
) -> bool {
    let [from, to] = [start, end].map(|instant| offset.to_datetime(instant));
    let mut open_until = from;
    // What lasts until midnight goes on the next day.
    let next = |date: &Date| date.tomorrow().ok();
    for date in std::iter::successors(Some(from.date()), next) {
        let midnight = date.at(0, 0, 0, 0);
        if midnight > to || midnight > open_until {
            break;
        }
        for (first, behind) in availability.slots_on(date) {
            let [first, behind] =
                [first, behind].map(|minute| midnight.saturating_add(i64::from(minute).minutes()));
            if first <= open_until && open_until < behind {
                open_until = behind;
            }
        }
    }
    // An instant is in the slot that it is the start of, and not in one that it ends.
    open_until > from && open_until >= to
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
