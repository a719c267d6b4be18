//! The busy times of calendars in their owner's agenda, day by day: a booking reads them
//! with what is reserved.

use std::collections::BTreeSet;

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use roster_domain::{
    CalendarId, Error, Result, UserId,
    bookings::agenda::TimeSpan,
    calendars::{BusyTime, READ_DAYS},
};

use crate::{
    Tenant,
    bookings::agenda::Agenda,
    dynamodb::{capacity::try_join_all, table::Freshness},
};

/// Days that are written at once.
const AT_ONCE: usize = 20;
/// How often a day is read again that others write at the same time.
const TRIES: usize = 10;

/// When somebody is busy by calendars that were read; no times where one is gone.
pub type BusyByCalendar = Vec<(CalendarId, Vec<BusyTime>)>;

/// What is read of a calendar on a day: that day, and as many behind it as are read.
///
/// # Errors
/// At the end of time.
pub fn read_days(today: Date) -> Result<TimeSpan> {
    let behind = today
        .checked_add(READ_DAYS.days())
        .map_err(Error::internal)?;
    let begin = |day: Date| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0));
    let (start, end) = (begin(today), begin(behind));
    let (start, end) = (
        start.map_err(Error::internal)?,
        end.map_err(Error::internal)?,
    );
    Ok(TimeSpan { start, end })
}

impl Tenant<'_> {
    /// Leaves in a user's agenda what calendars say, within days, in place of what was left of
    /// them before. Writes the days that are different, and no others. Answers how many.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn put_busy(
        &self,
        user: UserId,
        within: TimeSpan,
        busy: &BusyByCalendar,
    ) -> Result<usize> {
        let agenda = self.agenda(user, within, Freshness::Strong).await?;
        let days: BTreeSet<Date> = agenda.differing(within, busy);
        let days: Vec<Date> = days.into_iter().collect();
        for days in days.chunks(AT_ONCE) {
            let agenda = &agenda;
            let written = days.iter().map(|day| self.put_busy_day(agenda, *day, busy));
            try_join_all(written).await?;
        }
        Ok(days.len())
    }

    async fn put_busy_day(&self, agenda: &Agenda, day: Date, busy: &BusyByCalendar) -> Result<()> {
        let mut agenda = agenda.clone();
        for _ in 0..TRIES {
            let (key, item, condition) = agenda.with_busy(*self, day, busy)?;
            let put = self.store.table.put_if(&key, item, condition);
            let Err(other) = put.await? else {
                return Ok(());
            };
            agenda.read_again(day, other)?;
        }
        Err(Error::Busy(
            "a day of an agenda is written by many".to_owned(),
        ))
    }
}
