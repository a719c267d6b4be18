//! Reading what is due.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use roster_busy::{Kind, Reading};
use roster_domain::{
    CalendarId, EventId, OrganizationId, Result, UserId,
    bookings::agenda::{TimeSpan, zone_of},
    calendars::{BusyTime, Calendar, CalendarSource, Calendars, EVERY, Subcalendar},
    users::user::User,
};
use roster_store::{
    Store, Tenant,
    calendars::{Address, busy::read_days},
    dynamodb::{capacity::try_join_all, table::Freshness},
};

use crate::{Refreshed, Refresher, caldav::Server, ics::Said};

/// Users whose calendars are read at once: a server that does not answer holds up few others.
const AT_ONCE: usize = 32;

/// How far back busy times are looked for that are over: some days may have passed without
/// a reading.
const FEW_DAYS: SignedDuration = SignedDuration::from_hours(8 * 24);
/// The same where a calendar was taken out: as long as it may have been read.
const ALL_DAYS: SignedDuration = SignedDuration::from_hours(366 * 24);

/// What came of a calendar.
struct Came {
    calendar: Calendar,
    /// When its owner is busy by it; none where that is as it was.
    busy: Option<Vec<BusyTime>>,
    was_asked: bool,
}

/// Servers that do not answer in this round, and what was said of each the last time: once a
/// few have waited for one, nobody else does.
#[derive(Default)]
struct Dead(Mutex<HashMap<String, (u32, String)>>);

impl Dead {
    /// How many wait for a server in vain before nobody does.
    const ENOUGH: u32 = 3;

    fn note(&self, server: &str, reason: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (times, said) = all.entry(server.to_owned()).or_default();
        *times += 1;
        reason.clone_into(said);
    }

    fn why(&self, server: &str) -> Option<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (times, said) = all.get(server)?;
        (*times >= Self::ENOUGH).then(|| said.clone())
    }
}

impl Refresher<'_> {
    /// Reads the calendars that are due. What is left at the deadline, and what fails, is due
    /// the next time.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn refresh_due(&self) -> Result<Refreshed> {
        let store = self.app.store();
        let dead = Dead::default();
        let due = store.due_calendars().await?;
        let read = stream::iter(due).map(|(organization, user)| {
            let (store, dead) = (&store, &dead);
            async move {
                if Instant::now() >= self.deadline {
                    return Refreshed::default();
                }
                let read = self.refresh(store, dead, organization, user).await;
                read.unwrap_or_else(|error| {
                    let cause = error.cause();
                    tracing::error!(cause, "calendars were not read: they are due again");
                    Refreshed::default()
                })
            }
        });
        let read = read.buffer_unordered(AT_ONCE);
        let sum = read.fold(Refreshed::default(), async |sum, one| sum.and(one));
        let sum = sum.await;
        if sum.users > 0 {
            tracing::info!(
                users = sum.users,
                calendars = sum.calendars,
                broken = sum.broken,
                days = sum.days,
                "calendars were read"
            );
        }
        Ok(sum)
    }

    /// Reads the calendars of one user.
    async fn refresh(
        &self,
        store: &Store<'_>,
        dead: &Dead,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<Refreshed> {
        let tenant = store.tenant(organization);
        let Some(own) = tenant.calendars_if_any(user, Freshness::Strong).await? else {
            return Ok(Refreshed::default());
        };
        let today = TimeZone::UTC.to_datetime(store.now).date();
        let within = read_days(today)?;
        let came = if own.calendars.is_empty() {
            Vec::new()
        } else {
            self.read(tenant, &own, dead, (today, within)).await?
        };
        let none = own.gone.iter().map(|id| (*id, Vec::new()));
        let read = came.iter();
        let read = read.filter_map(|one| Some((one.calendar.id, one.busy.clone()?)));
        let busy: Vec<(CalendarId, Vec<BusyTime>)> = none.chain(read).collect();
        let days = if busy.is_empty() {
            0
        } else {
            // What is over goes, too.
            let behind = if own.gone.is_empty() {
                FEW_DAYS
            } else {
                ALL_DAYS
            };
            let within = TimeSpan {
                start: within.start.checked_sub(behind).unwrap_or(within.start),
                ..within
            };
            tenant.put_busy(user, within, &busy).await?
        };
        let sum = Refreshed {
            users: 1,
            calendars: came.iter().filter(|one| one.was_asked).count(),
            broken: came
                .iter()
                .filter(|one| one.calendar.reading.broken.is_some())
                .count(),
            days,
        };
        let calendars: Vec<_> = came.into_iter().map(|one| one.calendar).collect();
        let next = calendars.iter().map(|one| due(one, store.now)).min();
        let next = next.unwrap_or(store.now);
        tenant.note_reading(&own, calendars, next).await?;
        Ok(sum)
    }

    /// Asks for each calendar of a user at once.
    async fn read(
        &self,
        tenant: Tenant<'_>,
        own: &Calendars,
        dead: &Dead,
        days: (Date, TimeSpan),
    ) -> Result<Vec<Came>> {
        let (user, _) = tenant.user(own.user).await?;
        let now = tenant.now();
        let calendars = own.calendars.iter().cloned();
        let came = calendars.map(|calendar| async {
            if due(&calendar, now) > now {
                return Ok(Came {
                    calendar,
                    busy: None,
                    was_asked: false,
                });
            }
            Ok(self.read_one(calendar, &user, dead, days, now).await)
        });
        try_join_all(came).await
    }

    async fn read_one(
        &self,
        mut calendar: Calendar,
        user: &User,
        dead: &Dead,
        (today, within): (Date, TimeSpan),
        now: Timestamp,
    ) -> Came {
        let begun = Instant::now();
        let asked = match dead.why(&calendar.server) {
            Some(why) => Err(why),
            None => self.ask(&calendar, user, today, within).await,
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
        user: &User,
        today: Date,
        within: TimeSpan,
    ) -> Result<Read, String> {
        let opened = Address::open(&self.app.sealer, user.id, &calendar.sealed).await;
        let address = opened.map_err(|error| {
            let cause = error.cause();
            tracing::error!(cause, "the address of a calendar cannot be opened");
            "Roster cannot open the address; enter it again.".to_owned()
        })?;
        let is_whole = calendar.must_be_read_whole(today);
        let (text, read) = match calendar.source {
            CalendarSource::Ics => self.ask_address(calendar, &address, is_whole).await?,
            CalendarSource::Caldav => {
                let server = Server::at(self.client, &address)?;
                ask_server(calendar, &server, is_whole, within).await?
            }
        };
        let Some(text) = text else {
            return Ok(read);
        };
        let busy = self.busy(text, calendar, user, within).await?;
        Ok(Read {
            busy: Some(busy),
            ..read
        })
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
        user: &User,
        within: TimeSpan,
    ) -> Result<Vec<BusyTime>, String> {
        let (zone, addresses) = (zone_of(user), addresses(user));
        let domain = self.app.reply_domain.clone();
        let tentative_busy = calendar.tentative_busy;
        // Seconds of one processor, for the largest: not on the thread that waits for others.
        let read = tokio::task::spawn_blocking(move || {
            let reading = Reading {
                zone: &zone,
                within,
                addresses: &addresses,
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
    reading: roster_domain::calendars::Reading,
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
    let known = |href: &str| {
        calendar
            .subcalendars
            .iter()
            .find(|one| one.source_id == href)
    };
    let subcalendars: Vec<_> = found
        .into_iter()
        .map(|found| Subcalendar {
            // What is new counts until somebody says otherwise.
            busy: known(&found.href).is_none_or(|known| known.busy),
            name: found
                .name
                .map_or_else(|| calendar.name.to_string(), |name| shown(&name)),
            writable: found.writable,
            color: found.color.map(|color| shown(&color)),
            state: found.state,
            source_id: found.href,
        })
        .collect();
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

/// A text of a stranger's, as it is shown.
fn shown(text: &str) -> String {
    let shown = text.chars().filter(|c| !c.is_control()).take(100);
    shown.collect()
}

impl Refreshed {
    fn and(self, other: Self) -> Self {
        Self {
            users: self.users + other.users,
            calendars: self.calendars + other.calendars,
            broken: self.broken + other.broken,
            days: self.days + other.days,
        }
    }
}

/// When a calendar is to be read again: a little later for one user than for another, so that
/// what came together does not stay together.
fn due(calendar: &Calendar, now: Timestamp) -> Timestamp {
    let Some(tried_at) = calendar.reading.tried_at else {
        return now;
    };
    let [.., last] = calendar.id.bytes();
    let later = SignedDuration::from_secs(i64::from(last) % 60);
    let wait = calendar.wait().checked_add(later).unwrap_or(EVERY);
    tried_at.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// The addresses by which a user is invited, in lower case.
fn addresses(user: &User) -> Vec<String> {
    let own = user.profile.email.iter().map(|email| email.folded());
    own.collect()
}

/// Whether an event is one of Roster's, which is in the agenda already.
fn is_own(uid: &str, domain: &str) -> bool {
    let own = uid.split_once('@');
    own.is_some_and(|(id, at)| at.eq_ignore_ascii_case(domain) && id.parse::<EventId>().is_ok())
}
