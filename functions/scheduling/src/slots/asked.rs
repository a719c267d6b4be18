//! What a request for times asks for: its query parameters.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use roster_domain::{
    Error, Location, Result, TeamId, UserId, Violation,
    bookings::{
        agenda::{FARTHEST, TimeSpan, begin_of},
        slots::{Search, Wanted},
    },
    error::Unacceptable,
    text::Email,
    zone::ZoneName,
};
use roster_runtime::Call;
use roster_store::bookings::schedules::Whose;

use super::{MAX_DAYS, MAX_MINUTES, MAX_PEOPLE, MAX_SLOTS, MIN_STEP};
use crate::wire::slots_out::Frame;

/// Parameter: how long the time is to be.
pub(super) const DURATION: &str = "duration";
/// Parameter: how far apart times start.
pub(super) const STEP: &str = "step";
/// Parameter: most times that are answered.
pub(super) const LIMIT: &str = "limit";
/// Parameter: first day.
pub(super) const FROM: &str = "from";
/// Parameter: last day.
pub(super) const TO: &str = "to";
/// Parameter: whether to say why.
pub(super) const EXPLAIN: &str = "explain";
const EMAILS: &str = "emails";
const USERS: &str = "users";
const TEAM: &str = "team";
const TIMEZONE: &str = "timezone";

/// A number in a range.
#[derive(Clone, Copy, Debug)]
struct Whole<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> FromStr for Whole<MIN, MAX> {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || Unacceptable::new(format!("must be a whole number from {MIN} to {MAX}"));
        // `+5` is a number to Rust, and none to most.
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits).ok_or_else(wrong)?;
        if (MIN..=MAX).contains(&number) {
            Ok(Self(number))
        } else {
            Err(wrong())
        }
    }
}

/// A day.
#[derive(Clone, Copy, Debug)]
struct IsoDate(Date);

impl FromStr for IsoDate {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date: Option<Date> = text.parse().ok();
        let date = date.filter(|date| date.year() >= 0 && date.to_string() == text);
        date.map(Self)
            .ok_or_else(|| Unacceptable::new("must be a day such as 2026-07-15"))
    }
}

/// Whether or not.
#[derive(Clone, Copy, Debug)]
struct Flag(bool);

impl FromStr for Flag {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "true" => Ok(Self(true)),
            "false" => Ok(Self(false)),
            _ => Err(Unacceptable::new("must be true or false")),
        }
    }
}

/// Some things between commas.
#[derive(Clone, Debug)]
struct List<T>(Vec<T>);

impl<T: FromStr<Err: fmt::Display> + PartialEq> FromStr for List<T> {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut list: Vec<T> = Vec::new();
        for text in text.split(',').map(str::trim) {
            let one = text.parse().map_err(|error| {
                Unacceptable::new(format!(
                    "must be a list separated by commas; {text:?} {error}"
                ))
            })?;
            if !list.contains(&one) {
                list.push(one);
            }
        }
        if list.len() > MAX_PEOPLE {
            let detail = format!("must not name more than {MAX_PEOPLE} people");
            return Err(Unacceptable::new(detail));
        }
        Ok(Self(list))
    }
}

/// What is asked for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) whose: Whose,
    pub(super) zone: Option<ZoneName>,
    pub(super) limit: usize,
    pub(super) explain: bool,
    duration: Option<SignedDuration>,
    step: Option<SignedDuration>,
    from: Option<Date>,
    to: Option<Date>,
}

/// The days that are asked for, both included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days {
    pub(super) from: Date,
    pub(super) to: Date,
}

fn wrong(name: &'static str, detail: impl Into<String>) -> Error {
    Error::Invalid(vec![Violation::malformed(
        Location::query(name),
        detail.into(),
    )])
}

impl Asked {
    /// Reads the query, which has these parameters beside those that say whose times it
    /// is about.
    pub(super) fn read(call: &Call<'_>, known: &[&str]) -> Result<Self> {
        call.only_query(&[known, &[EMAILS, USERS, TEAM, TIMEZONE]].concat())?;
        let emails: Option<List<Email>> = call.query_value(EMAILS)?;
        let users: Option<List<UserId>> = call.query_value(USERS)?;
        let team: Option<TeamId> = call.query_value(TEAM)?;
        let whose = match (emails, users, team) {
            (Some(emails), None, None) => Whose::Emails(emails.0),
            (None, Some(users), None) => Whose::Users(users.0),
            (None, None, Some(team)) => Whose::Team(team),
            (None, None, None) => return Err(wrong(USERS, "is required, or emails, or team")),
            (_, Some(_), _) => return Err(wrong(USERS, "must not be given beside emails or team")),
            _ => return Err(wrong(TEAM, "must not be given beside emails")),
        };
        let minutes = |minutes: u32| SignedDuration::from_mins(minutes.into());
        let duration: Option<Whole<1, MAX_MINUTES>> = call.query_value(DURATION)?;
        let step: Option<Whole<MIN_STEP, MAX_MINUTES>> = call.query_value(STEP)?;
        let limit: Option<Whole<1, MAX_SLOTS>> = call.query_value(LIMIT)?;
        let explain: Option<Flag> = call.query_value(EXPLAIN)?;
        let [from, to] = [FROM, TO].map(|name| call.query_value::<IsoDate>(name));
        Ok(Self {
            whose,
            zone: call.query_value(TIMEZONE)?,
            limit: usize::try_from(limit.map_or(MAX_SLOTS, |Whole(limit)| limit))
                .map_err(Error::internal)?,
            explain: explain.is_some_and(|Flag(explain)| explain),
            duration: duration.map(|Whole(duration)| minutes(duration)),
            step: step.map(|Whole(step)| minutes(step)),
            from: from?.map(|IsoDate(from)| from),
            to: to?.map(|IsoDate(to)| to),
        })
    }

    /// The error where there are no such people.
    pub(super) fn missing(&self, missing: &[String]) -> Error {
        let name = match self.whose {
            Whose::Emails(_) => EMAILS,
            Whose::Users(_) => USERS,
            Whose::Team(_) => TEAM,
        };
        let missing = missing.join(" and ");
        let detail = format!("names {missing}, who is not a user of the organization");
        Error::Invalid(vec![Violation::unacceptable(Location::query(name), detail)])
    }

    pub(super) fn wanted(&self) -> Wanted {
        match self.whose {
            Whose::Team(_) => Wanted::One,
            Whose::Users(_) | Whose::Emails(_) => Wanted::All,
        }
    }

    pub(super) fn search(&self, within: TimeSpan, now: Timestamp) -> Result<Search> {
        let duration = self
            .duration
            .ok_or_else(|| wrong(DURATION, "is required"))?;
        let least = SignedDuration::from_mins(MIN_STEP.into());
        Ok(Search {
            wanted: self.wanted(),
            duration,
            step: self.step.unwrap_or(duration).max(least),
            within,
            now,
        })
    }

    pub(super) fn days(&self) -> Result<Days> {
        let from = self.from.ok_or_else(|| wrong(FROM, "is required"))?;
        let to = self.to.ok_or_else(|| wrong(TO, "is required"))?;
        let count = from.duration_until(to).as_hours() / 24 + 1;
        if count < 1 {
            return Err(wrong(TO, "must not be before from"));
        }
        if count > MAX_DAYS {
            return Err(wrong(
                TO,
                format!("must be at most {} days after from", MAX_DAYS - 1),
            ));
        }
        Ok(Days { from, to })
    }
}

impl Days {
    /// What an answer says of them.
    pub(super) fn frame(self, timezone: ZoneName) -> Frame {
        let Self { from, to } = self;
        Frame { timezone, from, to }
    }

    /// The days, by the clock of a zone.
    pub(super) fn within(self, zone: &TimeZone) -> TimeSpan {
        let behind = self.to.tomorrow().unwrap_or(self.to);
        TimeSpan {
            start: begin_of(self.from, zone, false),
            end: begin_of(behind, zone, true),
        }
    }

    /// The days, whatever the zone.
    pub(super) fn around(self) -> TimeSpan {
        let TimeSpan { start, end } = self.within(&TimeZone::UTC);
        TimeSpan {
            start: start.saturating_sub(FARTHEST).unwrap_or(Timestamp::MIN),
            end: end.saturating_add(FARTHEST).unwrap_or(Timestamp::MAX),
        }
    }
}
