//! Whether a member can take a date: their hours, horizons and buffers, what
//! else they have reserved, and the limits that their team sets.
//!
//! Pure: the caller reads the member's reservations and the clock.

mod date_text;
mod event_date;
pub(crate) mod hour_24;
mod hours;
#[cfg(test)]
pub(super) mod properties;
#[cfg(test)]
mod tests;

use std::fmt;

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

pub use self::{
    date_text::DateText,
    event_date::{FARTHEST, WrongDate},
};
use crate::{
    bookings::{
        availability::{Availability, Horizons},
        time_off::{Absence, AbsenceKind, Absent, TimeOff},
    },
    error::Unacceptable,
    users::user::User,
    zone::ZoneName,
};

/// A stretch of time: `start` belongs to it, `end` does not. `end` may equal
/// `start` (`/v2/teams`'s sample has such a date): then it is an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TimeSpan {
    /// First instant.
    pub start: Timestamp,
    /// First instant after it; never before `start`.
    pub end: Timestamp,
}

impl TimeSpan {
    /// A span that does not end before it starts.
    pub fn new(start: Timestamp, end: Timestamp) -> Result<Self, Unacceptable> {
        if end < start {
            return Err(Unacceptable::new("must not be before the date's start"));
        }
        Ok(Self { start, end })
    }

    /// Whether the two have time in common. Spans that only touch do not. An
    /// instant takes no time but still happens: it overlaps the span that it
    /// is inside of or at the start of, and an equal instant.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start == other.start || self.is_entered_by(other)
    }

    /// Spans in order; those that overlap or touch are one.
    #[must_use]
    pub fn joined(mut spans: Vec<Self>) -> Vec<Self> {
        spans.sort_unstable();
        let mut joined: Vec<Self> = Vec::with_capacity(spans.len());
        for span in spans {
            match joined.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => joined.push(span),
            }
        }
        joined
    }

    /// Whether `other` has begun before this ends, and not ended before this
    /// starts. Half-open without [`overlaps`](Self::overlaps)'s care for
    /// instants: one at the start is outside.
    fn is_entered_by(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// What a team's rules and a member's limits in it say of bookings. The default
/// limits nothing: not even the member's availability counts.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// How many minutes before its start a date must be booked; 0 for no
    /// minimum, which allows dates in the past.
    pub minimum_notice_minutes: u32,
    /// Most bookings that start on one day, in the member's zone.
    pub max_per_day: Option<u32>,
    /// Most bookings that start in one week, Monday to Sunday, in the member's
    /// zone.
    pub max_per_week: Option<u32>,
    /// Whether the member's hours, horizons and buffers count. Their own
    /// reservations always do.
    pub respect_availability: bool,
    /// Whether it counts that the member is away.
    pub respect_time_off: bool,
    /// When nobody of the team is there.
    pub holidays: Vec<TimeOff>,
}

/// Why a member cannot take a date. [`check`] looks at them in this order and
/// gives the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// The date is sooner than the team's minimum notice allows.
    MinimumNotice,
    /// The date has begun, and the member's `past_as_busy` is set.
    Past,
    /// The date is today, and the member's `today_as_busy` is set.
    Today,
    /// The date is later than the member's `days_after_as_busy` allows.
    BeyondHorizon,
    /// Some of the date is outside of the member's weekly hours.
    OutsideHours,
    /// The member is away in some of the date.
    Absent(Absent),
    /// The date overlaps a reservation.
    Booked,
    /// The date is closer to a reservation than the member's buffers allow.
    Buffer,
    /// The member has as many bookings that day as the team allows them.
    MaxPerDay,
    /// The member has as many bookings that week as the team allows them.
    MaxPerWeek,
}

impl Unavailable {
    /// Its name on the wire.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::MinimumNotice => "minimum_notice",
            Self::Past => "past",
            Self::Today => "today",
            Self::BeyondHorizon => "beyond_horizon",
            Self::OutsideHours => "outside_hours",
            Self::Absent(why) => why.code(),
            Self::Booked => "booked",
            Self::Buffer => "buffer",
            Self::MaxPerDay => "max_per_day",
            Self::MaxPerWeek => "max_per_week",
        }
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MinimumNotice => "the date is sooner than the team's minimum notice",
            Self::Past => "the date is in the past",
            Self::Today => "the member takes no bookings for the same day",
            Self::BeyondHorizon => "the date is further ahead than the member can be booked",
            Self::OutsideHours => "the date is outside of the member's hours",
            Self::Absent(why) => return why.fmt(f),
            Self::Booked => "the member has another booking at that time",
            Self::Buffer => "the date is too close to another booking of the member",
            Self::MaxPerDay => "the member has no bookings left on that day",
            Self::MaxPerWeek => "the member has no bookings left in that week",
        })
    }
}

/// What is known of a member when a date is looked at.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// Hours, horizons and buffers; None: always open.
    pub availability: Option<&'a Availability>,
    /// The zone of the member's hours, days and weeks; see [`zone_of`].
    pub zone: TimeZone,
    /// What the member has reserved, in any order.
    pub reservations: &'a [TimeSpan],
    /// When the member is away, in any order.
    pub absences: &'a [Absence],
}

impl<'a> Member<'a> {
    /// A user, with what they have reserved and when they are away.
    #[must_use]
    pub fn of(user: &'a User, reservations: &'a [TimeSpan], absences: &'a [Absence]) -> Self {
        Self {
            availability: user.availability.as_ref(),
            zone: zone_of(user),
            reservations,
            absences,
        }
    }

    /// The time around a date whose reservations [`check`] looks at: what is reserved
    /// outside of it does not matter. [`Self::reservations`] plays no part.
    #[must_use]
    pub fn looked_at(&self, date: &TimeSpan, limits: &Limits) -> TimeSpan {
        let respected = self.availability.filter(|_| limits.respect_availability);
        let gap = respected.map_or(SignedDuration::ZERO, |own| gap(&own.horizons));
        let mut looked_at = TimeSpan {
            start: date.start.saturating_sub(gap).unwrap_or(Timestamp::MIN),
            end: date.end.saturating_add(gap).unwrap_or(Timestamp::MAX),
        };
        let day = self.zone.to_datetime(date.start).date();
        let mut add = |first: Date, days: i64| {
            let behind = first.saturating_add(days.days());
            looked_at.start = looked_at.start.min(begin_of(first, &self.zone, false));
            looked_at.end = looked_at.end.max(begin_of(behind, &self.zone, true));
        };
        if limits.max_per_day.is_some() {
            add(day, 1);
        }
        if limits.max_per_week.is_some() {
            let since_monday = i64::from(day.weekday().to_monday_zero_offset());
            add(day.saturating_sub(since_monday.days()), 7);
        }
        looked_at
    }
}

/// When a day begins, for the first or the last time where a change of the clocks has
/// its midnight twice.
#[must_use]
pub fn begin_of(day: Date, zone: &TimeZone, last: bool) -> Timestamp {
    let midnight = zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0));
    let (begin, limit) = if last {
        (midnight.later(), Timestamp::MAX)
    } else {
        (midnight.compatible(), Timestamp::MIN)
    };
    begin.unwrap_or(limit)
}

/// The time that a member keeps free between two bookings. Each of two meetings keeps
/// its own: the earlier one what follows it, the later one what precedes it.
fn gap(horizons: &Horizons) -> SignedDuration {
    let gap = horizons.buffer_before.max(horizons.buffer_after);
    minutes(gap.unwrap_or(0))
}

/// The zone that a user's hours are in: the availability's, else the
/// profile's, else UTC.
#[must_use]
pub fn zone_of(user: &User) -> TimeZone {
    zone_name_of(user).rules()
}

/// The name of [`zone_of`]'s zone.
#[must_use]
pub fn zone_name_of(user: &User) -> ZoneName {
    let of_hours = user.availability.as_ref();
    let of_hours = of_hours.and_then(|availability| availability.horizons.timezone.as_ref());
    let zone = of_hours.or(user.profile.timezone.as_ref());
    zone.cloned().unwrap_or_else(ZoneName::utc)
}

/// The zone of a user's dates without an offset: the profile's, else the
/// availability's, else UTC.
#[must_use]
pub fn date_zone_of(user: &User) -> ZoneName {
    let of_hours = || user.availability.as_ref()?.horizons.timezone.as_ref();
    let zone = user.profile.timezone.as_ref().or_else(of_hours);
    zone.cloned().unwrap_or_else(ZoneName::utc)
}

/// Whether bookings are decided alike by a user before a change and after it.
#[must_use]
pub fn decides_alike(before: &User, after: &User) -> bool {
    let basis = |user: &User| {
        (
            user.is_active(),
            user.availability.clone(),
            user.time_off.clone(),
            date_zone_of(user),
        )
    };
    basis(before) == basis(after)
}

/// Whether the member can take the date; where not, the first reason in the
/// order of [`Unavailable`].
pub fn check(
    member: &Member,
    date: &TimeSpan,
    limits: &Limits,
    now: Timestamp,
) -> Result<(), Unavailable> {
    let notice = minutes(limits.minimum_notice_minutes);
    if !notice.is_zero() && date.start.duration_since(now) < notice {
        return Err(Unavailable::MinimumNotice);
    }
    let availability = member.availability.filter(|_| limits.respect_availability);
    if let Some(availability) = availability {
        within_horizons(&availability.horizons, &member.zone, date.start, now)?;
        if !hours::cover(availability, &member.zone, date) {
            return Err(Unavailable::OutsideHours);
        }
    }
    if limits.respect_time_off
        && let Some(why) = absent(member, date)
    {
        return Err(Unavailable::Absent(why));
    }
    if member.reservations.iter().any(|r| r.overlaps(date)) {
        return Err(Unavailable::Booked);
    }
    if let Some(Availability { horizons, .. }) = availability {
        let gap = gap(horizons);
        // As durations, since padding the date could leave the range of time.
        let too_close = |r: &TimeSpan| {
            date.start.duration_since(r.end) < gap && r.start.duration_since(date.end) < gap
        };
        if member.reservations.iter().any(too_close) {
            return Err(Unavailable::Buffer);
        }
    }
    let is_full = |max: Option<u32>, same: fn(Date, Date) -> bool| {
        max.is_some_and(|max| reservations_in_same(same, member, date.start) >= u64::from(max))
    };
    if is_full(limits.max_per_day, |a, b| a == b) {
        return Err(Unavailable::MaxPerDay);
    }
    if is_full(limits.max_per_week, |a, b| week_of(a) == week_of(b)) {
        return Err(Unavailable::MaxPerWeek);
    }
    Ok(())
}

/// Why the member is away in some of a date: for the longest, where there are several
/// reasons.
fn absent(member: &Member, date: &TimeSpan) -> Option<Absent> {
    let absences = member.absences.iter();
    let absences = absences.filter(|absence| absence.span.overlaps(date));
    let is_known = |absence: &Absence| absence.why.kind != AbsenceKind::StaleCalendar;
    let longest = absences.max_by_key(|absence| (is_known(absence), absence.span.end));
    longest.map(|absence| absence.why)
}

/// Holds the start of a date to `past_as_busy`, `today_as_busy` and
/// `days_after_as_busy`.
fn within_horizons(
    horizons: &Horizons,
    zone: &TimeZone,
    start: Timestamp,
    now: Timestamp,
) -> Result<(), Unavailable> {
    if horizons.past_as_busy == Some(true) && start < now {
        return Err(Unavailable::Past);
    }
    let day = |instant| zone.to_datetime(instant).date();
    let days_ahead = day(start).duration_since(day(now)).as_hours() / 24;
    if horizons.today_as_busy == Some(true) && days_ahead == 0 {
        return Err(Unavailable::Today);
    }
    if let Some(most) = horizons.days_after_as_busy
        && days_ahead > i64::from(most)
    {
        return Err(Unavailable::BeyondHorizon);
    }
    Ok(())
}

/// How many of the member's reservations start on a local day that is in the
/// same period as `start`'s.
fn reservations_in_same(same: fn(Date, Date) -> bool, member: &Member, start: Timestamp) -> u64 {
    // A week of local time with the largest change of offset there can be is
    // shorter than this. It spares agendas of thousands a conversion each.
    let near = SignedDuration::from_hours(10 * 24);
    let day = |instant| member.zone.to_datetime(instant).date();
    let wanted = day(start);
    let starts = member.reservations.iter().map(|r| r.start);
    starts
        .filter(|other| other.duration_since(start).abs() < near && same(day(*other), wanted))
        .fold(0, |count, _| count + 1)
}

/// The year and number of a day's ISO week, which begins on Monday.
fn week_of(day: Date) -> (i16, i8) {
    let week = day.iso_week_date();
    (week.year(), week.week())
}

fn minutes(count: u32) -> SignedDuration {
    SignedDuration::from_mins(count.into())
}
