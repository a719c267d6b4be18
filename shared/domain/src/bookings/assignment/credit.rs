//! Giving a member of a team units of work that no booking accounts for, or taking some:
//! for what was agreed on outside of the ledger.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    ledger::Ledger,
    share::{BOOKING, split},
};
use crate::{id::UserId, text::Title};

/// Most units that are given or taken at once: a hundred bookings.
pub const MAX_CREDIT: i64 = 100 * BOOKING;

/// Units that a member was given, or that were taken from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// Its number among the team's decisions, from 1.
    pub number: u64,
    /// The member.
    pub user: UserId,
    /// Why.
    pub reason: Title,
    /// What each account gains, in ledger units, under the user's id as text. They add up
    /// to zero: the others give what the member gets, in equal parts.
    pub parts: BTreeMap<String, i64>,
}

impl Credit {
    /// Gives `units` to a member, or takes them where they are negative. None where the
    /// user has no account, or nobody else has one to settle it with.
    #[must_use]
    pub fn new(ledger: &Ledger, user: UserId, units: i64, reason: Title) -> Option<Self> {
        let own = user.to_string();
        let others = ledger.accounts.keys().filter(|other| **other != own);
        let others: Vec<&String> = others.collect();
        if others.is_empty() || !ledger.accounts.contains_key(&own) {
            return None;
        }
        let equal = vec![1; others.len()];
        let parts = split(units.unsigned_abs(), &equal).into_iter();
        let against = |part: u64| -units.signum() * part.cast_signed();
        let others = others.into_iter().cloned();
        let mut parts: BTreeMap<String, i64> = others.zip(parts.map(against)).collect();
        parts.insert(own, units);
        Some(Self {
            number: ledger.bookings + 1,
            user,
            reason,
            parts,
        })
    }

    /// The units that the member got.
    #[must_use]
    pub fn units(&self) -> i64 {
        let own = self.parts.get(&self.user.to_string());
        own.copied().unwrap_or_default()
    }
}

impl Ledger {
    /// Books a credit.
    pub fn credit(&mut self, credit: &Credit) {
        for (user, units) in &credit.parts {
            self.accounts.entry(user.clone()).or_default().balance += units;
        }
        self.bookings = self.bookings.max(credit.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(number: u8) -> UserId {
        UserId::from_bytes([number; 12])
    }

    fn reason() -> Title {
        "covered a holiday".parse().expect("a text")
    }

    fn ledger(members: &[u8]) -> Ledger {
        let members: Vec<_> = members.iter().copied().map(user).collect();
        let mut ledger = Ledger::default();
        ledger.retain(&members);
        ledger
    }

    #[test]
    fn what_a_member_gets_the_others_give_in_equal_parts_and_to_the_unit() {
        let mut it = ledger(&[1, 2, 3]);
        for (units, expected) in [(7, [7, -4, -3]), (-7, [0, 0, 0]), (-1, [-1, 1, 0])] {
            let credit = Credit::new(&it, user(1), units, reason()).expect("there are others");
            assert_eq!(credit.units(), units);
            it.credit(&credit);
            let balances: Vec<_> = it.accounts.values().map(|it| it.balance).collect();
            assert_eq!(balances, expected);
        }
        assert_eq!((it.sum(), it.bookings), (0, 3));
    }

    #[test]
    fn there_is_nothing_to_give_to_a_stranger_or_without_others() {
        assert!(Credit::new(&ledger(&[1, 2]), user(3), 1, reason()).is_none());
        assert!(Credit::new(&ledger(&[1]), user(1), 1, reason()).is_none());
    }
}
