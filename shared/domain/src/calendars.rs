//! People's own calendars: where they are, and how reading them goes. What is in them is
//! read elsewhere; a booking learns of it when somebody is busy, and nothing more.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    bookings::agenda::TimeSpan,
    error::{Conflict, Error, Result},
    id::{CalendarId, EventId},
    text::Title,
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

/// Where a calendar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CalendarSource {
    /// At a secret address that answers iCalendar (RFC 5545), as Google and Outlook publish
    /// it.
    Ics,
    /// On a CalDAV server (RFC 4791).
    Caldav,
    /// On an Exchange server (Exchange Web Services).
    Exchange,
}

impl CalendarSource {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ics, Self::Caldav, Self::Exchange];

    /// The one with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|source| source.name() == name)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ics => "ics",
            Self::Caldav => "caldav",
            Self::Exchange => "exchange",
        }
    }
}

/// Where an Exchange server has its web services, by the address or the host name of the
/// server: where every such server has them, unless the address names a place of its own.
///
/// ```
/// # use roster_domain::calendars::services_at;
/// let usual = "https://mail.example.com/EWS/Exchange.asmx";
/// for server in ["mail.example.com", "https://mail.example.com", "https://mail.example.com/"] {
///     assert_eq!(services_at(server), usual);
/// }
/// assert_eq!(services_at("https://example.com/ews"), "https://example.com/ews");
/// ```
#[must_use]
pub fn services_at(server: &str) -> String {
    let (scheme, rest) = server.split_once("://").unwrap_or(("https", server));
    match rest.trim_end_matches('/').split_once('/') {
        Some(_) => format!("{scheme}://{rest}"),
        None => format!(
            "{scheme}://{}/EWS/Exchange.asmx",
            rest.trim_end_matches('/')
        ),
    }
}

/// A calendar of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: CalendarId,
    /// What its owner calls it.
    pub name: Title,
    /// Where it is.
    pub source: CalendarSource,
    /// The host of its address, which is no secret.
    pub server: String,
    /// Its address, sealed for its owner.
    pub sealed: String,
    /// What is in it, as far as it is known.
    pub subcalendars: Vec<Subcalendar>,
    /// Whether what is tentative counts, too.
    pub tentative_busy: bool,
    /// Whether the events that its owner holds are written into it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub write_back: bool,
    /// Which of its calendars they were written into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_into: Option<String>,
    /// How reading it goes.
    #[serde(default)]
    pub reading: Reading,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// One of the calendars that a source has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subcalendar {
    /// What its source knows it by.
    pub source_id: String,
    /// What it is called.
    pub name: String,
    /// Whether what is in it counts.
    pub busy: bool,
    /// Whether its owner may write into it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub writable: bool,
    /// Its colour, as its source says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// What was another if something in it had changed since it was read: a sync-token
    /// (RFC 6578), or a tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// How reading a calendar goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// When it was last read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// When it was last asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_at: Option<Timestamp>,
    /// Since when it cannot be read, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<Broken>,
    /// How often it could not be read since it was.
    #[serde(default)]
    pub failures: u32,
    /// Where the calendars of a server were found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<String>,
    /// What names the text that was read: `ETag` (RFC 9110).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// When that was changed: `Last-Modified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// The first of the days that were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
}

/// Why a calendar cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// Since when.
    pub since: Timestamp,
    /// A sentence for its owner.
    pub reason: String,
}

impl Calendar {
    /// One that was not read yet: at `server`, by an address that is sealed.
    ///
    /// # Errors
    /// Where the server's name is no name.
    pub fn new(
        source: CalendarSource,
        server: String,
        sealed: String,
        now: Timestamp,
    ) -> Result<Self> {
        Ok(Self {
            id: CalendarId::generate(now),
            name: server.parse().map_err(Error::internal)?,
            source,
            server,
            sealed,
            // What a server has is known once it was asked.
            subcalendars: Vec::new(),
            tentative_busy: true,
            write_back: false,
            written_into: None,
            reading: Reading::default(),
            created_at: now,
        })
    }

    /// Whether it is to be read again whatever its server says of changes: `today` is
    /// another first day than last time.
    #[must_use]
    pub fn must_be_read_whole(&self, today: Date) -> bool {
        self.reading.from != Some(today)
    }

    /// Whether it was last asked for longer than `age` ago, or never.
    #[must_use]
    pub fn was_tried_before(&self, age: SignedDuration, now: Timestamp) -> bool {
        let tried_at = self.reading.tried_at;
        tried_at.is_none_or(|at| now.duration_since(at) > age)
    }

    /// Notes that it cannot be read.
    pub fn fail(&mut self, reason: String, now: Timestamp) {
        let since = self.reading.broken.as_ref().map_or(now, |it| it.since);
        self.reading.broken = Some(Broken { since, reason });
        self.reading.failures = self.reading.failures.saturating_add(1);
    }

    /// How long to wait before it is read again: as always, and longer each time that it
    /// could not be read.
    ///
    /// ```
    /// # use roster_domain::calendars::wait_after;
    /// # let minutes = |failures| wait_after(failures).as_mins();
    /// assert_eq!([0, 1, 2, 3].map(minutes), [15, 30, 60, 120]);
    /// assert_eq!([5, 50].map(minutes), [360, 360]);
    /// ```
    #[must_use]
    pub fn wait(&self) -> SignedDuration {
        wait_after(self.reading.failures)
    }
}

/// How long to wait before a calendar is read that failed so often: [`EVERY`], twice as long
/// for each failure, and [`SELDOM`] at most.
#[must_use]
pub fn wait_after(failures: u32) -> SignedDuration {
    let times = 1_i32.checked_shl(failures.min(10)).unwrap_or(i32::MAX);
    EVERY
        .checked_mul(times)
        .map_or(SELDOM, |wait| wait.min(SELDOM))
}

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
        Calendar {
            id: CalendarId::generate(now),
            name: "Own".parse().expect("a name"),
            source: CalendarSource::Ics,
            server: "calendar.example.com".to_owned(),
            sealed: String::new(),
            subcalendars: Vec::new(),
            tentative_busy: true,
            write_back: false,
            written_into: None,
            reading: Reading::default(),
            created_at: now,
        }
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
