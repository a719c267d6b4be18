//! What the calendars of a member leave in the days of the member's agenda.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use roster_domain::{CalendarId, Result, bookings::agenda::TimeSpan, calendars::BusyTime};

use super::{Agenda, Day, as_read, days_of, reserved::Busy};
use crate::{
    Tenant,
    dynamodb::{
        condition::Condition,
        item::{Item, from_item, to_item},
    },
    keys::Key,
};

/// Attribute of a day: [`Day::calendars`].
pub(crate) const CALENDARS: &str = "calendars";

/// When somebody is busy, by the calendars that say so.
type OfDay = BTreeMap<CalendarId, Vec<Busy>>;

impl Agenda {
    /// When the member is busy by their own calendars.
    pub(crate) fn busy(&self) -> Vec<BusyTime> {
        let days = self.days.values().flatten();
        let times = days.flat_map(|day| day.calendars.values().flatten());
        // What lasts several days stands in each of them.
        let times: BTreeSet<_> = times.map(|Busy(time)| *time).collect();
        times.into_iter().collect()
    }

    /// The days of a span on which calendars say something else than the agenda has of them.
    pub(crate) fn differing(
        &self,
        within: TimeSpan,
        busy: &[(CalendarId, Vec<BusyTime>)],
    ) -> BTreeSet<Date> {
        let mut wanted: BTreeMap<Date, OfDay> = BTreeMap::new();
        for (calendar, times) in busy {
            for time in times {
                for day in days_of(&time.span) {
                    let of_day = wanted.entry(day).or_default();
                    of_day.entry(*calendar).or_default().push(Busy(*time));
                }
            }
        }
        let differs = |day: &Date| {
            let has = self.days.get(day).and_then(Option::as_ref);
            let own = |(calendar, _): &(CalendarId, Vec<BusyTime>)| {
                let has = has.and_then(|day| day.calendars.get(calendar));
                has != wanted.get(day).and_then(|day| day.get(calendar))
            };
            busy.iter().any(own)
        };
        days_of(&within).filter(differs).collect()
    }

    /// A day after which calendars say this and no more on it, and what must still be so.
    pub(crate) fn with_busy(
        &self,
        tenant: Tenant<'_>,
        date: Date,
        busy: &[(CalendarId, Vec<BusyTime>)],
    ) -> Result<(Key, Item, Condition)> {
        let read = self.days.get(&date).and_then(Option::as_ref);
        let mut day = read.cloned().unwrap_or_default();
        for (calendar, times) in busy {
            let is_of_day = |time: &&BusyTime| days_of(&time.span).any(|one| one == date);
            let times: Vec<_> = times.iter().filter(is_of_day).copied().map(Busy).collect();
            if times.is_empty() {
                day.calendars.remove(calendar);
            } else {
                day.calendars.insert(*calendar, times);
            }
        }
        day.version += 1;
        Ok((self.key(tenant, date), to_item(&day)?, as_read(read)))
    }

    /// Puts a day in place that was read again.
    pub(crate) fn read_again(&mut self, date: Date, item: Item) -> Result<()> {
        let there = Some(item).filter(|item| !item.is_empty());
        let day: Option<Day> = there.map(from_item).transpose()?;
        self.days.insert(date, day);
        Ok(())
    }
}
