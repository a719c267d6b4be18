//! When a person's days open: where times that are offered start.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::bookings::{
    agenda::{Limits, Member, TimeSpan},
    availability::Weekday,
};

/// The midnight that ends a day, in minutes.
const MIDNIGHT: u16 = 24 * 60;

/// The openings of a person's days that have time in a span: each slot of their hours, or
/// the whole of each day for who has none.
pub(super) fn openings(member: &Member<'_>, limits: &Limits, within: &TimeSpan) -> Vec<TimeSpan> {
    let zone = &member.zone;
    let hours = member.availability.filter(|_| limits.respect_availability);
    let hours = hours.and_then(|availability| availability.days.as_ref());
    let day = |instant| zone.to_datetime(instant).date();
    // A slot ends with its day, so none from before the first day reaches into the span.
    let (mut date, last) = (day(within.start), day(within.end));
    let mut openings = Vec::new();
    while date <= last {
        match hours {
            None => openings.extend(opening(date, 0, MIDNIGHT, zone)),
            Some(days) => {
                let hours = days.get(&weekday(date)).filter(|day| day.enabled);
                for slot in hours.into_iter().flat_map(|day| &day.slots) {
                    let [start, end] = [slot.start_time, slot.end_time].map(|it| it.minutes());
                    openings.extend(opening(date, start, end, zone));
                }
            }
        }
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    openings.retain(|opening| opening.start < within.end && within.start < opening.end);
    openings
}

/// From one minute of a day to another. A local time that the clocks skip moves forward;
/// of one that they repeat, the first begins and the last ends. None where the clocks
/// skip all of it.
fn opening(date: Date, start: u16, end: u16, zone: &TimeZone) -> Option<TimeSpan> {
    let start = zone.to_ambiguous_timestamp(at(date, start)?);
    let end = zone.to_ambiguous_timestamp(at(date, end)?);
    let (start, end): (Timestamp, _) = (start.compatible().ok()?, end.later().ok()?);
    (start < end).then_some(TimeSpan { start, end })
}

fn at(date: Date, minute: u16) -> Option<jiff::civil::DateTime> {
    if minute >= MIDNIGHT {
        return Some(date.tomorrow().ok()?.at(0, 0, 0, 0));
    }
    let hour = i8::try_from(minute / 60).ok()?;
    let minute = i8::try_from(minute % 60).ok()?;
    Some(date.at(hour, minute, 0, 0))
}

fn weekday(date: Date) -> Weekday {
    let number = date.weekday().to_monday_zero_offset();
    let found = usize::try_from(number).ok();
    let found = found.and_then(|number| Weekday::ALL.get(number));
    found.map_or(Weekday::Monday, |(weekday, _)| *weekday)
}
