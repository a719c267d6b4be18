//! What members have reserved: an item for each day of UTC, so that a booking reads and
//! writes as much for a member with thousands of bookings as for one with none.
//!
//! The items are the overlap guard: a booking writes the days that it takes, and holds to
//! the others that it was decided by, only as they were read.

pub(crate) mod calendars;
mod reserved;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    iter,
};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use roster_domain::{
    CalendarId, Error, EventId, Result, UserId,
    bookings::agenda::{Limits, Member, TimeSpan},
    users::user::User,
};
use serde::{Deserialize, Serialize};

use self::reserved::{Busy, Held, Reserved};
use crate::{
    Tenant,
    dynamodb::{
        condition::Condition,
        item::{Item, from_item, key_of, to_item},
        transaction::Write,
    },
    keys::{self, Key},
};

/// A day of UTC of what a member has reserved.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Day {
    /// By the event that it is reserved for. What lasts several days stands in each.
    reserved: BTreeMap<EventId, Reserved>,
    /// What is kept for a while, by the event that may be booked for it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    held: BTreeMap<EventId, Held>,
    /// When the member is busy by their own calendars. What lasts several days stands in
    /// each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    calendars: BTreeMap<CalendarId, Vec<Busy>>,
    #[serde(rename = "__v")]
    version: u64,
}

impl Day {
    /// Grows with each write that frees something, and with no other: one that
    /// reserves adds one entry.
    fn releases(&self) -> u64 {
        let entries = self.reserved.len() + self.held.len();
        self.version.saturating_sub(entries as u64)
    }

    fn entry(&self, event: EventId) -> Option<Taken> {
        let reserved = self.reserved.get(&event).map(|it| Taken::Reserved(it.0));
        let held = self.held.get(&event);
        reserved.or(held.map(|held| Taken::Held(held.span, held.until)))
    }
}

/// How an event has time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// For good.
    Reserved(TimeSpan),
    /// Until an instant.
    Held(TimeSpan, Timestamp),
}

impl Taken {
    fn span(&self) -> &TimeSpan {
        let (Self::Reserved(span) | Self::Held(span, _)) = self;
        span
    }
}

/// The days of one member that were read.
#[derive(Debug, Clone)]
pub(crate) struct Agenda {
    user: UserId,
    /// None: there is no item yet.
    days: BTreeMap<Date, Option<Day>>,
}

/// The days of UTC that a span has time in.
pub(crate) fn days_of(span: &TimeSpan) -> impl Iterator<Item = Date> + use<> {
    let day = |instant: Timestamp| TimeZone::UTC.to_datetime(instant).date();
    // Its end does not belong to it. An instant is at its start.
    let last = span.end.saturating_sub(SignedDuration::from_nanos(1));
    let last = last.map_or(span.start, |last| last.max(span.start));
    let (first, last) = (day(span.start), day(last));
    let next = |day: &Date| day.tomorrow().ok();
    iter::successors(Some(first), next).take_while(move |day| *day <= last)
}

/// The days that decide whether a user can take each of these dates.
pub(crate) fn days_that_decide(user: &User, dates: &[TimeSpan], limits: &Limits) -> BTreeSet<Date> {
    let member = Member::of(user, &[], &[]);
    let days = |date| days_of(&member.looked_at(date, limits));
    dates.iter().flat_map(days).collect()
}

impl Agenda {
    /// The agenda of a member of whom no day was read.
    pub(crate) fn unread(user: UserId) -> Self {
        let days = BTreeMap::new();
        Self { user, days }
    }

    /// Adds days of which those in `found` are there.
    pub(crate) fn add(
        &mut self,
        tenant: Tenant<'_>,
        days: impl IntoIterator<Item = Date>,
        found: &HashMap<Key, Item>,
    ) -> Result<()> {
        for day in days {
            let item = found.get(&self.key(tenant, day));
            let item = item.cloned().map(from_item).transpose()?;
            self.days.insert(day, item);
        }
        Ok(())
    }

    /// Adds a day's item.
    pub(crate) fn add_item(&mut self, item: Item) -> Result<()> {
        let day = keys::agenda_day_of(&key_of(&item)?);
        let day = day.ok_or_else(|| Error::internal("a day of an agenda has no date"))?;
        self.days.insert(day, Some(from_item(item)?));
        Ok(())
    }

    /// The key of a day.
    pub(crate) fn key(&self, tenant: Tenant<'_>, day: Date) -> Key {
        keys::agenda_day(tenant.tenancy(), self.user, day)
    }

    /// Those of these days that were not read.
    pub(crate) fn without(&self, days: impl IntoIterator<Item = Date>) -> BTreeSet<Date> {
        let unread = |day: &Date| !self.days.contains_key(day);
        days.into_iter().filter(unread).collect()
    }

    /// The same days among items that were read later.
    pub(crate) fn again(&self, tenant: Tenant<'_>, found: &HashMap<Key, Item>) -> Result<Self> {
        let mut again = Self::unread(self.user);
        again.add(tenant, self.days.keys().copied(), found)?;
        Ok(again)
    }

    /// The keys of these days.
    pub(crate) fn own_keys(&self, tenant: Tenant<'_>) -> Vec<Key> {
        let days = self.days.keys();
        days.map(|day| self.key(tenant, *day)).collect()
    }

    /// Whether anything was freed before the items were read, though it may be
    /// reserved again by then.
    pub(crate) fn has_released(
        &self,
        tenant: Tenant<'_>,
        found: &HashMap<Key, Item>,
    ) -> Result<bool> {
        let now = self.again(tenant, found)?;
        let releases = |agenda: &Self| -> Vec<_> {
            let days = agenda.days.values();
            days.map(|day| day.as_ref().map_or(0, Day::releases))
                .collect()
        };
        Ok(releases(self) != releases(&now))
    }

    /// Whether an event has reserved each of these days.
    pub(crate) fn has(&self, event: EventId, days: &BTreeSet<Date>) -> bool {
        let day = |day| self.days.get(day).and_then(Option::as_ref);
        let has = |date| day(date).is_some_and(|day| day.reserved.contains_key(&event));
        days.iter().all(has)
    }

    /// What is reserved, or held and has not ended, but by this event itself.
    pub(crate) fn reservations(&self, except: Option<EventId>, now: Timestamp) -> Vec<TimeSpan> {
        let days = self.days.values().flatten();
        let reserved = days.clone().flat_map(|day| &day.reserved);
        let reserved = reserved.map(|(event, reserved)| (event, reserved.0));
        let held = days.flat_map(|day| &day.held);
        let held = held.filter(|(_, held)| held.until > now);
        let held = held.map(|(event, held)| (event, held.span));
        let spans = reserved
            .chain(held)
            .filter(|(event, _)| Some(**event) != except)
            .map(|(_, span)| span);
        // A date that lasts several days stands in each of them.
        let spans: BTreeSet<_> = spans.collect();
        spans.into_iter().collect()
    }

    /// Writes after which an event has `now` and nothing else of what was read, and that
    /// hold the other days that it was decided by to what was read. Holds that have ended
    /// go with them.
    ///
    /// # Errors
    /// Where one of the days that are written or held was not read.
    pub(crate) fn change(
        &self,
        tenant: Tenant<'_>,
        event: EventId,
        now: Option<Taken>,
        decided_by: &BTreeSet<Date>,
    ) -> Result<Vec<Write>> {
        let takes: BTreeSet<_> = now.iter().flat_map(|it| days_of(it.span())).collect();
        if !self.without(takes.union(decided_by).copied()).is_empty() {
            return Err(Error::internal("a day of an agenda was not read"));
        }
        let change = |(date, read): (&Date, &Option<Day>)| {
            let had = read.as_ref().and_then(|day| day.entry(event));
            let has = now.filter(|_| takes.contains(date));
            if had == has {
                let is_held = decided_by.contains(date);
                let key = is_held.then(|| self.key(tenant, *date))?;
                return Some(Ok(Write::check(&key, as_read(read.as_ref()))));
            }
            let mut day = read.clone().unwrap_or_default();
            day.reserved.remove(&event);
            day.held.remove(&event);
            let instant = tenant.store.now;
            day.held.retain(|_, held| held.until > instant);
            match has {
                Some(Taken::Reserved(span)) => {
                    day.reserved.insert(event, Reserved(span));
                }
                Some(Taken::Held(span, until)) => {
                    day.held.insert(event, Held { span, until });
                }
                None => {}
            }
            Some(self.put(tenant, *date, read.as_ref(), day))
        };
        self.days.iter().filter_map(change).collect()
    }

    fn put(
        &self,
        tenant: Tenant<'_>,
        date: Date,
        read: Option<&Day>,
        mut day: Day,
    ) -> Result<Write> {
        day.version += 1;
        let (key, item) = (self.key(tenant, date), to_item(&day)?);
        Ok(Write::put(&key, None, item, as_read(read)))
    }
}

/// That a day is as it was read.
fn as_read(read: Option<&Day>) -> Condition {
    match read {
        Some(read) => Condition::version(read.version),
        None => Condition::absent(),
    }
}

#[cfg(test)]
mod tests;
