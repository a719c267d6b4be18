//! When people are busy: what is reserved, what their hours leave out, and what their
//! horizons close.

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::{Person, Wanted, openings::openings};
use crate::bookings::agenda::{TimeSpan, begin_of};

/// The stretches of a span in which people are busy, in order; stretches that touch are
/// one. With [`Wanted::All`] that is where one of them is, with [`Wanted::One`] where all
/// are. Buffers and caps depend on what would be booked, and do not count.
#[must_use]
pub fn busy(
    people: &[Person<'_>],
    wanted: Wanted,
    within: &TimeSpan,
    now: Timestamp,
) -> Vec<TimeSpan> {
    let each = people.iter().map(|person| busy_of(person, within, now));
    match wanted {
        Wanted::All => TimeSpan::joined(each.flatten().collect()),
        Wanted::One => {
            // Somebody is free where not all are busy.
            let free = each.map(|busy| without(within, &busy));
            let somebody = TimeSpan::joined(free.flatten().collect());
            without(within, &somebody)
        }
    }
}

fn busy_of(person: &Person<'_>, within: &TimeSpan, now: Timestamp) -> Vec<TimeSpan> {
    if person.refuses.is_some() {
        return vec![*within];
    }
    let (member, limits) = (&person.member, &person.limits);
    let open = TimeSpan::joined(openings(member, limits, within));
    let mut busy = without(within, &open);
    busy.extend(member.reservations);
    let absences = member.absences.iter().filter(|_| limits.respect_time_off);
    busy.extend(absences.map(|absence| absence.span));
    let until = |end: Timestamp| TimeSpan {
        start: within.start,
        end,
    };
    if limits.minimum_notice_minutes > 0 {
        let notice = SignedDuration::from_mins(limits.minimum_notice_minutes.into());
        busy.push(until(now.saturating_add(notice).unwrap_or(Timestamp::MAX)));
    }
    let availability = member.availability.filter(|_| limits.respect_availability);
    if let Some(horizons) = availability.map(|own| &own.horizons) {
        let today = member.zone.to_datetime(now).date();
        let begin = |days: i64| begin_of(today.saturating_add(days.days()), &member.zone, false);
        if horizons.past_as_busy == Some(true) {
            busy.push(until(now));
        }
        if horizons.today_as_busy == Some(true) {
            let (start, end) = (begin(0), begin(1));
            busy.push(TimeSpan { start, end });
        }
        if let Some(most) = horizons.days_after_as_busy {
            let (start, end) = (begin(i64::from(most) + 1), within.end);
            busy.push(TimeSpan { start, end });
        }
    }
    let clipped = busy.iter().filter_map(|span| clip(span, within));
    TimeSpan::joined(clipped.collect())
}

fn clip(span: &TimeSpan, within: &TimeSpan) -> Option<TimeSpan> {
    let (start, end) = (span.start.max(within.start), span.end.min(within.end));
    (start < end).then_some(TimeSpan { start, end })
}

/// What is left of a span outside of others, which are in order and apart.
fn without(within: &TimeSpan, others: &[TimeSpan]) -> Vec<TimeSpan> {
    let (mut left, mut start) = (Vec::new(), within.start);
    for other in others.iter().filter_map(|other| clip(other, within)) {
        if start < other.start {
            let end = other.start;
            left.push(TimeSpan { start, end });
        }
        start = start.max(other.end);
    }
    if start < within.end {
        let end = within.end;
        left.push(TimeSpan { start, end });
    }
    left
}
