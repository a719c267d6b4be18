//! One calendar: where it is, what is in it, and how reading it goes.

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{EVERY, SELDOM};
use crate::{
    error::{Error, Result},
    id::CalendarId,
    text::Title,
};

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

/// The host of an address, with its port where it names one, and without who logs in.
///
/// ```
/// # use roster_domain::calendars::host_of;
/// assert_eq!(host_of("https://ada:x@mail.example.com:8443/own?a=b"), "mail.example.com:8443");
/// ```
#[must_use]
pub fn host_of(url: &str) -> String {
    let (_, rest) = url.split_once("://").unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.rsplit('@').next().unwrap_or_default().to_owned()
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
