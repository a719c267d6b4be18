//! How a team's bookings are shared: its ledger, its decisions, and why each fell so.

use std::cmp::Reverse;

use roster_domain::{
    EventId, UserId,
    bookings::assignment::{self, BOOKING, Decision, Ledger, Outcome, Strategy},
};
use roster_runtime::{
    answer,
    wire::{AtMost, Exactly, IdText},
};
use roster_store::bookings::ledger::DecisionRecord;

use super::Instant;

/// Members of whom a listed decision says something: the last decisions of the
/// largest team must fit one answer.
pub const MAX_CONSIDERED: usize = 200;

answer! {
    /// A team's ledger and its last decisions, newest first.
    pub struct AssignmentsAnswer<'a> as "Assignments" {
        /// Units of balance that equal one booking.
        "booking" => booking: Exactly<BOOKING>,
        /// Number of decisions, including reverted ones.
        "bookings" => bookings: u64,
        "ledger" => ledger: Vec<AccountAnswer<'a>>,
        "decisions" => decisions: Vec<DecisionAnswer<'a>>,
    }

    struct AccountAnswer<'a> {
        "user" => user: IdText<'a>,
        /// The member's balance. The member with the largest balance is next. Negative:
        /// has had more than their share.
        "balance" => balance: i64,
        /// Number of bookings assigned to the member, without reverted ones.
        "assigned" => assigned: u64,
        /// Number of the latest decision that assigned the member. 0: never.
        "last_assigned" => last_assigned: u64,
    }

    struct DecisionAnswer<'a> as "Decision" {
        "event" => event: EventId,
        "number" => number: u64,
        "strategy" => strategy: Strategy,
        /// The assigned member. Of a booking that was taken back: who had it.
        "member" => member: UserId,
        /// Why the booking was taken back. Absent if the decision assigns it.
        "taken_back" [optional] => taken_back: Outcome,
        /// Number of members considered.
        "considered_count" => considered_count: usize,
        /// Number of members who could have been assigned.
        "eligible_count" => eligible_count: usize,
        /// The result for each member, in the team's order. In a larger team: the
        /// assigned member, and the eligible members with the largest balances.
        "considered" => considered: AtMost<MAX_CONSIDERED, ConsideredAnswer<'a>>,
        "createdAt" => created_at: Instant,
    }

    /// What a decision says of one member.
    pub struct ConsideredAnswer<'a> as "Considered", "The result of a decision for one member." {
        "user" => user: UserId,
        /// Whether the member could have been assigned.
        "eligible" => eligible: bool,
        /// Why the member was or was not assigned.
        "reason" => reason: &'a str,
        "ledger_before" => ledger_before: i64,
        "ledger_after" => ledger_after: i64,
    }
}

impl<'a> AssignmentsAnswer<'a> {
    /// Of a team's ledger and its last decisions.
    #[must_use]
    pub fn of(ledger: &'a Ledger, decisions: &'a [DecisionRecord]) -> Self {
        let accounts = ledger.accounts.iter();
        let accounts = accounts.map(|(user, account)| AccountAnswer {
            user: IdText(user),
            balance: account.balance,
            assigned: account.assigned,
            last_assigned: account.last_assigned,
        });
        Self {
            booking: Exactly,
            bookings: ledger.bookings,
            ledger: accounts.collect(),
            decisions: decisions.iter().filter_map(DecisionAnswer::of).collect(),
        }
    }
}

impl<'a> DecisionAnswer<'a> {
    /// None of a record that no release has written.
    fn of(record: &'a DecisionRecord) -> Option<Self> {
        let decision = record.decision.as_ref().or(record.replaces.as_ref())?;
        let considered = &record.considered;
        let told = most_telling(decision, considered).into_iter();
        Some(Self {
            event: record.event,
            number: record.number(),
            taken_back: record.taken_back.map(|taken_back| taken_back.outcome),
            strategy: decision.strategy,
            member: decision.member,
            considered_count: considered.len(),
            eligible_count: considered.iter().filter(|entry| entry.eligible).count(),
            considered: AtMost(told.map(ConsideredAnswer::of).collect()),
            created_at: Instant(record.at),
        })
    }
}

impl<'a> ConsideredAnswer<'a> {
    /// Of what a decision says of a member.
    #[must_use]
    pub fn of(considered: &'a assignment::Considered) -> Self {
        Self {
            user: considered.user,
            eligible: considered.eligible,
            reason: &considered.reason,
            ledger_before: considered.ledger_before,
            ledger_after: considered.ledger_after,
        }
    }
}

/// Of many who were considered, those that explain the choice, in the team's
/// order: who was assigned, then who could have been and was owed most.
fn most_telling<'a>(
    decision: &Decision,
    considered: &'a [assignment::Considered],
) -> Vec<&'a assignment::Considered> {
    let mut order: Vec<usize> = (0..considered.len()).collect();
    if considered.len() > MAX_CONSIDERED {
        let rank = |index: &usize| {
            let entry = considered.get(*index);
            Reverse(entry.map(|entry| {
                let is_chosen = entry.user == decision.member;
                (is_chosen, entry.eligible, entry.ledger_before)
            }))
        };
        order.sort_by_key(rank);
        order.truncate(MAX_CONSIDERED);
        order.sort_unstable();
    }
    let told = order.into_iter().filter_map(|index| considered.get(index));
    told.collect()
}
