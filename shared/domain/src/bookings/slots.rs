//! Times at which people can be booked: what a search offers is what a booking accepts.
//!
//! Pure, as [`agenda`](super::agenda) is: the caller reads the reservations and the clock.
//! Whether a person can take a time, [`agenda::check`] alone decides, here and for a
//! booking.

mod busy;
mod openings;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, fmt};

use jiff::{SignedDuration, Timestamp};

pub use self::busy::busy;
use self::openings::openings;
use crate::{
    bookings::agenda::{self, Limits, Member, TimeSpan, Unavailable},
    id::UserId,
};

/// Somebody who might be booked.
#[derive(Clone, Debug)]
pub struct Person<'a> {
    /// Who.
    pub user: UserId,
    /// Hours and reservations.
    pub member: Member<'a>,
    /// What limits bookings.
    pub limits: Limits,
    /// Why the person takes no bookings at all; none where they do.
    pub refuses: Option<Refusal>,
}

/// Why a person cannot be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The user is deactivated.
    Deactivated,
    /// The member's weight in the team is zero.
    Weight,
    /// The time does not suit.
    Unavailable(Unavailable),
}

impl Refusal {
    /// Its name on the wire.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Deactivated => "deactivated",
            Self::Weight => "weight",
            Self::Unavailable(why) => why.code(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deactivated => f.write_str("is deactivated"),
            Self::Weight => f.write_str("takes no bookings (weight 0)"),
            Self::Unavailable(why) => why.fmt(f),
        }
    }
}

/// Who must be free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Everybody.
    All,
    /// At least one.
    One,
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    /// Who must be free.
    pub wanted: Wanted,
    /// How long the time is to be.
    pub duration: SignedDuration,
    /// How far apart times start; above zero.
    pub step: SignedDuration,
    /// When they start: in this span.
    pub within: TimeSpan,
    /// The present.
    pub now: Timestamp,
}

/// A stretch of the times of a search at which a person cannot be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Who.
    pub user: UserId,
    /// From the start of the first time to the end of the last.
    pub span: TimeSpan,
    /// Why not.
    pub why: Refusal,
}

/// A person whose reservations are sorted, so that those near a time are found fast.
struct Sorted<'a> {
    person: &'a Person<'a>,
    by_start: Vec<TimeSpan>,
    /// How long the longest takes.
    longest: SignedDuration,
}

impl<'a> Sorted<'a> {
    fn of(person: &'a Person<'a>) -> Self {
        let mut by_start = person.member.reservations.to_vec();
        by_start.sort_unstable();
        let lengths = by_start
            .iter()
            .map(|span| span.start.duration_until(span.end));
        let longest = lengths.max().unwrap_or(SignedDuration::ZERO);
        Self {
            person,
            by_start,
            longest,
        }
    }

    /// Why the person cannot take a time; none where they can.
    fn refuses(&self, time: &TimeSpan, now: Timestamp) -> Option<Refusal> {
        let Person {
            member,
            limits,
            refuses,
            ..
        } = self.person;
        if refuses.is_some() {
            return *refuses;
        }
        let looked_at = member.looked_at(time, limits);
        let from = looked_at.start.saturating_sub(self.longest);
        let from = from.unwrap_or(Timestamp::MIN);
        let first = self.by_start.partition_point(|span| span.start < from);
        let behind = self
            .by_start
            .partition_point(|span| span.start <= looked_at.end);
        let near = Member {
            reservations: self.by_start.get(first..behind).unwrap_or_default(),
            ..member.clone()
        };
        let checked = agenda::check(&near, time, limits, now);
        checked.err().map(Refusal::Unavailable)
    }
}

impl Search {
    /// The times at which those who are wanted are free, in order, each once.
    ///
    /// Times start at the openings of the people, and every [`step`](Self::step) after:
    /// where a slot of their hours begins, and at the local midnight of those who have
    /// none. A start of one of them is tried for all.
    pub fn times(&self, people: &[Person<'_>]) -> impl Iterator<Item = TimeSpan> {
        let sorted: Vec<_> = people.iter().map(Sorted::of).collect();
        let search = *self;
        let grid = self.grid(people).into_iter();
        grid.filter(move |time| {
            let is_free = |person: &Sorted<'_>| person.refuses(time, search.now).is_none();
            match search.wanted {
                Wanted::All => !sorted.is_empty() && sorted.iter().all(is_free),
                Wanted::One => sorted.iter().any(is_free),
            }
        })
    }

    /// Why each of the people cannot be booked, at which of the times that are tried:
    /// those that follow one another with one reason are one stretch.
    #[must_use]
    pub fn refused(&self, people: &[Person<'_>]) -> Vec<Refused> {
        let grid = self.grid(people);
        let mut refused: Vec<Refused> = Vec::new();
        for person in people {
            let (sorted, mut goes_on) = (Sorted::of(person), false);
            for time in &grid {
                let why = sorted.refuses(time, self.now);
                match (why, refused.last_mut()) {
                    (Some(why), Some(last)) if goes_on && last.why == why => {
                        last.span.end = last.span.end.max(time.end);
                    }
                    (Some(why), _) => refused.push(Refused {
                        user: person.user,
                        span: *time,
                        why,
                    }),
                    (None, _) => {}
                }
                goes_on = why.is_some();
            }
        }
        refused
    }

    /// Every time that is tried, in order.
    fn grid(&self, people: &[Person<'_>]) -> BTreeSet<TimeSpan> {
        let mut grid = BTreeSet::new();
        // Whoever takes no bookings opens for nobody, unless there is nobody else.
        let takes_some = |person: &Person<'_>| person.refuses.is_none();
        let none_does = !people.iter().any(takes_some);
        for person in people.iter().filter(|one| none_does || takes_some(one)) {
            for opening in openings(&person.member, &person.limits, &self.within) {
                let mut start = opening.start;
                while start < opening.end && start < self.within.end {
                    let Ok(end) = start.checked_add(self.duration) else {
                        break;
                    };
                    if start >= self.within.start {
                        grid.insert(TimeSpan { start, end });
                    }
                    let Ok(next) = start.checked_add(self.step) else {
                        break;
                    };
                    start = next;
                }
            }
        }
        grid
    }
}
