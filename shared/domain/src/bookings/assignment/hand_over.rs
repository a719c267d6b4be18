//! Giving a booking to a member whom the rules need not choose: one whom somebody names, or
//! whose time was kept for it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    decide::{Candidate, Considered, Decision, decide},
    ledger::Ledger,
    rules::Rules,
    share::BOOKING,
};
use crate::id::UserId;

/// Moves a booking's charge to the member `to`: those who shared the booking share it as
/// before, and `to` pays for it. None where `to` cannot take it.
///
/// `ledger` has the members' accounts, with `replaced` taken back. The parts of those who
/// have left since are `to`'s. A booking that `replaced` gave to a member who was asked
/// for by name was shared by nobody else, and is shared by `to` alone now: no balance
/// moves.
#[must_use]
pub fn hand_over(
    rules: &Rules,
    candidates: &[Candidate],
    ledger: &Ledger,
    starts: &[Timestamp],
    replaced: &Decision,
    to: UserId,
) -> Option<(Decision, Vec<Considered>)> {
    let (mut decision, mut considered) = decide(rules, candidates, ledger, starts, Some(to))?;
    let alone = BTreeMap::from([(to.to_string(), BOOKING)]);
    let was_alone = replaced.shares.keys().eq([&replaced.member.to_string()]);
    decision.shares = if was_alone {
        alone
    } else {
        let mut shares = replaced.shares.clone();
        shares.retain(|user, _| ledger.accounts.contains_key(user));
        let missing = BOOKING - shares.values().sum::<i64>();
        if missing > 0 {
            *shares.entry(to.to_string()).or_default() += missing;
        }
        shares
    };
    for entry in &mut considered {
        let share = decision.shares.get(&entry.user.to_string());
        let pays = if entry.user == to { BOOKING } else { 0 };
        entry.ledger_after = entry.ledger_before + share.copied().unwrap_or_default() - pays;
    }
    Some((decision, considered))
}

/// Gives a booking to the member whose time was kept for it. It is shared among those who
/// could have had it: where the member is one of them, as if the rules had chosen the
/// member. None where the member cannot take it.
#[must_use]
pub fn give_held(
    rules: &Rules,
    candidates: &[Candidate],
    ledger: &Ledger,
    starts: &[Timestamp],
    held: UserId,
) -> Option<(Decision, Vec<Considered>)> {
    let (mut decision, mut considered) = decide(rules, candidates, ledger, starts, Some(held))?;
    let by_rule = decide(rules, candidates, ledger, starts, None);
    let (by_rule, told) = by_rule.unzip();
    let shares = by_rule.map(|by_rule| by_rule.shares);
    let shares = shares.filter(|shares| shares.contains_key(&held.to_string()));
    if let (Some(shares), Some(told)) = (shares, told) {
        decision.shares = shares;
        considered = told;
    }
    for entry in &mut considered {
        let share = decision.shares.get(&entry.user.to_string());
        let share = share.copied().unwrap_or_default();
        if entry.user == held {
            HELD.clone_into(&mut entry.reason);
        } else if entry.ledger_after < entry.ledger_before {
            // Whom the rules would have chosen by now.
            "eligible: the time was held for another member".clone_into(&mut entry.reason);
        }
        let pays = if entry.user == held { BOOKING } else { 0 };
        entry.ledger_after = entry.ledger_before + share - pays;
    }
    Some((decision, considered))
}

/// Why a member has a booking whose time was kept.
const HELD: &str = "assigned: the time was held";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bookings::assignment::{MemberRules, Strategy};

    fn user(number: u8) -> UserId {
        UserId::from_bytes([number; 12])
    }

    fn candidate(number: u8, is_free: bool) -> Candidate {
        Candidate {
            user: user(number),
            rules: MemberRules::default(),
            free: vec![is_free],
            reason: None,
        }
    }

    fn replaced(member: u8, sharing: &[u8]) -> Decision {
        let share = BOOKING / i64::try_from(sharing.len()).expect("few");
        let share = |number: &u8| (user(*number).to_string(), share);
        Decision {
            strategy: Strategy::Balanced,
            member: user(member),
            shares: sharing.iter().map(share).collect(),
            number: 1,
            last_assigned_before: 0,
        }
    }

    /// Hands a booking of member 1 to member 2; answers the balances of the members
    /// before the hand-over and after it.
    fn balances(replaced: &Decision, members: &[u8]) -> [Vec<i64>; 2] {
        let members: Vec<_> = members.iter().copied().map(user).collect();
        let mut ledger = Ledger::default();
        ledger.apply(replaced);
        ledger.retain(&members);
        let balances = |ledger: &Ledger| -> Vec<_> {
            let balance = |member: &UserId| ledger.account(*member).balance;
            members.iter().map(balance).collect()
        };
        let before = balances(&ledger);
        ledger.revert(replaced);
        let candidates = [candidate(2, true), candidate(3, true)];
        let (rules, starts) = (Rules::default(), [Timestamp::UNIX_EPOCH]);
        let handed = hand_over(&rules, &candidates, &ledger, &starts, replaced, user(2));
        let (decision, considered) = handed.expect("member 2 is free");
        assert_eq!(decision.member, user(2));
        assert_eq!(decision.shares.values().sum::<i64>(), BOOKING);
        ledger.apply(&decision);
        assert_eq!(ledger.sum(), 0);
        for entry in considered {
            assert_eq!(entry.ledger_after, ledger.account(entry.user).balance);
        }
        [before, balances(&ledger)]
    }

    #[test]
    fn the_charge_moves_to_the_named_member_and_the_shares_stay() {
        let third = BOOKING / 3;
        let [before, after] = balances(&replaced(1, &[1, 2, 3]), &[1, 2, 3]);
        assert_eq!(before, [-2 * third, third, third]);
        assert_eq!(after, [third, -2 * third, third]);
    }

    #[test]
    fn who_shared_and_has_left_leaves_their_part_to_the_named_member() {
        let [before, after] = balances(&replaced(1, &[1, 2, 3]), &[2, 3]);
        assert_eq!(before, [0, 0]);
        let third = BOOKING / 3;
        assert_eq!(after, [-third, third]);
    }

    #[test]
    fn a_booking_by_name_moves_no_balance_when_it_is_handed_over() {
        let [before, after] = balances(&replaced(1, &[1]), &[1, 2, 3]);
        assert_eq!(before, [0, 0, 0]);
        assert_eq!(after, before);
    }

    #[test]
    fn a_held_booking_is_shared_as_the_rules_would_share_it_and_paid_by_who_was_held() {
        let members: Vec<_> = [1, 2, 3].map(user).to_vec();
        let mut ledger = Ledger::default();
        ledger.retain(&members);
        // The rules would choose 1 by now.
        let candidates = [candidate(1, true), candidate(2, true), candidate(3, false)];
        let (rules, starts) = (Rules::default(), [Timestamp::UNIX_EPOCH]);
        let given = give_held(&rules, &candidates, &ledger, &starts, user(2));
        let (decision, considered) = given.expect("member 2 is free");
        assert_eq!(decision.member, user(2));
        ledger.apply(&decision);
        let balance = |number| ledger.account(user(number)).balance;
        assert_eq!([1, 2, 3].map(balance), [BOOKING / 2, -BOOKING / 2, 0]);
        for entry in &considered {
            assert_eq!(entry.ledger_after, ledger.account(entry.user).balance);
        }
        let reasons: Vec<_> = considered.iter().map(|it| it.reason.as_str()).collect();
        let passed = "eligible: the time was held for another member";
        assert_eq!(reasons, [passed, HELD, "not free"]);
        let gone = give_held(&rules, &candidates, &ledger, &starts, user(3));
        assert!(gone.is_none(), "3 is not free any more");
    }

    #[test]
    fn who_cannot_take_it_is_not_handed_it() {
        let candidates = [candidate(2, false), candidate(3, true)];
        let (rules, starts) = (Rules::default(), [Timestamp::UNIX_EPOCH]);
        let (ledger, replaced) = (Ledger::default(), replaced(1, &[1, 2]));
        let handed = hand_over(&rules, &candidates, &ledger, &starts, &replaced, user(2));
        assert!(handed.is_none());
    }
}
