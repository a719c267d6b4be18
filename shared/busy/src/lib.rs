//! When the owner of a calendar is busy, by what is in it (iCalendar, RFC 5545).
//!
//! A crate reads the lines and their values (`calcard`), and another steps through the
//! rules of recurrences by the wall clock (`rrule`); each stands in one module. Instants,
//! zones and what counts are said here: neither crate is right about all of them where
//! clocks change, and about exceptions of series.

mod moment;
mod occurrences;
mod recurrence;
mod series;
mod standing;
#[cfg(test)]
mod tests;
mod text;
mod zone;

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;
use roster_domain::bookings::agenda::TimeSpan;

use crate::{
    moment::Context,
    occurrences::{Budget, Series},
    text::Calendars,
};

/// Most occurrences of series that are looked at in one text.
pub const MAX_OCCURRENCES: u32 = 1_500_000;

/// How a calendar is read.
pub struct Reading<'a> {
    /// The zone of days, and of times without one: the owner's.
    pub zone: &'a TimeZone,
    /// The time that is looked at.
    pub within: TimeSpan,
    /// The owner's addresses, in lower case: what they have declined does not count.
    pub addresses: &'a [String],
    /// Whether what is shown as free counts: whoever publishes holidays shows them so.
    pub free_counts: bool,
    /// Whether an event of this `UID` is one of Roster's own, which counts already.
    pub is_own: &'a dyn Fn(&str) -> bool,
}

/// How an event takes time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// It lasts whole days.
    pub all_day: bool,
    /// It is tentative, or the owner has not said yes.
    pub tentative: bool,
}

/// When the owner is busy: of each kind spans in order, apart from one another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Busy {
    spans: BTreeMap<Kind, Vec<TimeSpan>>,
}

/// Why a text says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no calendar.
    #[error("the answer is not an iCalendar file")]
    NoCalendar,
    /// Its series have too many occurrences.
    #[error("the calendar has more than 1,500,000 occurrences of its series")]
    TooMany,
}

impl Busy {
    /// The spans of each kind.
    pub fn kinds(&self) -> impl Iterator<Item = (Kind, &[TimeSpan])> {
        let kinds = self.spans.iter();
        kinds.map(|(kind, spans)| (*kind, spans.as_slice()))
    }

    fn add(&mut self, kind: Kind, span: TimeSpan) {
        let spans = self.spans.entry(kind).or_default();
        match spans.last_mut() {
            // Most come in their order: a day of minutes is one span and not 1,440.
            Some(last) if last.start <= span.start && span.start <= last.end => {
                last.end = last.end.max(span.end);
            }
            _ => spans.push(span),
        }
    }

    fn sort(&mut self) {
        for spans in self.spans.values_mut() {
            *spans = TimeSpan::joined(std::mem::take(spans));
        }
    }
}

/// Reads a calendar, or several after one another. What is not understood of it is left
/// out: one broken event does not hide the others.
///
/// # Errors
/// [`Unreadable`]
pub fn read(text: &[u8], reading: &Reading<'_>) -> Result<Busy, Unreadable> {
    let calendars = Calendars::parse(text).ok_or(Unreadable::NoCalendar)?;
    let mut busy = Busy::default();
    let mut budget = Budget::new(MAX_OCCURRENCES);
    for calendar in calendars.each() {
        let zones = zone::Zones::of(calendar, &reading.within);
        let context = Context {
            zones: &zones,
            own: reading.zone,
        };
        let mut events: HashMap<&str, Series> = HashMap::new();
        let mut without_uid = Vec::new();
        for component in text::events(calendar) {
            let Some(event) = series::read(component, &context) else {
                continue;
            };
            match text::uid(component) {
                Some(uid) if (reading.is_own)(uid) => {}
                Some(uid) => events.entry(uid).or_default().add(event),
                None => without_uid.push(event),
            }
        }
        let lone = without_uid.into_iter().map(Series::from);
        let is_cancelled = text::cancels(calendar);
        for series in events.into_values().chain(lone) {
            let mut add = |event: &series::Event, span: TimeSpan| {
                let standing = event.standing.of(reading.addresses, reading.free_counts);
                if let Some(tentative) = standing.filter(|_| !is_cancelled) {
                    let all_day = event.all_day;
                    busy.add(Kind { all_day, tentative }, span);
                }
            };
            series.occurrences(&context, &reading.within, &mut budget, &mut add)?;
        }
        for (tentative, span) in series::freebusy(calendar, &context) {
            if span.overlaps(&reading.within) {
                let all_day = false;
                busy.add(Kind { all_day, tentative }, span);
            }
        }
    }
    busy.sort();
    Ok(busy)
}
