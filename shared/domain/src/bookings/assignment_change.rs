//! A change to the rules by which a team's members get bookings.

use std::collections::BTreeMap;

use crate::{
    bookings::assignment::{MemberRules, Outcome, Rules, StaleCalendars, Strategy},
    id::UserId,
};

/// A change to a team's rules. What is absent stays as it is.
#[derive(Clone, Debug, Default)]
pub struct AssignmentChange {
    /// How the member is chosen among those who can take the booking.
    pub strategy: Option<Strategy>,
    /// Minutes that a booking must be ahead.
    pub minimum_notice: Option<u32>,
    /// Whether a booking must lie in its member's availability.
    pub respect_availability: Option<bool>,
    /// What it means that a member's own calendar was not read for long.
    pub stale_calendars: Option<StaleCalendars>,
    /// How a booking may end so that it is taken back.
    pub credit: Option<Vec<Outcome>>,
    /// Replaces a member's own rules, or removes them. Others keep theirs.
    pub members: BTreeMap<UserId, Option<MemberRules>>,
}

impl AssignmentChange {
    /// Makes the change.
    pub fn apply(&self, to: &mut Rules) {
        if let Some(strategy) = self.strategy {
            to.strategy = strategy;
        }
        if let Some(minutes) = self.minimum_notice {
            to.minimum_notice = minutes;
        }
        if let Some(respect) = self.respect_availability {
            to.respect_availability = respect;
        }
        if let Some(stale) = self.stale_calendars {
            to.stale_calendars = stale;
        }
        if let Some(credit) = &self.credit {
            to.credit = credit.iter().copied().collect();
        }
        for (user, rules) in &self.members {
            let user = user.to_string();
            match rules {
                Some(rules) => to.members.insert(user, rules.clone()),
                None => to.members.remove(&user),
            };
        }
    }
}
