//! Reading one calendar: asking where it is, and what of it makes its owner busy.

use std::time::Instant;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use roster_busy::Kind;
use roster_domain::{
    EventId, Result,
    bookings::agenda::{TimeSpan, zone_of},
    calendars::{BusyTime, Calendar, CalendarSource, Reading, Subcalendar},
    users::user::User,
    whose::Whose,
};
use roster_store::{calendars::Address, dynamodb::capacity::try_join_all};

use crate::{
    Refresher,
    asking::Found,
    caldav::Server,
    exchange::{Mailbox, Taken},
    ics::Said,
    refresh::{Came, Dead},
};

/// Whose calendars are read.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    whose: Whose,
    /// The zone of days, and of times without one.
    zone: TimeZone,
    /// By which they are invited, in lower case.
    addresses: Vec<String>,
    /// Whether what is shown as free counts.
    free_counts: bool,
}

impl Owner {
    /// A user, who is busy by what is in them.
    pub(crate) fn of(user: &User) -> Self {
        let addresses = user.profile.email.iter().map(|email| email.folded());
        Self {
            whose: Whose::User(user.id),
            zone: zone_of(user),
            addresses: addresses.collect(),
            free_counts: false,
        }
    }

    /// A team or an organization, whose holidays are in them.
    pub(crate) fn of_holidays(whose: Whose) -> Self {
        Self {
            whose,
            zone: TimeZone::UTC,
            addresses: Vec::new(),
            free_counts: true,
        }
    }
}

impl Refresher<'_> {
    /// Reads a calendar, and notes how that went.
    pub(crate) async fn read_one(
        &self,
        mut calendar: Calendar,
        owner: &Owner,
        dead: &Dead,
        (today, within): (Date, TimeSpan),
        now: Timestamp,
    ) -> Came {
        let begun = Instant::now();
        let asked = match dead.why(&calendar.server) {
            Some(why) => Err(why),
            None => self.ask(&calendar, owner, today, within).await,
        };
        let busy = match asked {
            Ok(read) => {
                calendar.reading = read.reading;
                calendar.subcalendars = read.subcalendars;
                calendar.reading.read_at = Some(now);
                calendar.reading.from = Some(today);
                calendar.reading.broken = None;
                calendar.reading.failures = 0;
                read.busy
            }
            Err(reason) => {
                if begun.elapsed() >= self.client.bounds.time {
                    dead.note(&calendar.server, &reason);
                }
                calendar.fail(reason, now);
                None
            }
        };
        calendar.reading.tried_at = Some(now);
        Came {
            calendar,
            busy,
            was_asked: true,
        }
    }

    async fn ask(
        &self,
        calendar: &Calendar,
        owner: &Owner,
        today: Date,
        within: TimeSpan,
    ) -> Result<Read, String> {
        let address = self.address(calendar, owner.whose).await?;
        let is_whole = calendar.must_be_read_whole(today);
        match calendar.source {
            CalendarSource::Ics => {
                let (text, read) = self.ask_address(calendar, &address, is_whole).await?;
                self.with_busy(text, read, calendar, owner, within).await
            }
            CalendarSource::Caldav => {
                let server = Server::at(self.client, &address)?;
                let (text, read) = ask_server(calendar, &server, is_whole, within).await?;
                self.with_busy(text, read, calendar, owner, within).await
            }
            CalendarSource::Exchange => {
                let entered = Mailbox::enter(self.client, &address, self.app.clock.now()).await;
                self.ask_mailbox(calendar, owner, entered?, within).await
            }
        }
    }

    /// What was read, with when the owner is busy by it.
    async fn with_busy(
        &self,
        text: Option<Vec<u8>>,
        read: Read,
        calendar: &Calendar,
        owner: &Owner,
        within: TimeSpan,
    ) -> Result<Read, String> {
        let Some(text) = text else {
            return Ok(read);
        };
        let busy = self.busy(text, calendar, owner, within).await?;
        Ok(Read {
            busy: Some(busy),
            ..read
        })
    }

    /// Asks for the calendars of a mailbox, and for when its owner is not free by them.
    async fn ask_mailbox(
        &self,
        calendar: &Calendar,
        owner: &Owner,
        mut mailbox: Mailbox<'_>,
        within: TimeSpan,
    ) -> Result<Read, String> {
        let mut read = Read::as_it_was(calendar);
        read.subcalendars = subcalendars(calendar, mailbox.calendars().await?);
        let mut busy = Vec::new();
        for one in read.subcalendars.iter().filter(|one| one.busy) {
            let taken = mailbox.taken(&one.source_id, within, owner.free_counts);
            let taken = taken.await?.into_iter();
            let domain = &self.app.reply_domain;
            let counts = |one: &Taken| {
                let is_own = one.uid.as_deref().is_some_and(|uid| is_own(uid, domain));
                !is_own && (calendar.tentative_busy || !one.tentative)
            };
            busy.extend(taken.filter(counts).map(|one| one.time));
        }
        read.busy = Some(busy);
        Ok(read)
    }

    /// Asks an address. Answers no text where it is as it was.
    async fn ask_address(
        &self,
        calendar: &Calendar,
        address: &Address,
        is_whole: bool,
    ) -> Result<(Option<Vec<u8>>, Read), String> {
        let before = Some(&calendar.reading).filter(|_| !is_whole);
        let said = self.client.ask(address, before).await?;
        let mut read = Read::as_it_was(calendar);
        let Said::Text {
            body,
            etag,
            last_modified,
        } = said
        else {
            return Ok((None, read));
        };
        read.reading.etag = etag;
        read.reading.last_modified = last_modified;
        let counts = calendar.subcalendars.iter().any(|one| one.busy);
        // What does not count is not looked at, and is no time.
        let text = if counts { body } else { NOTHING.to_vec() };
        Ok((Some(text), read))
    }

    /// When the owner is busy by what is in a calendar.
    async fn busy(
        &self,
        text: Vec<u8>,
        calendar: &Calendar,
        owner: &Owner,
        within: TimeSpan,
    ) -> Result<Vec<BusyTime>, String> {
        let Owner {
            zone,
            addresses,
            free_counts,
            ..
        } = owner.clone();
        let domain = self.app.reply_domain.clone();
        let tentative_busy = calendar.tentative_busy;
        // Seconds of one processor, for the largest: not on the thread that waits for others.
        let read = tokio::task::spawn_blocking(move || {
            let reading = roster_busy::Reading {
                zone: &zone,
                within,
                addresses: &addresses,
                free_counts,
                is_own: &|uid| is_own(uid, &domain),
            };
            roster_busy::read(&text, &reading)
        });
        let read = read
            .await
            .map_err(|_| "The calendar cannot be read.".to_owned())?;
        let read = read.map_err(|why| format!("The calendar cannot be read: {why}."))?;
        let counts = |kind: &Kind| tentative_busy || !kind.tentative;
        let kinds = read.kinds().filter(|(kind, _)| counts(kind));
        let times = kinds.flat_map(|(Kind { all_day, .. }, spans)| {
            spans.iter().map(move |span| BusyTime {
                span: *span,
                all_day,
            })
        });
        Ok(times.collect())
    }
}

/// What came of asking.
struct Read {
    subcalendars: Vec<Subcalendar>,
    reading: Reading,
    /// When the owner is busy; none where that is as it was.
    busy: Option<Vec<BusyTime>>,
}

impl Read {
    fn as_it_was(calendar: &Calendar) -> Self {
        Self {
            subcalendars: calendar.subcalendars.clone(),
            reading: calendar.reading.clone(),
            busy: None,
        }
    }
}

/// A calendar with nothing in it.
const NOTHING: &[u8] = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";

/// Asks a server. Answers no text where everything is as it was that counts.
async fn ask_server(
    calendar: &Calendar,
    server: &Server<'_>,
    is_whole: bool,
    within: TimeSpan,
) -> Result<(Option<Vec<u8>>, Read), String> {
    let (home, found) = server.calendars(calendar.reading.home.as_deref()).await?;
    let subcalendars = subcalendars(calendar, found);
    let known = |href: &str| {
        let mut known = calendar.subcalendars.iter();
        known.find(|one| one.source_id == href)
    };
    let mut read = Read::as_it_was(calendar);
    let is_same = |one: &Subcalendar| one.state.is_some() && known(&one.source_id) == Some(one);
    let is_unchanged = !is_whole
        && subcalendars.len() == calendar.subcalendars.len()
        && subcalendars.iter().all(is_same);
    read.subcalendars = subcalendars;
    read.reading.home = home;
    if is_unchanged {
        return Ok((None, read));
    }
    let counting = read.subcalendars.iter().filter(|one| one.busy);
    let events = counting.map(|one| server.events(&one.source_id, within));
    let mut text = NOTHING.to_vec();
    for events in try_join_all(events).await? {
        text.extend(events);
    }
    Ok((Some(text), read))
}

/// The calendars that a server has, with what is known of them.
fn subcalendars(calendar: &Calendar, found: Vec<Found>) -> Vec<Subcalendar> {
    let known = |href: &str| {
        let mut known = calendar.subcalendars.iter();
        known.find(|one| one.source_id == href)
    };
    let found = found.into_iter().map(|found| Subcalendar {
        // What is new counts until somebody says otherwise.
        busy: known(&found.href).is_none_or(|known| known.busy),
        name: found
            .name
            .map_or_else(|| calendar.name.to_string(), |name| shown(&name)),
        writable: found.writable,
        color: found.color.map(|color| shown(&color)),
        state: found.state,
        source_id: found.href,
    });
    found.collect()
}

/// A text of a stranger's, as it is shown.
fn shown(text: &str) -> String {
    let shown = text.chars().filter(|c| !c.is_control()).take(100);
    shown.collect()
}

/// Whether an event is one of Roster's, which is in the agenda already.
fn is_own(uid: &str, domain: &str) -> bool {
    let own = uid.split_once('@');
    own.is_some_and(|(id, at)| at.eq_ignore_ascii_case(domain) && id.parse::<EventId>().is_ok())
}
