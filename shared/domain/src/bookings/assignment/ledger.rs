//! What a team's members owe one another, in exact integers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    decide::Decision,
    share::{BOOKING, split},
};
use crate::id::UserId;

/// A team's ledger. Its balances always sum to zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// The members' accounts, under the user's id as text.
    pub accounts: BTreeMap<String, Account>,
    /// How many decisions there have been, those taken back included: the
    /// number of the last one. Numbers are never used again.
    pub bookings: u64,
    /// Who has left the team with bookings of it, ids as text, who left last at the end:
    /// by them, the team still finds those bookings. At most [`MOST_FORMER`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<String>,
}

/// Most who have left that a ledger remembers: those who left first are forgotten first.
pub const MOST_FORMER: usize = 200;

/// A member's account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// What the member is owed, in units of which [`BOOKING`] make one booking;
    /// negative: owes.
    pub balance: i64,
    /// Number of the decision that last assigned the member; 0: never.
    pub last_assigned: u64,
    /// How many bookings the member was assigned, without those taken back.
    pub assigned: u64,
}

impl Ledger {
    /// A member's account; an empty one for who has none.
    #[must_use]
    pub fn account(&self, user: UserId) -> Account {
        self.accounts
            .get(&user.to_string())
            .copied()
            .unwrap_or_default()
    }

    /// Keeps accounts for exactly these members.
    ///
    /// Newcomers, and those who return, start at zero. What a leaver was owed
    /// is forgiven to those who owe, in proportion to what they owe; what a
    /// leaver owed is lost by those who are owed, in proportion to what they
    /// are owed; to the unit, by largest remainder, then by lower id. Since
    /// balances sum to zero there is always enough on the other side, and
    /// nobody is carried past zero: that is what keeps the bound of
    /// [`super`] through joins and leaves, where spreading it evenly would
    /// push the outermost balances further out.
    pub fn retain(&mut self, members: &[UserId]) {
        let members: BTreeSet<String> = members.iter().map(ToString::to_string).collect();
        let mut left = 0;
        let former = &mut self.former;
        former.retain(|user| !members.contains(user));
        self.accounts.retain(|user, account| {
            let stays = members.contains(user);
            if !stays {
                left += account.balance;
                if account.last_assigned > 0 {
                    former.push(user.clone());
                }
            }
            stays
        });
        let forgotten = former.len().saturating_sub(MOST_FORMER);
        former.drain(..forgotten);
        for user in members {
            self.accounts.entry(user).or_default();
        }
        self.settle(left);
    }

    /// Books a decision: everybody gains their share, who is assigned pays one
    /// booking.
    pub fn apply(&mut self, decision: &Decision) {
        for (user, share) in &decision.shares {
            self.accounts.entry(user.clone()).or_default().balance += share;
        }
        let member = decision.member.to_string();
        let account = self.accounts.entry(member).or_default();
        account.balance -= BOOKING;
        account.last_assigned = decision.number;
        account.assigned += 1;
        self.bookings = self.bookings.max(decision.number);
    }

    /// Takes a decision back, for a booking that was cancelled or moved to
    /// another member: every account is as if it had not been made, as far as
    /// later decisions do not overlay it. The parts of those who have left
    /// since are settled like a leaver's balance. [`Ledger::bookings`] stays,
    /// since the decision's number must not come twice.
    pub fn revert(&mut self, decision: &Decision) {
        let mut left = 0;
        for (user, share) in &decision.shares {
            match self.accounts.get_mut(user) {
                Some(account) => account.balance -= share,
                None => left -= share,
            }
        }
        match self.accounts.get_mut(&decision.member.to_string()) {
            Some(account) => {
                account.balance += BOOKING;
                // Who left and returned has a new account, which may know
                // nothing of this booking.
                account.assigned = account.assigned.saturating_sub(1);
                if account.last_assigned == decision.number {
                    account.last_assigned = decision.last_assigned_before;
                }
            }
            None => left += BOOKING,
        }
        self.settle(left);
    }

    /// Everybody who may have bookings of the team: who has an account, and who had one.
    pub fn holders(&self) -> impl Iterator<Item = UserId> {
        let ids = self.accounts.keys().chain(&self.former);
        ids.filter_map(|user| user.parse().ok())
    }

    /// The sum of all balances: zero.
    #[must_use]
    pub fn sum(&self) -> i64 {
        self.accounts.values().map(|account| account.balance).sum()
    }

    /// Spreads what an account that is gone had over those with the opposite
    /// sign. Without accounts there is nobody to owe anything.
    fn settle(&mut self, left: i64) {
        let weights: Vec<u64> = self
            .accounts
            .values()
            .map(|account| {
                if account.balance.signum() == -left.signum() {
                    account.balance.unsigned_abs()
                } else {
                    0
                }
            })
            .collect();
        let parts = split(left.unsigned_abs(), &weights);
        for (account, part) in self.accounts.values_mut().zip(parts) {
            account.balance += left.signum() * part.cast_signed();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bookings::assignment::Strategy;

    fn user(number: u8) -> UserId {
        UserId::from_bytes([number; 12])
    }

    fn ledger(balances: &[i64]) -> Ledger {
        let mut ledger = Ledger::default();
        for (number, balance) in (1..).zip(balances) {
            let account = ledger.accounts.entry(user(number).to_string()).or_default();
            account.balance = *balance;
        }
        ledger
    }

    fn balances(ledger: &Ledger) -> Vec<i64> {
        ledger.accounts.values().map(|a| a.balance).collect()
    }

    fn decision(number: u64, member: u8, sharing: &[u8]) -> Decision {
        let share = BOOKING / i64::try_from(sharing.len()).expect("few");
        Decision {
            strategy: Strategy::Balanced,
            member: user(member),
            shares: sharing
                .iter()
                .map(|u| (user(*u).to_string(), share))
                .collect(),
            number,
            last_assigned_before: 0,
        }
    }

    #[test]
    fn newcomers_start_at_zero() {
        let mut it = ledger(&[5, -5]);
        it.retain(&[user(1), user(2), user(3)]);
        assert_eq!(balances(&it), [5, -5, 0]);
    }

    #[test]
    fn what_a_leaver_was_owed_is_forgiven_to_those_who_owe() {
        let mut it = ledger(&[10, 4, -4, -7, -3]);
        it.retain(&[user(2), user(3), user(4), user(5)]);
        // 10 over debts of 4, 7 and 3 is 2.86, 5 and 2.14.
        assert_eq!(balances(&it), [4, -1, -2, -1]);
    }

    #[test]
    fn what_a_leaver_owed_is_lost_by_those_who_are_owed() {
        let mut it = ledger(&[6, 3, 0, -9]);
        it.retain(&[user(1), user(2), user(3)]);
        assert_eq!(balances(&it), [0, 0, 0]);
    }

    #[test]
    fn when_all_leave_at_once_nothing_remains() {
        let mut it = ledger(&[6, -6]);
        it.retain(&[]);
        assert_eq!(it, Ledger::default(), "nobody had a booking");
        it.retain(&[user(1)]);
        assert_eq!(balances(&it), [0]);
    }

    #[test]
    fn who_left_with_bookings_is_remembered_until_they_return() {
        let mut it = ledger(&[0, 0, 0]);
        it.apply(&decision(1, 1, &[1, 2, 3]));
        it.retain(&[user(3)]);
        assert_eq!(it.former, [user(1).to_string()], "2 had no booking");
        it.retain(&[user(1), user(3)]);
        assert!(it.former.is_empty());
    }

    #[test]
    fn who_left_first_is_forgotten_first() {
        let mut it = Ledger::default();
        let most = u8::try_from(MOST_FORMER).expect("few");
        for number in 1..=most + 1 {
            it.retain(&[user(number)]);
            it.apply(&decision(number.into(), number, &[number]));
        }
        it.retain(&[]);
        assert_eq!(it.former.len(), MOST_FORMER);
        assert_eq!(it.former.first(), Some(&user(2).to_string()));
    }

    #[test]
    fn a_booking_taken_back_restores_turn_and_count() {
        let mut it = ledger(&[0, 0]);
        let first = decision(1, 1, &[1, 2]);
        it.apply(&first);
        let before = it.clone();
        let second = Decision {
            last_assigned_before: 1,
            ..decision(2, 1, &[1, 2])
        };
        it.apply(&second);
        assert_eq!(it.account(user(1)).assigned, 2);
        it.revert(&second);
        assert_eq!(it.accounts, before.accounts);
        assert_eq!(it.bookings, 2, "a number is never used again");
    }

    #[test]
    fn an_older_booking_taken_back_leaves_later_turns_alone() {
        let mut it = ledger(&[0, 0]);
        let first = decision(1, 1, &[1, 2]);
        it.apply(&first);
        it.apply(&decision(2, 1, &[1, 2]));
        it.revert(&first);
        let account = it.account(user(1));
        assert_eq!((account.last_assigned, account.assigned), (2, 1));
        assert_eq!(balances(&it), [-BOOKING / 2, BOOKING / 2]);
    }

    #[test]
    fn a_leavers_part_of_a_booking_taken_back_is_settled() {
        let mut it = ledger(&[0, 0, 0]);
        let booking = decision(1, 1, &[1, 2, 3]);
        it.apply(&booking);
        it.retain(&[user(2), user(3)]);
        assert_eq!(balances(&it), [0, 0]);
        it.revert(&booking);
        assert_eq!(it.sum(), 0);
        assert_eq!(balances(&it), [0, 0]);
    }
}
