//! Who gets one booking, and why.

use std::{cmp::Reverse, collections::BTreeMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    ledger::Ledger,
    rules::{MemberRules, Rules, Strategy},
    share::{BOOKING, split},
};
use crate::{bookings::slots::Refusal, id::UserId};

/// A member who might take the booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The member.
    pub user: UserId,
    /// The member's rules.
    pub rules: MemberRules,
    /// Whether the member could take each of the event's dates. Empty for an
    /// event without dates, which everybody can take.
    pub free: Vec<bool>,
    /// Why the member cannot take the event, whatever its dates; none when it
    /// can.
    pub reason: Option<String>,
}

impl Candidate {
    /// Why the member cannot take the booking; none when it can: its weight is
    /// not zero, nothing speaks against it, and the event has no dates or the
    /// member is free for one.
    #[must_use]
    pub fn why_ineligible(&self) -> Option<String> {
        if self.rules.weight == 0 {
            Some(Refusal::Weight.to_string())
        } else if let Some(reason) = &self.reason {
            Some(reason.clone())
        } else if self.free.is_empty() || self.free.contains(&true) {
            None
        } else {
            Some("not free".to_owned())
        }
    }

    fn free_dates(&self) -> usize {
        self.free.iter().filter(|free| **free).count()
    }

    fn earliest(&self, starts: &[Timestamp]) -> Option<Timestamp> {
        let dates = self.free.iter().zip(starts);
        dates.filter(|(free, _)| **free).map(|(_, at)| *at).min()
    }
}

/// Who gets a booking, with all that [`Ledger::apply`] and [`Ledger::revert`]
/// need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// How it was made.
    pub strategy: Strategy,
    /// Who gets the booking.
    pub member: UserId,
    /// What each of those who shared the booking gains, in ledger units, under
    /// the user's id as text. They add up to [`BOOKING`]. An event has none: they are
    /// kept with the team's decisions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shares: BTreeMap<String, i64>,
    /// Its number among the team's decisions, from 1.
    pub number: u64,
    /// Number of the decision that had assigned the member before; 0: none.
    /// What the account goes back to when this one is taken back.
    #[serde(default)]
    pub last_assigned_before: u64,
}

impl Decision {
    /// What an event keeps of it.
    #[must_use]
    pub fn without_shares(&self) -> Self {
        Self {
            shares: BTreeMap::new(),
            ..self.clone()
        }
    }
}

/// What a decision says of one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Considered {
    /// The member.
    pub user: UserId,
    /// Whether the member could have been assigned.
    pub eligible: bool,
    /// Why the member was assigned or was not, for people to read.
    pub reason: String,
    /// The member's balance before the booking, in ledger units.
    pub ledger_before: i64,
    /// The member's balance after the booking, in ledger units.
    pub ledger_after: i64,
}

/// Those still in the running, and why the others no longer are.
struct Field<'a> {
    running: Vec<&'a Candidate>,
    passed_over: BTreeMap<UserId, &'static str>,
}

impl Field<'_> {
    fn narrow(&mut self, reason: &'static str, keep: impl Fn(&Candidate) -> bool) {
        let (keep, drop) = self.running.iter().partition(|candidate| keep(candidate));
        self.running = keep;
        let drop: Vec<&Candidate> = drop;
        self.passed_over
            .extend(drop.into_iter().map(|candidate| (candidate.user, reason)));
    }

    fn keep_largest<K: Ord>(&mut self, reason: &'static str, key: impl Fn(&Candidate) -> K) {
        let largest = self.running.iter().map(|candidate| key(candidate)).max();
        self.narrow(reason, |candidate| Some(key(candidate)) == largest);
    }
}

/// Decides who gets a booking, and says of every candidate why, in their order.
/// None when nobody is eligible; [`refused`] says why.
///
/// `candidates` are the team's members in its order, each once. `starts` are
/// the starts of the event's dates, in the order of [`Candidate::free`].
/// `asked_for` is the member whom the person who books wants by name: nobody
/// else is eligible then.
///
/// Of several dates, who can take the most is preferred: inside the tier of
/// `priority`, and after the earliest date of `first_available`.
///
/// The booking is shared, in proportion to weight, among those who are still in
/// the running then: any of them could have had it, and nobody else could. That
/// keeps every balance within the bound that the module's documentation gives.
/// Round robin does not look at the ledger before it chooses, yet keeps it in
/// the same way: it then shows how far it is from fair, and a team that changes
/// to balanced makes up for it.
///
/// A booking that asks for a member by name is shared by that member alone, so
/// no balance moves. Nobody else could have had it, so nobody else may be owed
/// anything for it; and were it charged to the team, a member in demand would
/// run up a debt, or clients could steer who gets the team's other bookings.
#[must_use]
pub fn decide(
    rules: &Rules,
    candidates: &[Candidate],
    ledger: &Ledger,
    starts: &[Timestamp],
    asked_for: Option<UserId>,
) -> Option<(Decision, Vec<Considered>)> {
    let mut field = Field {
        running: candidates
            .iter()
            .filter(|candidate| why_ineligible(candidate, asked_for).is_none())
            .collect(),
        passed_over: BTreeMap::new(),
    };
    let alone = field.running.len() == 1;
    if rules.strategy == Strategy::Priority {
        field.keep_largest("eligible: lower priority", |candidate| {
            candidate.rules.priority
        });
    }
    if rules.strategy == Strategy::FirstAvailable {
        // A start that is missing is the latest.
        field.keep_largest("eligible: cannot take the earliest date", |candidate| {
            Reverse(candidate.earliest(starts).unwrap_or(Timestamp::MAX))
        });
    }
    field.keep_largest("eligible: free for fewer of the dates", |candidate| {
        candidate.free_dates()
    });
    let shares = shares(&field.running);
    let chosen = match rules.strategy {
        Strategy::RoundRobin => next_in_order(candidates, &field.running, ledger),
        Strategy::Balanced | Strategy::Priority | Strategy::FirstAvailable => {
            most_owed(&field.running, &shares, ledger)
        }
    }?;
    let decision = Decision {
        strategy: rules.strategy,
        member: chosen.user,
        shares: shares
            .iter()
            .map(|(user, share)| (user.to_string(), *share))
            .collect(),
        number: ledger.bookings + 1,
        last_assigned_before: ledger.account(chosen.user).last_assigned,
    };
    let why_chosen = match rules.strategy {
        _ if asked_for.is_some() => "assigned: asked for by name",
        _ if alone => "assigned: the only one eligible",
        Strategy::Balanced => "assigned: largest balance",
        Strategy::RoundRobin => "assigned: next in order",
        Strategy::Priority => "assigned: highest priority, then largest balance",
        Strategy::FirstAvailable => "assigned: earliest date, then largest balance",
    };
    let considered = candidates
        .iter()
        .map(|candidate| {
            let before = ledger.account(candidate.user).balance;
            let why_ineligible = why_ineligible(candidate, asked_for);
            let share = shares.get(&candidate.user).copied().unwrap_or_default();
            let is_chosen = candidate.user == chosen.user;
            Considered {
                user: candidate.user,
                eligible: why_ineligible.is_none(),
                ledger_before: before,
                ledger_after: before + share - if is_chosen { BOOKING } else { 0 },
                reason: why_ineligible.unwrap_or_else(|| {
                    let passed_over = field.passed_over.get(&candidate.user);
                    let reason = if is_chosen {
                        why_chosen
                    } else {
                        passed_over.copied().unwrap_or("eligible")
                    };
                    reason.to_owned()
                }),
            }
        })
        .collect();
    Some((decision, considered))
}

/// Why each of the candidates cannot take the booking, in their order, for when
/// [`decide`] finds nobody who can.
#[must_use]
pub fn refused(
    candidates: &[Candidate],
    ledger: &Ledger,
    asked_for: Option<UserId>,
) -> Vec<Considered> {
    let refused = candidates.iter().filter_map(|candidate| {
        let balance = ledger.account(candidate.user).balance;
        Some(Considered {
            user: candidate.user,
            eligible: false,
            reason: why_ineligible(candidate, asked_for)?,
            ledger_before: balance,
            ledger_after: balance,
        })
    });
    refused.collect()
}

fn why_ineligible(candidate: &Candidate, asked_for: Option<UserId>) -> Option<String> {
    candidate.why_ineligible().or_else(|| {
        asked_for
            .is_some_and(|user| user != candidate.user)
            .then(|| "another member was asked for by name".to_owned())
    })
}

fn shares(sharing: &[&Candidate]) -> BTreeMap<UserId, i64> {
    // In the order of ids, which decides who gets a unit that does not divide.
    let weights: BTreeMap<UserId, u64> = sharing
        .iter()
        .map(|candidate| (candidate.user, u64::from(candidate.rules.weight)))
        .collect();
    let (users, weights): (Vec<_>, Vec<_>) = weights.into_iter().unzip();
    let parts = split(BOOKING.unsigned_abs(), &weights);
    users
        .into_iter()
        .zip(parts.into_iter().map(u64::cast_signed))
        .collect()
}

/// The rule of Fagin and Williams. The share counts before the choice: with
/// unequal weights the bound would not hold otherwise.
fn most_owed<'a>(
    running: &[&'a Candidate],
    shares: &BTreeMap<UserId, i64>,
    ledger: &Ledger,
) -> Option<&'a Candidate> {
    running.iter().copied().max_by_key(|candidate| {
        let account = ledger.account(candidate.user);
        let share = shares.get(&candidate.user).copied().unwrap_or_default();
        (
            account.balance + share,
            Reverse(account.last_assigned),
            Reverse(candidate.user),
        )
    })
}

fn next_in_order<'a>(
    order: &[Candidate],
    running: &[&'a Candidate],
    ledger: &Ledger,
) -> Option<&'a Candidate> {
    let turn = |user| ledger.account(user).last_assigned;
    let last = (0..order.len()).zip(order);
    let behind_last = last
        .map(|(place, candidate)| (turn(candidate.user), place))
        .filter(|(turn, _)| *turn > 0)
        .max()
        .map_or(0, |(_, place)| place + 1);
    let (before, behind) = order.split_at(behind_last.min(order.len()));
    behind
        .iter()
        .chain(before)
        .find_map(|next| running.iter().copied().find(|it| it.user == next.user))
}

#[cfg(test)]
mod tests;
