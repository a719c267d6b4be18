//! When the events of a series take place, with their exceptions.

use std::collections::HashSet;

use calcard::icalendar::ICalendarRecurrenceRule;
use jiff::{SignedDuration, Timestamp, civil::Date, civil::DateTime};
use roster_domain::bookings::agenda::TimeSpan;

use crate::{
    Unreadable,
    moment::{Context, Moment},
    recurrence::{self, Run, Steps},
    series::{Event, InsteadOf, Length},
};

/// How far the clocks of two places can be apart, and more.
const APART: SignedDuration = SignedDuration::from_hours(48);

/// How many occurrences may still be looked at.
pub(crate) struct Budget(u32);

impl Budget {
    pub(crate) fn new(most: u32) -> Self {
        Self(most)
    }

    fn take(&mut self) -> Result<(), Unreadable> {
        self.0 = self.0.checked_sub(1).ok_or(Unreadable::TooMany)?;
        Ok(())
    }
}

/// The events of one `UID`.
#[derive(Debug, Default)]
pub(crate) struct Series<'a> {
    /// The series itself. Some calendars have several events of one `UID`.
    masters: Vec<Event<'a>>,
    /// What takes the place of some of it.
    instead: Vec<(InsteadOf, Event<'a>)>,
}

impl<'a> From<Event<'a>> for Series<'a> {
    fn from(event: Event<'a>) -> Self {
        let mut series = Self::default();
        series.add(event);
        series
    }
}

impl<'a> Series<'a> {
    /// Adds an event. One that an earlier state of it is there of takes its place.
    pub(crate) fn add(&mut self, mut event: Event<'a>) {
        match event.instead_of.take() {
            None => {
                let newest = self.masters.iter().map(|it| it.sequence).max();
                if newest.is_none_or(|newest| newest <= event.sequence) {
                    self.masters.retain(|it| it.sequence == event.sequence);
                    self.masters.push(event);
                }
            }
            Some(instead_of) => {
                let at = instead_of.start.instant();
                let is_same = |other: &InsteadOf| other.start.instant() == at;
                let mut others = self.instead.iter();
                if others.any(|(other, it)| is_same(other) && it.sequence > event.sequence) {
                    return;
                }
                self.instead.retain(|(other, _)| !is_same(other));
                self.instead.push((instead_of, event));
            }
        }
    }

    /// Gives each time that the series takes in a span, with the event that says what it
    /// is.
    ///
    /// # Errors
    /// [`Unreadable::TooMany`]
    pub(crate) fn occurrences(
        &self,
        context: &Context<'_>,
        within: &TimeSpan,
        budget: &mut Budget,
        add: &mut dyn FnMut(&Event<'a>, TimeSpan),
    ) -> Result<(), Unreadable> {
        let mut give = |event: &Event<'a>, start: &Moment, length: Length| {
            let span = event.span(start, length);
            if let Some(span) = span.filter(|span| span.overlaps(within)) {
                add(event, span);
            }
        };
        for (_, event) in &self.instead {
            budget.take()?;
            give(event, &event.start, event.length());
        }
        for master in &self.masters {
            let except = Except::of(master, self.instead.iter().map(|(instead, _)| instead));
            let following = self.following(master);
            let looked_at = looked_at(master, &following, within, context);
            let mut place = |start: Moment, length: Option<Length>| {
                if except.has(&start) {
                    return;
                }
                let length = length.unwrap_or(master.length());
                let mut before = following.iter().rev();
                match before.find(|(from, ..)| *from <= start.wall) {
                    Some((_, shift, event)) => {
                        let wall = start.wall.saturating_add(*shift);
                        give(event, &Moment { wall, ..start }, event.length());
                    }
                    None => give(master, &start, length),
                }
            };
            for (start, length) in &master.dates {
                budget.take()?;
                place(start.clone(), *length);
            }
            let zone = &master.start.zone;
            let run = Run {
                start: master.start.wall,
                from: looked_at.0,
                wall: &|instant| {
                    if master.start.is_day {
                        // An end in UTC is that day's, whatever the zone.
                        jiff::tz::Offset::UTC.to_datetime(instant)
                    } else {
                        zone.wall(instant)
                    }
                },
            };
            // Whoever takes out the first of a series and what follows leaves it so.
            let is_over = |rule: &&ICalendarRecurrenceRule| recurrence::is_over(rule, &run);
            if master.rules.is_empty() || !master.rules.iter().all(is_over) {
                budget.take()?;
                place(master.start.clone(), None);
            }
            for rule in &master.rules {
                for wall in Steps::new(rule, &run) {
                    budget.take()?;
                    if wall > looked_at.1 {
                        break;
                    }
                    if wall >= looked_at.0 {
                        place(master.start.at(wall), None);
                    }
                }
            }
        }
        Ok(())
    }

    /// What takes the place of all that follows: from when, by how much it is moved, and
    /// what it is then; in order.
    fn following(&self, master: &Event<'a>) -> Vec<(DateTime, SignedDuration, &Event<'a>)> {
        let zone = &master.start.zone;
        let moved = self.instead.iter().filter(|(it, _)| it.and_following);
        let moved = moved.map(|(instead, event)| {
            let from = instead.start.wall_in(zone);
            (from, from.duration_until(event.start.wall_in(zone)), event)
        });
        let mut moved: Vec<_> = moved.collect();
        moved.sort_by_key(|(from, ..)| *from);
        moved
    }
}

/// From when to when, by the clock, a series is looked at for what is in a span.
fn looked_at(
    master: &Event<'_>,
    following: &[(DateTime, SignedDuration, &Event<'_>)],
    within: &TimeSpan,
    context: &Context<'_>,
) -> (DateTime, DateTime) {
    let events = following.iter().map(|(_, _, event)| *event);
    let longest = events.chain([master]).map(|it| it.length().at_most());
    let longest = longest.max().unwrap_or_default();
    let shifts = following.iter().map(|(_, shift, _)| shift.abs());
    let shift = shifts.max().unwrap_or_default().saturating_add(APART);
    let wall = |instant: Timestamp| context.own.to_datetime(instant);
    let from = wall(within.start).saturating_sub(longest.saturating_add(shift));
    (from, wall(within.end).saturating_add(shift))
}

/// When a series does not take place, or something else does.
struct Except {
    instants: HashSet<Timestamp>,
    days: HashSet<Date>,
}

impl Except {
    fn of<'a>(master: &'a Event<'_>, instead: impl Iterator<Item = &'a InsteadOf>) -> Self {
        let (mut instants, mut days) = (HashSet::new(), HashSet::new());
        let zone = &master.start.zone;
        let instead = instead.map(|it| &it.start);
        for moment in master.except.iter().chain(instead) {
            if moment.is_day || master.start.is_day {
                days.insert(moment.wall_in(zone).date());
            } else {
                instants.insert(moment.instant());
            }
        }
        Self { instants, days }
    }

    fn has(&self, start: &Moment) -> bool {
        self.days.contains(&start.wall.date()) || self.instants.contains(&start.instant())
    }
}
