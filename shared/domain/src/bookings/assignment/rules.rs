//! The rules that a team sets for who gets its bookings.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use serde::{Deserialize, Serialize};

use crate::{
    bookings::{agenda::Limits, time_off::TimeOff},
    error::Unacceptable,
    id::UserId,
};

/// Largest weight a member can have.
pub const MAX_WEIGHT: u32 = 1_000;

/// How a team chooses among its members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Who is owed most by the ledger.
    #[default]
    Balanced,
    /// The next in the team's order behind who was assigned last, skipping who
    /// is not eligible. Weights do not matter, except zero.
    RoundRobin,
    /// The highest priority of which somebody is eligible; balanced inside it.
    Priority,
    /// Who can take the earliest date; balanced among several.
    FirstAvailable,
}

impl Strategy {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Balanced,
        Self::RoundRobin,
        Self::Priority,
        Self::FirstAvailable,
    ];

    /// Its name on the wire and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Balanced => "balanced",
            Self::RoundRobin => "round_robin",
            Self::Priority => "priority",
            Self::FirstAvailable => "first_available",
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Strategy {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|strategy| strategy.as_str() == text)
            .ok_or_else(|| {
                Unacceptable::new("must be one of balanced, round_robin, priority, first_available")
            })
    }
}

/// How a booking ended that did not take place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was cancelled, by whoever holds it or as nobody who was invited comes.
    Cancelled,
    /// Nobody came.
    NoShow,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Cancelled, Self::NoShow];

    /// Its name on the wire and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::NoShow => "no_show",
        }
    }
}

impl FromStr for Outcome {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|outcome| outcome.as_str() == text)
            .ok_or_else(|| Unacceptable::new("must be one of cancelled, no_show"))
    }
}

/// What it means that a member's own calendar was not read for long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaleCalendars {
    /// What was read last counts.
    #[default]
    Ignore,
    /// The member takes no bookings until it is read.
    Refuse,
}

impl StaleCalendars {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Ignore, Self::Refuse];

    /// Its name on the wire and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::Refuse => "refuse",
        }
    }
}

impl fmt::Display for StaleCalendars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StaleCalendars {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|stale| stale.as_str() == text)
            .ok_or_else(|| Unacceptable::new("must be one of ignore, refuse"))
    }
}

/// The rules of one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberRules {
    /// Share of the work in proportion to the others' weights; 0 to
    /// [`MAX_WEIGHT`], 1 unless set. 0: takes no bookings, not even when asked
    /// for by name.
    pub weight: u32,
    /// For [`Strategy::Priority`]: the higher the number, the sooner the member
    /// is asked; 0 unless set.
    pub priority: u32,
    /// Most bookings on one day, by the member's own calendar; none: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_per_day: Option<u32>,
    /// Most bookings in one week, Monday to Sunday, by the member's own
    /// calendar; none: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_per_week: Option<u32>,
}

impl Default for MemberRules {
    fn default() -> Self {
        Self {
            weight: 1,
            priority: 0,
            max_per_day: None,
            max_per_week: None,
        }
    }
}

/// The rules of a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// How the team chooses.
    pub strategy: Strategy,
    /// Minutes between a booking being made and its start, at least; 0 unless
    /// set.
    pub minimum_notice: u32,
    /// Whether members are booked inside their hours only; true unless set.
    /// Members are never booked twice at a time either way.
    pub respect_availability: bool,
    /// What it means that a member's own calendar was not read for long; nothing unless set.
    #[serde(skip_serializing_if = "is_ignored")]
    pub stale_calendars: StaleCalendars,
    /// How a booking may end so that the ledger takes it back, as if its member had not
    /// had it; all unless set.
    #[serde(skip_serializing_if = "is_default_credit")]
    pub credit: BTreeSet<Outcome>,
    /// Rules by member, under the user's id as text. Who is not listed has the
    /// defaults.
    pub members: BTreeMap<String, MemberRules>,
    /// When nobody of the team is there. Kept and answered beside the rules.
    #[serde(skip)]
    pub holidays: Vec<TimeOff>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            strategy: Strategy::default(),
            minimum_notice: 0,
            respect_availability: true,
            stale_calendars: StaleCalendars::default(),
            credit: BTreeSet::from(Outcome::ALL),
            members: BTreeMap::new(),
            holidays: Vec::new(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
fn is_ignored(stale: &StaleCalendars) -> bool {
    *stale == StaleCalendars::Ignore
}

fn is_default_credit(credit: &BTreeSet<Outcome>) -> bool {
    credit.len() == Outcome::ALL.len()
}

impl Rules {
    /// The rules of this member.
    #[must_use]
    pub fn member(&self, user: UserId) -> MemberRules {
        self.members
            .get(&user.to_string())
            .cloned()
            .unwrap_or_default()
    }

    /// What limits this member's bookings.
    #[must_use]
    pub fn limits(&self, user: UserId) -> Limits {
        let own = self.member(user);
        Limits {
            minimum_notice_minutes: self.minimum_notice,
            max_per_day: own.max_per_day,
            max_per_week: own.max_per_week,
            respect_availability: self.respect_availability,
            respect_time_off: true,
            holidays: self.holidays.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::de::{
        IntoDeserializer,
        value::{Error, MapDeserializer, StrDeserializer},
    };

    use super::*;

    #[test]
    fn a_strategy_has_one_name_everywhere() {
        for strategy in Strategy::ALL {
            assert_eq!(strategy.as_str().parse(), Ok(strategy));
            let text: StrDeserializer<'_, Error> = strategy.as_str().into_deserializer();
            assert_eq!(Strategy::deserialize(text), Ok(strategy));
        }
        assert!("Balanced".parse::<Strategy>().is_err());
    }

    #[test]
    fn what_is_not_set_has_its_default() {
        let set = [("weight", 3_u32)].into_iter();
        let rules = MemberRules::deserialize(MapDeserializer::<_, Error>::new(set));
        let expected = MemberRules {
            weight: 3,
            ..MemberRules::default()
        };
        assert_eq!(rules.as_ref(), Ok(&expected));

        let listed = UserId::from_bytes([1; 12]);
        let rules = Rules {
            members: BTreeMap::from([(listed.to_string(), expected.clone())]),
            ..Rules::default()
        };
        assert_eq!(rules.member(listed), expected);
        let other = rules.member(UserId::from_bytes([2; 12]));
        assert_eq!(other, MemberRules::default());
    }
}
