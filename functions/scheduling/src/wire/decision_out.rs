//! How a team's bookings are shared: its ledger, its decisions, and why each fell so.

use std::cmp::Reverse;

use roster_domain::{
    EventId, UserId,
    bookings::assignment::{self, BOOKING, Ledger, Outcome, Strategy},
    bookings::event::{Event, EventDate},
    text::Title,
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
        /// Absent for a credit.
        "event" [optional] => event: EventId,
        "number" => number: u64,
        /// Absent for a credit.
        "strategy" [optional] => strategy: Strategy,
        /// The assigned member. Of a booking that was taken back: who had it. Of a credit: who
        /// got it.
        "member" => member: UserId,
        /// Why the booking was taken back. Absent if the decision assigns it.
        "taken_back" [optional] => taken_back: Outcome,
        /// Units that the member was given. Absent for a booking.
        "credit" [optional] => credit: CreditAnswer<'a>,
        /// Number of members considered.
        "considered_count" => considered_count: usize,
        /// Number of members who could have been assigned.
        "eligible_count" => eligible_count: usize,
        /// The result for each member, in the team's order. In a larger team: the
        /// assigned member, and the eligible members with the largest balances.
        "considered" => considered: AtMost<MAX_CONSIDERED, ConsideredAnswer<'a>>,
        "createdAt" => created_at: Instant,
    }

    /// Units that a member was given, or that were taken.
    struct CreditAnswer<'a> {
        /// Negative: taken.
        "units" => units: i64,
        "reason" => reason: &'a Title,
    }

    /// Who would get a booking, and why.
    pub struct PreviewAnswer<'a> as "AssignmentPreview" {
        "strategy" => strategy: Strategy,
        /// Who would get the booking.
        "member" => member: UserId,
        "dates" => dates: Vec<PreviewDateAnswer>,
        /// The result for each member, in the team's order.
        "considered" => considered: Vec<ConsideredAnswer<'a>>,
    }

    struct PreviewDateAnswer {
        /// Start.
        "date" => start: Instant,
        /// End.
        "end_date" => end: Instant,
        "all_day" => all_day: bool,
        /// Whether the member is free for it.
        "free" => free: bool,
        /// Whether it would be confirmed.
        "confirmed" => confirmed: bool,
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
        let decision = record.decision.as_ref().or(record.replaces.as_ref());
        let credit = record.credit.as_ref();
        let member = decision.map(|decision| decision.member);
        let member = member.or(credit.map(|credit| credit.user))?;
        let considered = &record.considered;
        let told = most_telling(member, considered).into_iter();
        Some(Self {
            event: record.event,
            number: record.number(),
            taken_back: record.taken_back.map(|taken_back| taken_back.outcome),
            strategy: decision.map(|decision| decision.strategy),
            member,
            credit: credit.map(|credit| CreditAnswer {
                units: credit.units(),
                reason: &credit.reason,
            }),
            considered_count: considered.len(),
            eligible_count: considered.iter().filter(|entry| entry.eligible).count(),
            considered: AtMost(told.map(ConsideredAnswer::of).collect()),
            created_at: Instant(record.at),
        })
    }
}

impl<'a> PreviewAnswer<'a> {
    /// Of the event that would be made; none where no team would be booked.
    #[must_use]
    pub fn of(event: &'a Event) -> Option<Self> {
        let date = |date: &EventDate| PreviewDateAnswer {
            start: Instant(date.span.start),
            end: Instant(date.span.end),
            all_day: date.all_day,
            free: date.free,
            confirmed: date.confirmed,
        };
        Some(Self {
            strategy: event.decision.as_ref()?.strategy,
            member: event.assigned,
            dates: event.dates.iter().map(date).collect(),
            considered: event.considered.iter().map(ConsideredAnswer::of).collect(),
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
fn most_telling(
    member: UserId,
    considered: &[assignment::Considered],
) -> Vec<&assignment::Considered> {
    let mut order: Vec<usize> = (0..considered.len()).collect();
    if considered.len() > MAX_CONSIDERED {
        let rank = |index: &usize| {
            let entry = considered.get(*index);
            Reverse(entry.map(|entry| {
                let is_chosen = entry.user == member;
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
