//! When people are away: a user, the members of a team, or everybody in the organization.

use std::{collections::BTreeSet, fmt};

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, DateTime},
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Serialize};

use crate::{
    bookings::agenda::{DateText, Limits, TimeSpan, begin_of, zone_of},
    calendars::{BusyTime, OwnCalendars},
    error::{Conflict, Error, Field, Result, Unacceptable},
    id::{CalendarId, TimeOffId},
    patch::Patch,
    text::Title,
    users::user::User,
};

/// Most time off that a user, a team or an organization can have, apart from what has
/// ended.
pub const MAX_TIME_OFF: usize = 100;
/// Longest time off, in days: two years.
pub const MAX_DAYS: i64 = 731;
/// How long time off is kept that has ended, in days.
pub const KEPT_DAYS: i64 = 92;

/// Whose time off it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbsenceKind {
    /// A user's own.
    Leave,
    /// Of all members of a team, or of everybody in the organization.
    Holiday,
    /// What is in a calendar of the user's own.
    Calendar,
    /// What may be in a calendar of the user's own that was not read for long.
    StaleCalendar,
}

/// Time in which somebody is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeOff {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: TimeOffId,
    /// When.
    pub when: Away,
    /// Why, for those who plan: guests do not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Title>,
    /// The calendar that it comes from, of the team or the organization; none where somebody
    /// entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarId>,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// Puts the holidays of a calendar, each from a first to a last day, in place of those that
/// were of it. One that stays is the same. Answers whether there is a difference.
pub fn follow_calendar(
    list: &mut Vec<TimeOff>,
    calendar: CalendarId,
    holidays: &BTreeSet<(Date, Date)>,
    now: Timestamp,
) -> bool {
    let days = |one: &TimeOff| match one.when {
        Away::Days(first, last) if one.calendar == Some(calendar) => Some((first, last)),
        _ => None,
    };
    let before: BTreeSet<_> = list.iter().filter_map(days).collect();
    list.retain(|one| days(one).is_none_or(|days| holidays.contains(&days)));
    let new = holidays.difference(&before);
    list.extend(new.map(|(first, last)| TimeOff {
        id: TimeOffId::generate(now),
        when: Away::Days(*first, *last),
        reason: None,
        calendar: Some(calendar),
        created_at: now,
    }));
    before != *holidays
}

impl TimeOff {
    /// That somebody entered it, and may change it.
    fn is_entered(&self) -> Result<()> {
        if self.calendar.is_none() {
            return Ok(());
        }
        let detail = "it is in a calendar of the team or the organization; change it there";
        Err(Conflict::new(detail).into())
    }
}

/// From when to when somebody is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Away {
    /// Whole days, both included, in the zone of who is away.
    Days(Date, Date),
    /// By the clock of who is away; the end does not belong to it.
    Local(DateTime, DateTime),
    /// At these instants; the end does not belong to it.
    Instants(Timestamp, Timestamp),
}

impl Away {
    /// From two texts of which both or none are days, and both or none have an offset.
    ///
    /// # Errors
    /// What is wrong with the second.
    ///
    /// ```
    /// use roster_domain::bookings::time_off::Away;
    ///
    /// let [from, to] = ["2026-12-24", "2027-01-03"].map(|day| day.parse().expect("a day"));
    /// assert!(Away::new(from, to).is_ok());
    /// assert!(Away::new(to, from).is_err());
    /// ```
    pub fn new(from: DateText, to: DateText) -> Result<Self, Unacceptable> {
        let before = || Unacceptable::new("must not be before from");
        let length = |from: DateTime, to: DateTime| from.duration_until(to);
        let (away, length) = match (from, to) {
            (DateText::Day(from), DateText::Day(to)) if from > to => return Err(before()),
            (DateText::Day(from), DateText::Day(to)) => {
                let length = length(from.at(0, 0, 0, 0), to.at(0, 0, 0, 0));
                (Self::Days(from, to), length)
            }
            (DateText::Local(from), DateText::Local(to)) => {
                (Self::Local(from, to), length(from, to))
            }
            (DateText::Offset(..), DateText::Offset(..)) => {
                let [from, to] = [from, to].map(|text| text.instant(&TimeZone::UTC));
                let (from, to) = (from?, to?);
                (Self::Instants(from, to), from.duration_until(to))
            }
            _ => {
                let detail = "must be a day where from is one, have a time where from has one, \
                              and an offset where from has one";
                return Err(Unacceptable::new(detail));
            }
        };
        if !matches!(away, Self::Days(..)) && !length.is_positive() {
            return Err(Unacceptable::new("must be after from"));
        }
        // A day that is included is one more.
        if length >= SignedDuration::from_hours(24 * MAX_DAYS) {
            let detail = format!("must be at most {MAX_DAYS} days after from");
            return Err(Unacceptable::new(detail));
        }
        Ok(away)
    }

    /// When it is for somebody in a zone.
    #[must_use]
    pub fn span(&self, zone: &TimeZone) -> TimeSpan {
        let clock = |wall: DateTime| {
            let instant = zone.to_ambiguous_timestamp(wall).compatible();
            instant.unwrap_or(Timestamp::MAX)
        };
        let (start, end) = match *self {
            Self::Days(first, last) => {
                let behind = last.saturating_add(1.day());
                (begin_of(first, zone, false), begin_of(behind, zone, false))
            }
            Self::Local(from, to) => (clock(from), clock(to)),
            Self::Instants(from, to) => (from, to),
        };
        TimeSpan {
            start,
            end: end.max(start),
        }
    }

    /// Its two ends as texts, of which [`Away::new`] makes the same.
    #[must_use]
    pub fn texts(&self) -> (DateText, DateText) {
        let utc = |instant| DateText::Offset(Offset::UTC.to_datetime(instant), Offset::UTC);
        match *self {
            Self::Days(first, last) => (DateText::Day(first), DateText::Day(last)),
            Self::Local(from, to) => (DateText::Local(from), DateText::Local(to)),
            Self::Instants(from, to) => (utc(from), utc(to)),
        }
    }

    /// The last of its days.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        match self {
            Self::Days(_, last) => Some(*last),
            Self::Local(..) | Self::Instants(..) => None,
        }
    }

    /// Whether it has ended everywhere, and so long ago that it need not be kept.
    fn is_old(&self, now: Timestamp) -> bool {
        let kept = SignedDuration::from_hours(24 * (KEPT_DAYS + 2));
        self.span(&TimeZone::UTC).end.duration_until(now) > kept
    }
}

/// A change to a list of time off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeOffChange {
    /// One more.
    Add(TimeOff),
    /// Another time or reason of one that is there.
    Edit(TimeOffId, TimeOffEdit),
    /// One less.
    Remove(TimeOffId),
}

/// What becomes of a time off: what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimeOffEdit {
    /// When it begins.
    pub from: Option<DateText>,
    /// When it ends.
    pub to: Option<DateText>,
    /// Why.
    pub reason: Patch<Title>,
}

impl TimeOffEdit {
    fn apply(&self, to: &mut TimeOff) -> Result<()> {
        let (first, last) = to.when.texts();
        let (first, last) = (self.from.unwrap_or(first), self.to.unwrap_or(last));
        let wrong = |Unacceptable(detail)| Error::at(Field::TimeOffEnd, detail);
        to.when = Away::new(first, last).map_err(wrong)?;
        self.reason.clone().apply(&mut to.reason);
        Ok(())
    }
}

impl TimeOffChange {
    /// Makes the change, and forgets what ended long ago. Answers the one that it is
    /// about.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the list does not have the one that is meant;
    /// [`Error::Conflict`] where it is full; a violation where it would end before it
    /// begins.
    pub fn apply(&self, list: &mut Vec<TimeOff>, now: Timestamp) -> Result<TimeOff> {
        match self {
            Self::Add(new) => {
                list.retain(|one| !one.when.is_old(now));
                let entered = list.iter().filter(|one| one.calendar.is_none());
                if entered.count() >= MAX_TIME_OFF {
                    let detail = format!("there are {MAX_TIME_OFF} already; delete one first");
                    return Err(Conflict::new(detail).into());
                }
                list.push(new.clone());
                Ok(new.clone())
            }
            Self::Edit(id, edit) => {
                let found = list.iter_mut().find(|one| one.id == *id);
                let found = found.ok_or(Error::NotFound("time off"))?;
                found.is_entered()?;
                edit.apply(found)?;
                Ok(found.clone())
            }
            Self::Remove(id) => {
                let found = list.iter().position(|one| one.id == *id);
                let found = found.ok_or(Error::NotFound("time off"))?;
                if let Some(one) = list.get(found) {
                    one.is_entered()?;
                }
                Ok(list.remove(found))
            }
        }
    }
}

/// Time in which a member is away, as a booking looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    /// When.
    pub span: TimeSpan,
    /// Why, and until when.
    pub why: Absent,
}

/// Why somebody is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absent {
    /// Whose time off it is.
    pub kind: AbsenceKind,
    /// The last day of it, where it is of whole days.
    pub last: Option<Date>,
}

impl Absence {
    /// When a user is away: their own time off, the team's that `limits` are of, the
    /// organization's, and what is in the user's own `calendars`.
    #[must_use]
    pub fn all(
        user: &User,
        limits: &Limits,
        organization: &[TimeOff],
        calendars: OwnCalendars<'_>,
    ) -> Vec<Self> {
        let mut all = Self::off(user, limits, organization);
        let availability = user.availability.as_ref();
        let all_day = availability.and_then(|own| own.horizons.all_day_busy);
        let counts = |time: &&BusyTime| !time.all_day || all_day != Some(false);
        let why = Absent {
            kind: AbsenceKind::Calendar,
            last: None,
        };
        let busy = calendars.busy.iter().filter(counts);
        all.extend(busy.map(|time| Self {
            span: time.span,
            why,
        }));
        if calendars.is_stale {
            all.push(Self {
                span: TimeSpan {
                    start: Timestamp::MIN,
                    end: Timestamp::MAX,
                },
                why: Absent {
                    kind: AbsenceKind::StaleCalendar,
                    last: None,
                },
            });
        }
        all
    }

    fn off(user: &User, limits: &Limits, organization: &[TimeOff]) -> Vec<Self> {
        let leave = user.time_off.iter();
        let leave = leave.map(|one| (AbsenceKind::Leave, one));
        let holidays = limits.holidays.iter().chain(organization);
        let holidays = holidays.map(|one| (AbsenceKind::Holiday, one));
        let mut all = leave.chain(holidays).peekable();
        if all.peek().is_none() {
            return Vec::new();
        }
        let zone = zone_of(user);
        let absence = |(kind, one): (AbsenceKind, &TimeOff)| Self {
            span: one.when.span(&zone),
            why: Absent {
                kind,
                last: one.when.last_day(),
            },
        };
        all.map(absence).collect()
    }
}

impl Absent {
    /// Its name on the wire.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self.kind {
            AbsenceKind::Leave => "time_off",
            AbsenceKind::Holiday => "holiday",
            AbsenceKind::Calendar => "calendar",
            AbsenceKind::StaleCalendar => "stale_calendar",
        }
    }
}

/// `the member is on leave until 3 March 2027`.
impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            AbsenceKind::Leave => "the member is on leave",
            AbsenceKind::Holiday => "the member has a holiday",
            AbsenceKind::Calendar => "the member is busy in their calendar",
            AbsenceKind::StaleCalendar => {
                return f.write_str("the member's calendar has not been read for an hour");
            }
        })?;
        match self.last {
            Some(last) => write!(f, " until {}", last.strftime("%-d %B %Y")),
            None => f.write_str(" at that time"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn away(from: &str, to: &str) -> Result<Away, Unacceptable> {
        Away::new(from.parse().expect(from), to.parse().expect(to))
    }

    fn span(from: &str, to: &str, zone: &str) -> String {
        let zone = TimeZone::get(zone).expect(zone);
        let TimeSpan { start, end } = away(from, to).expect("time off").span(&zone);
        format!("{start} {end}")
    }

    #[test]
    fn days_are_whole_days_of_who_is_away_also_where_clocks_change() {
        for (zone, expected) in [
            ("Europe/Paris", "2026-03-28T23:00:00Z 2026-03-29T22:00:00Z"),
            (
                "America/New_York",
                "2026-03-29T04:00:00Z 2026-03-30T04:00:00Z",
            ),
        ] {
            assert_eq!(span("2026-03-29", "2026-03-29", zone), expected);
        }
        assert_eq!(
            span("2026-10-24", "2026-10-25", "Europe/Paris"),
            "2026-10-23T22:00:00Z 2026-10-25T23:00:00Z"
        );
    }

    #[test]
    fn hours_are_by_the_clock_of_who_is_away_or_by_their_offset() {
        assert_eq!(
            span("2026-03-02T09:00", "2026-03-02T12:00", "Europe/Paris"),
            "2026-03-02T08:00:00Z 2026-03-02T11:00:00Z"
        );
        assert_eq!(
            span("2026-03-02T09:00Z", "2026-03-02T12:00+01:00", "Asia/Tokyo"),
            "2026-03-02T09:00:00Z 2026-03-02T11:00:00Z"
        );
    }

    #[test]
    fn an_end_that_does_not_fit_its_start_is_refused() {
        for (from, to) in [
            ("2026-03-02", "2026-03-01"),
            ("2026-03-02T09:00", "2026-03-02T09:00"),
            ("2026-03-02T09:00Z", "2026-03-02T09:30+01:00"),
            ("2026-03-02", "2026-03-03T09:00"),
            ("2026-03-02T09:00", "2026-03-03T09:00Z"),
            ("2026-03-02", "2028-03-02"),
        ] {
            assert!(away(from, to).is_err(), "{from} to {to}");
        }
        assert!(away("2026-03-02", "2028-03-01").is_ok());
    }

    #[test]
    fn a_list_is_bounded_and_forgets_what_ended_long_ago() {
        let now: Timestamp = "2026-06-01T00:00:00Z".parse().expect("an instant");
        let one = |day: &str| TimeOff {
            id: TimeOffId::generate(now),
            when: away(day, day).expect(day),
            reason: None,
            calendar: None,
            created_at: now,
        };
        let mut list = vec![one("2026-01-01")];
        let first = list.first().expect("one").id;
        for _ in 0..MAX_TIME_OFF {
            let new = TimeOffChange::Add(one("2026-07-01"));
            new.apply(&mut list, now).expect("room");
        }
        assert!(list.iter().all(|one| one.id != first));
        let more = TimeOffChange::Add(one("2026-07-02"));
        assert!(matches!(
            more.apply(&mut list, now),
            Err(Error::Conflict(_))
        ));
        let gone = TimeOffChange::Remove(first);
        assert!(matches!(
            gone.apply(&mut list, now),
            Err(Error::NotFound(_))
        ));
    }

    #[test]
    fn why_somebody_is_away_is_told_with_the_last_day() {
        let last = |day: &str| Some(day.parse().expect(day));
        for (kind, last, expected) in [
            (
                AbsenceKind::Leave,
                last("2027-03-03"),
                "the member is on leave until 3 March 2027",
            ),
            (
                AbsenceKind::Holiday,
                last("2026-12-25"),
                "the member has a holiday until 25 December 2026",
            ),
            (
                AbsenceKind::Leave,
                None,
                "the member is on leave at that time",
            ),
            (
                AbsenceKind::Calendar,
                None,
                "the member is busy in their calendar at that time",
            ),
            (
                AbsenceKind::StaleCalendar,
                None,
                "the member's calendar has not been read for an hour",
            ),
        ] {
            assert_eq!(Absent { kind, last }.to_string(), expected);
        }
    }
}
