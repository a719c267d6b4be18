//! People's own calendars: where they are, and how reading them goes. What is in them is
//! read elsewhere; a booking learns of it when somebody is busy, and nothing more.

mod calendar;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use self::calendar::{
    Broken, Calendar, CalendarSource, Reading, Subcalendar, host_of, services_at, wait_after,
};

use crate::{
    bookings::agenda::TimeSpan,
    error::{Conflict, Error, Result},
    id::{CalendarId, EventId},
    users::calendar::MAX_CALENDARS,
    whose::Whose,
};

/// How far ahead calendars are read, in days.
pub const READ_DAYS: i32 = 366;
/// How often a calendar is read.
pub const EVERY: SignedDuration = SignedDuration::from_mins(15);
/// How seldom a calendar is read that fails again and again.
pub const SELDOM: SignedDuration = SignedDuration::from_hours(6);

/// For how long what was read of a calendar is fresh: a few readings may fail.
pub const FRESH: SignedDuration = SignedDuration::from_hours(1);

/// Most events that wait to be written into somebody's calendars.
const MOST_TO_WRITE: usize = 1000;

/// The calendars of a user, in which they are busy, or those of a team or an organization, in
/// which whole days are holidays of everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendars {
    /// Whose.
    pub whose: Whose,
    /// Which.
    pub calendars: Vec<Calendar>,
    /// Those that were taken out, and whose busy times must still go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<CalendarId>,
    /// Events that are to be written into them, or taken out.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub to_write: BTreeSet<EventId>,
    /// Whether all events are that their owner holds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub write_all: bool,
    /// When they are to be read or written next.
    pub due_at: Timestamp,
    /// When a request last changed them.
    pub updated_at: Timestamp,
    /// How often requests changed them.
    pub changes: u64,
    /// How often they were written, readings included.
    #[serde(rename = "__v")]
    pub version: u64,
}

impl Calendars {
    /// None, yet.
    #[must_use]
    pub fn none(whose: Whose, now: Timestamp) -> Self {
        Self {
            whose,
            calendars: Vec::new(),
            gone: Vec::new(),
            to_write: BTreeSet::new(),
            write_all: false,
            due_at: now,
            updated_at: now,
            changes: 0,
            version: 0,
        }
    }

    /// Those in which something may count.
    pub fn counting(&self) -> impl Iterator<Item = &Calendar> {
        // What a server has is not known before it was asked.
        let counts = |one: &&Calendar| {
            one.subcalendars.is_empty() || one.subcalendars.iter().any(|inner| inner.busy)
        };
        self.calendars.iter().filter(counts)
    }

    /// Whether one of them that counts has not been read for longer than [`FRESH`].
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        let is_fresh = |read_at: Timestamp| now.duration_since(read_at) <= FRESH;
        self.counting()
            .any(|one| !one.reading.read_at.is_some_and(is_fresh))
    }

    /// Whether one of them that counts was read longer ago than `age`, and was not asked for
    /// since in vain.
    #[must_use]
    pub fn are_older(&self, age: SignedDuration, now: Timestamp) -> bool {
        self.counting().any(|one| one.was_tried_before(age, now))
    }

    /// Puts others in place of those that there are.
    ///
    /// # Errors
    /// A conflict where they are too many.
    pub fn replace(&mut self, calendars: Vec<Calendar>) -> Result<()> {
        if calendars.len() > MAX_CALENDARS {
            let detail = format!("there can be at most {MAX_CALENDARS} calendars");
            return Err(Conflict::new(detail).into());
        }
        let wrote = |id: CalendarId| {
            let mut before = self.calendars.iter();
            before.any(|one| one.id == id && one.write_back)
        };
        self.write_all |= calendars.iter().any(|one| one.write_back && !wrote(one.id));
        let stays = |id: CalendarId| calendars.iter().any(|one| one.id == id);
        let before = self.calendars.iter().map(|one| one.id);
        self.gone.extend(before.filter(|id| !stays(*id)));
        self.calendars = calendars;
        Ok(())
    }

    /// Puts others in place of those of Exchange; what is elsewhere stays.
    ///
    /// # Errors
    /// As [`Calendars::replace`].
    pub fn replace_exchange(&mut self, calendars: Vec<Calendar>) -> Result<()> {
        let others = self.calendars.iter();
        let others = others.filter(|one| one.source != CalendarSource::Exchange);
        self.replace(others.cloned().chain(calendars).collect())
    }

    /// Whether one of them is written into.
    #[must_use]
    pub fn are_written(&self) -> bool {
        self.calendars.iter().any(|one| one.write_back)
    }

    /// Notes that an event is to be written into them, or taken out. Answers whether that is
    /// new. Where too many wait already, all that are ahead are written again.
    pub fn note_to_write(&mut self, event: EventId) -> bool {
        if !self.are_written() {
            return false;
        }
        if self.to_write.len() >= MOST_TO_WRITE {
            return !std::mem::replace(&mut self.write_all, true);
        }
        self.to_write.insert(event)
    }

    /// Where they are.
    #[must_use]
    pub fn sources(&self) -> BTreeSet<CalendarSource> {
        self.calendars.iter().map(|one| one.source).collect()
    }

    /// Takes one out.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is not there.
    pub fn remove(&mut self, id: CalendarId) -> Result<()> {
        let found = self.calendars.iter().position(|one| one.id == id);
        self.calendars
            .remove(found.ok_or(Error::NotFound("calendar"))?);
        self.gone.push(id);
        Ok(())
    }
}

/// Time in which the owner of a calendar is busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BusyTime {
    /// When.
    pub span: TimeSpan,
    /// Whether it is of whole days.
    pub all_day: bool,
}

/// What is known of a member's own calendars when a date is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnCalendars<'a> {
    /// When they are busy.
    pub busy: &'a [BusyTime],
    /// Whether what was read is too old to go by, for who goes by that.
    pub is_stale: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::UserId;

    fn calendar(now: Timestamp) -> Calendar {
        let server = "calendar.example.com".to_owned();
        Calendar::new(CalendarSource::Ics, server, String::new(), now).expect("a calendar")
    }

    #[test]
    fn what_is_taken_out_is_remembered_until_its_busy_times_are_gone() {
        let now = Timestamp::UNIX_EPOCH;
        let mut own = Calendars::none(Whose::User(UserId::generate(now)), now);
        let (first, second) = (calendar(now), calendar(now));
        own.replace(vec![first.clone(), second.clone()])
            .expect("two");
        own.replace(vec![second.clone()]).expect("one");
        assert_eq!(own.gone, [first.id]);
        own.remove(second.id).expect("it is there");
        assert_eq!(own.gone, [first.id, second.id]);
        assert!(matches!(own.remove(second.id), Err(Error::NotFound(_))));
        let many = vec![first; MAX_CALENDARS + 1];
        assert!(matches!(own.replace(many), Err(Error::Conflict(_))));
    }

    #[test]
    fn a_calendar_is_broken_since_it_first_failed() {
        let (first, later) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        let mut own = calendar(first);
        own.fail("The server answers 500.".to_owned(), first);
        own.fail("The server answers 404.".to_owned(), later);
        let broken = own.reading.broken.clone().expect("it is broken");
        assert_eq!((broken.since, own.reading.failures), (first, 2));
        assert_eq!(broken.reason, "The server answers 404.");
    }
}
