//! When a person's days open: where times that are offered start.

use jiff::{civil::Date, tz::TimeZone};

use crate::bookings::agenda::{Limits, Member, TimeSpan};

/// The midnight that ends a day, in minutes.
const MIDNIGHT: u16 = 24 * 60;

/// The openings of a person's days that have time in a span: each slot of their hours, or
/// the whole of each day for who has none.
pub(super) fn openings(member: &Member<'_>, limits: &Limits, within: &TimeSpan) -> Vec<TimeSpan> {
    let zone = &member.zone;
    let hours = member.availability.filter(|_| limits.respect_availability);
    let day = |instant| zone.to_datetime(instant).date();
    // A slot ends with its day, so none from before the first day reaches into the span.
    let (mut date, last) = (day(within.start), day(within.end));
    let mut openings = Vec::new();
    while date <= last {
        let slots = match hours {
            None => vec![(0, MIDNIGHT)],
            Some(availability) => availability.slots_on(date),
        };
        for (start, end) in slots {
            openings.extend(opening(date, start, end, zone));
        }
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    openings.retain(|opening| opening.start < within.end && within.start < opening.end);
    openings
}

/// From one minute of a day to another, by the wall clock: without what the clocks skip,
/// and twice where they repeat it. What is one stretch of time is one opening.
fn opening(date: Date, start: u16, end: u16, zone: &TimeZone) -> Vec<TimeSpan> {
    let (Some(start), Some(end)) = (at(date, start), at(date, end)) else {
        return Vec::new();
    };
    let first = zone.to_ambiguous_timestamp(start).earlier();
    let last = zone.to_ambiguous_timestamp(end).later();
    let (Ok(mut from), Ok(until)) = (first, last) else {
        return Vec::new();
    };
    let mut openings: Vec<TimeSpan> = Vec::new();
    // Between two changes of offset the wall clock runs evenly.
    let changes = zone
        .following(from)
        .take_while(|change| change.timestamp() < until);
    let mut offset = zone.to_offset(from);
    let ends = changes.map(|change| (change.timestamp(), Some(change.offset())));
    for (to, next) in ends.chain([(until, None)]) {
        let [Ok(opens), Ok(closes)] = [start, end].map(|local| offset.to_timestamp(local)) else {
            break;
        };
        let (start, end) = (opens.max(from), closes.min(to));
        match openings.last_mut() {
            Some(before) if start < end && before.end == start => before.end = end,
            _ if start < end => openings.push(TimeSpan { start, end }),
            _ => {}
        }
        (from, offset) = (to, next.unwrap_or(offset));
    }
    openings
}

fn at(date: Date, minute: u16) -> Option<jiff::civil::DateTime> {
    if minute >= MIDNIGHT {
        return Some(date.tomorrow().ok()?.at(0, 0, 0, 0));
    }
    let hour = i8::try_from(minute / 60).ok()?;
    let minute = i8::try_from(minute % 60).ok()?;
    Some(date.at(hour, minute, 0, 0))
}
