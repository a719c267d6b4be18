//! What a request for times asks for: its query parameters.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use roster_domain::{
    Error, Location, Result, TeamId, UserId, Violation,
    bookings::{
        agenda::{FARTHEST, TimeSpan},
        slots::{Search, Wanted},
    },
    text::Email,
    zone::ZoneName,
};
use roster_runtime::Call;
use roster_store::bookings::schedules::Whose;

use super::{MAX_DAYS, MAX_MINUTES, MAX_SLOTS, MIN_STEP, Offer};
use crate::{
    query::{Flag, IsoDate, List, Whole, days_within, wrong},
    wire::slots_out::Frame,
};

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

impl Asked {
    /// For the times of one user, or of whoever of a team can take them.
    pub(super) fn of(offer: &Offer) -> Self {
        Self {
            whose: offer.whose.clone(),
            zone: offer.zone.clone(),
            limit: offer.most,
            explain: false,
            duration: Some(SignedDuration::from_mins(offer.minutes.into())),
            step: None,
            from: Some(offer.from),
            to: Some(offer.to),
        }
    }

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
        days_within(self.from, self.to, zone)
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
