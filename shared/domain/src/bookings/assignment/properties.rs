//! What holds for every history of a team.

use std::collections::BTreeSet;

use jiff::Timestamp;
use proptest::{prelude::*, strategy::Strategy as Generator};

use super::{
    BOOKING, Credit, Decision, Ledger, MAX_WEIGHT, Rules, Strategy,
    bound::{assert_bounded, book, candidate, user},
    decide, hand_over,
};
use crate::id::UserId;

#[derive(Clone, Debug)]
enum Step {
    /// A booking of two dates, each with the set of who is free, in bits.
    Book(Strategy, u16, u16),
    Reweigh(usize, u32),
    Join(usize),
    Leave(usize),
    /// Takes back one of the bookings that stand.
    Revert(prop::sample::Index),
    /// Hands one of the bookings that stand to a member.
    HandOver(prop::sample::Index, prop::sample::Index),
    /// Gives a member units, or takes them.
    Credit(prop::sample::Index, i64),
}

const USERS: usize = 12;

fn step() -> impl Generator<Value = Step> {
    let strategy = prop_oneof![
        3 => Just(Strategy::Balanced),
        1 => Just(Strategy::RoundRobin),
        1 => Just(Strategy::Priority),
        1 => Just(Strategy::FirstAvailable),
    ];
    prop_oneof![
        20 => (strategy, any::<u16>(), any::<u16>())
            .prop_map(|(strategy, first, second)| Step::Book(strategy, first, second)),
        2 => (0..USERS, prop_oneof![Just(0), 1..=10_u32, Just(MAX_WEIGHT)])
            .prop_map(|(user, weight)| Step::Reweigh(user, weight)),
        2 => (0..USERS).prop_map(Step::Join),
        2 => (0..USERS).prop_map(Step::Leave),
        1 => any::<prop::sample::Index>().prop_map(Step::Revert),
        1 => (any::<prop::sample::Index>(), any::<prop::sample::Index>())
            .prop_map(|(booking, to)| Step::HandOver(booking, to)),
        1 => (any::<prop::sample::Index>(), -2 * BOOKING..=2 * BOOKING)
            .prop_map(|(user, units)| Step::Credit(user, units)),
    ]
}

/// Whether somebody else of those who shared the booking was owed more.
fn is_exception(decision: &Decision, ledger: &Ledger) -> bool {
    let owed = |user: &String| {
        let before = ledger.accounts.get(user).map_or(0, |it| it.balance);
        before + decision.shares.get(user).copied().unwrap_or_default()
    };
    let most = decision.shares.keys().map(owed).max();
    Some(owed(&decision.member.to_string())) != most
}

#[derive(Debug)]
enum Record {
    Members(Vec<UserId>),
    Applied(Decision),
    Reverted(Decision),
    Credited(Credit),
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_history_keeps_the_books(
        size in 1..=USERS,
        // Balanced bookings of one date alone: only what is taken back is an
        // exception then.
        plain in any::<bool>(),
        steps in proptest::collection::vec(step(), 1..250),
    ) {
        let mut members: BTreeSet<usize> = (0..size).collect();
        let mut weights = [1; USERS];
        let mut ledger = Ledger::default();
        ledger.retain(&members.iter().copied().map(user).collect::<Vec<_>>());
        let mut history = vec![Record::Members(members.iter().copied().map(user).collect())];
        let (mut standing, mut most_members, mut exceptions) = (Vec::new(), size, 0);
        for step in steps {
            match step {
                Step::Book(strategy, first, second) => {
                    let (strategy, second) =
                        if plain { (Strategy::Balanced, first) } else { (strategy, second) };
                    let team: Vec<_> = members
                        .iter()
                        .map(|&it| {
                            let mut candidate = candidate(it, weights[it], true);
                            candidate.rules.priority = u32::from(it % 3 == 0);
                            candidate.free = [first, second].map(|free| free >> it & 1 == 1).into();
                            candidate
                        })
                        .collect();
                    let rules = Rules { strategy, ..Rules::default() };
                    let starts = [Timestamp::MIN, Timestamp::MAX];
                    let decided = decide(&rules, &team, &ledger, &starts, None);
                    let Some((decision, considered)) = decided else {
                        prop_assert!(team.iter().all(|it| it.why_ineligible().is_some()));
                        continue;
                    };
                    let exception = is_exception(&decision, &ledger);
                    prop_assert!(!(plain && exception));
                    exceptions += usize::from(exception);
                    let before = ledger.clone();
                    ledger.apply(&decision);
                    prop_assert_eq!(decision.shares.values().sum::<i64>(), BOOKING);
                    for (it, said) in team.iter().zip(considered) {
                        let (before, after) = (before.account(it.user), ledger.account(it.user));
                        prop_assert_eq!(said.eligible, it.why_ineligible().is_none());
                        prop_assert!(said.eligible || before == after);
                        prop_assert_eq!(said.ledger_before, before.balance);
                        prop_assert_eq!(said.ledger_after, after.balance);
                    }
                    let mut back = ledger.clone();
                    back.revert(&decision);
                    prop_assert_eq!(back.accounts, before.accounts);
                    standing.push(decision.clone());
                    history.push(Record::Applied(decision));
                }
                Step::Reweigh(user, weight) => weights[user] = weight,
                Step::Join(_) | Step::Leave(_) => {
                    if let Step::Join(it) = step {
                        members.insert(it);
                    } else if let Step::Leave(it) = step {
                        members.remove(&it);
                    }
                    most_members = most_members.max(members.len());
                    let members: Vec<_> = members.iter().copied().map(user).collect();
                    ledger.retain(&members);
                    history.push(Record::Members(members));
                }
                Step::Revert(index) => {
                    if standing.is_empty() { continue }
                    let decision = standing.remove(index.index(standing.len()));
                    ledger.revert(&decision);
                    exceptions += 1;
                    history.push(Record::Reverted(decision));
                }
                Step::Credit(to, units) => {
                    if members.len() < 2 { continue }
                    let to = to.get(&members.iter().copied().collect::<Vec<_>>()).to_owned();
                    let reason = "agreed".parse().expect("a text");
                    let credit = Credit::new(&ledger, user(to), units, reason);
                    let credit = credit.expect("there are others");
                    ledger.credit(&credit);
                    exceptions += usize::try_from(units.abs() / BOOKING + 1).expect("few");
                    history.push(Record::Credited(credit));
                }
                Step::HandOver(index, to) => {
                    if standing.is_empty() || members.is_empty() { continue }
                    let replaced = standing.remove(index.index(standing.len()));
                    let to = to.get(&members.iter().copied().collect::<Vec<_>>()).to_owned();
                    ledger.revert(&replaced);
                    history.push(Record::Reverted(replaced.clone()));
                    let team: Vec<_> = members
                        .iter()
                        .map(|&it| candidate(it, weights[it], true))
                        .collect();
                    let rules = Rules::default();
                    let starts = [Timestamp::MIN];
                    let handed = hand_over(&rules, &team, &ledger, &starts, &replaced, user(to));
                    exceptions += 1;
                    let Some((decision, considered)) = handed else {
                        prop_assert_eq!(weights[to], 0);
                        continue;
                    };
                    prop_assert_eq!(decision.shares.values().sum::<i64>(), BOOKING);
                    exceptions += usize::from(is_exception(&decision, &ledger));
                    ledger.apply(&decision);
                    for said in considered {
                        let after = ledger.account(said.user).balance;
                        prop_assert_eq!(said.ledger_after, after);
                    }
                    standing.push(decision.clone());
                    history.push(Record::Applied(decision));
                }
            }
            assert_bounded(&ledger, most_members, exceptions);
        }
        let mut replayed = Ledger::default();
        for record in &history {
            match record {
                Record::Members(members) => replayed.retain(members),
                Record::Applied(decision) => replayed.apply(decision),
                Record::Reverted(decision) => replayed.revert(decision),
                Record::Credited(credit) => replayed.credit(credit),
            }
        }
        prop_assert_eq!(replayed, ledger);
    }

    #[test]
    fn equal_weights_and_everybody_free_is_a_rotation(size in 1..30_usize, bookings in 1..100) {
        let team: Vec<_> = (0..size).map(|it| candidate(it, 1, true)).collect();
        let mut ledger = Ledger::default();
        for _ in 0..bookings {
            ledger.apply(&book(&team, &ledger).expect("all are free"));
            let counts = team.iter().map(|it| ledger.account(it.user).assigned);
            let (least, most) = (counts.clone().min(), counts.max());
            prop_assert!(most <= least.map(|least| least + 1));
        }
    }

    /// Who is chosen has more than nothing before paying, so never owes a whole
    /// booking; after as many bookings as the weights add up to, nobody then
    /// has more than their weight, so all have exactly it.
    #[test]
    fn a_period_gives_everybody_exactly_their_weight(
        weights in proptest::collection::vec(1..=9_u32, 1..6),
    ) {
        let team: Vec<_> = weights.iter().enumerate()
            .map(|(it, weight)| candidate(it, *weight, true))
            .collect();
        let mut ledger = Ledger::default();
        for period in 1..=3 {
            for _ in 0..weights.iter().sum() {
                ledger.apply(&book(&team, &ledger).expect("all are free"));
            }
            for (it, weight) in weights.iter().enumerate() {
                let assigned = ledger.account(user(it)).assigned;
                prop_assert_eq!(assigned, period * u64::from(*weight));
            }
        }
    }
}

#[test]
fn twice_the_weight_is_twice_the_bookings() {
    let team = [candidate(0, 2, true), candidate(1, 1, true)];
    let mut ledger = Ledger::default();
    let mut order = Vec::new();
    for _ in 0..9 {
        let decision = book(&team, &ledger).expect("both are free");
        order.push(decision.member);
        ledger.apply(&decision);
    }
    assert_eq!(order, [0, 1, 0, 0, 1, 0, 0, 1, 0].map(user));
}

#[test]
fn who_was_away_owes_nothing_and_is_owed_nothing_on_return() {
    let mut team = [0, 1, 2].map(|it| candidate(it, 1, true));
    let mut ledger = Ledger::default();
    for booking in 0..330 {
        team[2].free = vec![!(30..230).contains(&booking)];
        ledger.apply(&book(&team, &ledger).expect("somebody is free"));
    }
    let assigned = [0, 1, 2].map(|it| ledger.account(user(it)).assigned);
    // A third of 130 bookings, and of 200 a half for the two who were there.
    assert!((43..=44).contains(&assigned[2]), "{assigned:?}");
    assert!(assigned[0].abs_diff(143) <= 1, "{assigned:?}");
}
