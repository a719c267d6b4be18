//! Reading what is due.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use roster_domain::{
    CalendarId, OrganizationId, Result,
    bookings::agenda::TimeSpan,
    calendars::{BusyTime, Calendar, Calendars, EVERY},
    whose::Whose,
};
use roster_runtime::function::calendar_reader::ReadNow;
use roster_store::{
    Store, Tenant,
    calendars::busy::read_days,
    dynamodb::{capacity::try_join_all, table::Freshness},
};

use crate::{Refreshed, Refresher, reading::Owner};

/// Users whose calendars are read at once: a server that does not answer holds up few others.
const AT_ONCE: usize = 32;

/// How far back busy times are looked for that are over: some days may have passed without
/// a reading.
const FEW_DAYS: SignedDuration = SignedDuration::from_hours(8 * 24);
/// The same where a calendar was taken out: as long as it may have been read.
const ALL_DAYS: SignedDuration = SignedDuration::from_hours(366 * 24);

/// What came of a calendar.
pub(crate) struct Came {
    pub(crate) calendar: Calendar,
    /// When its owner is busy by it; none where that is as it was.
    pub(crate) busy: Option<Vec<BusyTime>>,
    pub(crate) was_asked: bool,
}

/// Which calendars are asked for.
#[derive(Debug, Clone, Copy)]
enum Pace {
    /// Those that are due.
    Due,
    /// Those that were not asked for so long.
    OlderThan(SignedDuration),
}

/// Servers that do not answer in this round, and what was said of each the last time: once a
/// few have waited for one, nobody else does.
#[derive(Default)]
pub(crate) struct Dead(Mutex<HashMap<String, (u32, String)>>);

impl Dead {
    /// How many wait for a server in vain before nobody does.
    const ENOUGH: u32 = 3;

    pub(crate) fn note(&self, server: &str, reason: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (times, said) = all.entry(server.to_owned()).or_default();
        *times += 1;
        reason.clone_into(said);
    }

    pub(crate) fn why(&self, server: &str) -> Option<String> {
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
        let due = self.app.store().due_calendars().await?;
        let sum = self.refresh_all(due, Pace::Due).await;
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

    /// Reads the calendars that a request waits for.
    pub async fn refresh_now(&self, asked: &ReadNow) -> Refreshed {
        let users = asked.users.iter();
        let all = users.map(|user| (asked.organization, Whose::User(*user)));
        let age = SignedDuration::from_secs(asked.older_than_seconds);
        self.refresh_all(all.collect(), Pace::OlderThan(age)).await
    }

    async fn refresh_all(&self, all: Vec<(OrganizationId, Whose)>, pace: Pace) -> Refreshed {
        let store = self.app.store();
        let dead = Dead::default();
        let read = stream::iter(all).map(|(organization, whose)| {
            let (store, dead) = (&store, &dead);
            async move {
                if Instant::now() >= self.deadline {
                    return Refreshed::default();
                }
                let read = self.refresh(store, dead, (organization, whose), pace).await;
                read.unwrap_or_else(|error| {
                    let cause = error.cause();
                    tracing::error!(cause, "calendars were not read: they are due again");
                    Refreshed::default()
                })
            }
        });
        let read = read.buffer_unordered(AT_ONCE);
        let sum = read.fold(Refreshed::default(), async |sum, one| sum.and(one));
        sum.await
    }

    /// Reads the calendars of one user, one team, or the organization.
    async fn refresh(
        &self,
        store: &Store<'_>,
        dead: &Dead,
        (organization, whose): (OrganizationId, Whose),
        pace: Pace,
    ) -> Result<Refreshed> {
        let tenant = store.tenant(organization);
        let Some(own) = tenant.calendars_if_any(whose, Freshness::Strong).await? else {
            return Ok(Refreshed::default());
        };
        let today = TimeZone::UTC.to_datetime(store.now).date();
        let within = read_days(today)?;
        let came = if own.calendars.is_empty() {
            Vec::new()
        } else {
            self.read(tenant, &own, dead, (today, within), pace).await?
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
            let put = match own.whose {
                Whose::User(user) => Some(tenant.put_busy(user, within, &busy).await?),
                whose => tenant.put_holidays(whose, &busy).await?,
            };
            let Some(days) = put else {
                // A team that is deleted leaves its calendars.
                let after = Calendars {
                    calendars: Vec::new(),
                    ..own.clone()
                };
                tenant.note_reading(&own, after).await?;
                return Ok(Refreshed::default());
            };
            days
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
        let mut calendars: Vec<_> = came.into_iter().map(|one| one.calendar).collect();
        let to_write = self.write(tenant, &own, &mut calendars, dead).await?;
        let next = calendars.iter().map(|one| due(one, store.now)).min();
        // What is left to write waits for nothing but a calendar that cannot be written into.
        let waits = |one: &Calendar| one.write_back && one.reading.broken.is_some();
        let is_more = !to_write.is_empty() && !calendars.iter().any(waits);
        let next = next.filter(|_| !is_more).unwrap_or(store.now);
        let after = Calendars {
            calendars,
            gone: Vec::new(),
            to_write,
            write_all: false,
            due_at: next,
            ..own.clone()
        };
        tenant.note_reading(&own, after).await?;
        Ok(sum)
    }

    /// Asks for each calendar of a user at once.
    async fn read(
        &self,
        tenant: Tenant<'_>,
        own: &Calendars,
        dead: &Dead,
        days: (Date, TimeSpan),
        pace: Pace,
    ) -> Result<Vec<Came>> {
        let owner = match own.whose {
            Whose::User(user) => Owner::of(&tenant.user(user).await?.0),
            Whose::Team(_) | Whose::Organization(_) => Owner::of_holidays(own.whose),
        };
        let now = tenant.now();
        let calendars = own.calendars.iter().cloned();
        let came = calendars.map(|calendar| async {
            let is_due = match pace {
                Pace::Due => due(&calendar, now) <= now,
                Pace::OlderThan(age) => calendar.was_tried_before(age, now),
            };
            if !is_due {
                return Ok(Came {
                    calendar,
                    busy: None,
                    was_asked: false,
                });
            }
            Ok(self.read_one(calendar, &owner, dead, days, now).await)
        });
        try_join_all(came).await
    }
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
