//! The whole days in the calendars of teams and organizations, among the time off of these.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use roster_domain::{
    Result, bookings::time_off::follow_calendar, calendars::BusyTime, whose::Whose,
};

use super::busy::BusyByCalendar;
use crate::{Tenant, dynamodb::retry::retry};

/// Most holidays of one calendar.
const MOST: usize = 100;

impl Tenant<'_> {
    /// Makes the whole days of calendars holidays, in place of those that were theirs before.
    /// Answers how many there are; none where whose they are is gone.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn put_holidays(&self, whose: Whose, busy: &BusyByCalendar) -> Result<Option<usize>> {
        let holidays = busy.iter();
        let holidays = holidays.map(|(calendar, times)| (*calendar, days(times)));
        let holidays: Vec<_> = holidays.collect();
        retry!(async {
            let Some(listed) = self.time_off_if_any(whose).await? else {
                return Ok(None);
            };
            let mut list = listed.list.clone();
            let mut is_different = false;
            for (calendar, days) in &holidays {
                is_different |= follow_calendar(&mut list, *calendar, days, self.store.now);
            }
            if is_different {
                let writes = self.put_time_off(whose, &listed, &list)?;
                self.store.transact(writes).await?;
            }
            Ok(Some(holidays.iter().map(|(_, days)| days.len()).sum()))
        })
    }
}

/// The whole days among times, from a first to a last one: the earliest.
fn days(times: &[BusyTime]) -> BTreeSet<(Date, Date)> {
    let whole = times.iter().filter(|time| time.all_day);
    let days = whole.filter_map(|time| {
        let (first, behind) = (nearest(time.span.start), nearest(time.span.end));
        let last = behind.yesterday().ok()?;
        (first <= last).then_some((first, last))
    });
    days.collect::<BTreeSet<_>>()
        .into_iter()
        .take(MOST)
        .collect()
}

/// The day that begins nearest to an instant: days in a calendar begin in a zone of its own.
fn nearest(instant: Timestamp) -> Date {
    let noon = instant.saturating_add(SignedDuration::from_hours(12));
    TimeZone::UTC.to_datetime(noon.unwrap_or(instant)).date()
}

#[cfg(test)]
mod tests {
    use roster_domain::bookings::agenda::TimeSpan;

    use super::*;

    #[test]
    fn days_are_those_of_the_calendar_whichever_zone_it_is_in() {
        let time = |start: &str, end: &str, all_day| BusyTime {
            span: TimeSpan {
                start: start.parse().expect("an instant"),
                end: end.parse().expect("an instant"),
            },
            all_day,
        };
        let times = [
            time("2026-12-25T00:00:00Z", "2026-12-27T00:00:00Z", true),
            // As Exchange says it, of Berlin and of Los Angeles.
            time("2026-12-30T23:00:00Z", "2026-12-31T23:00:00Z", true),
            time("2027-01-01T08:00:00Z", "2027-01-02T08:00:00Z", true),
            time("2027-01-05T10:00:00Z", "2027-01-05T11:00:00Z", false),
        ];
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let expected = [
            (day("2026-12-25"), day("2026-12-26")),
            (day("2026-12-31"), day("2026-12-31")),
            (day("2027-01-01"), day("2027-01-01")),
        ];
        assert_eq!(days(&times), BTreeSet::from(expected));
    }
}
