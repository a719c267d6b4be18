//! The bound that the module's documentation proves, against adversaries who
//! choose who is eligible so as to drive balances apart.

use super::*;
use crate::id::UserId;

pub(super) fn user(number: usize) -> UserId {
    let mut bytes = [0; 12];
    bytes[11] = u8::try_from(number).expect("few users");
    UserId::from_bytes(bytes)
}

pub(super) fn candidate(number: usize, weight: u32, free: bool) -> Candidate {
    Candidate {
        user: user(number),
        rules: MemberRules {
            weight,
            ..MemberRules::default()
        },
        free: vec![free],
        reason: None,
    }
}

pub(super) fn book(team: &[Candidate], ledger: &Ledger) -> Option<Decision> {
    decide(&Rules::default(), team, ledger, &[], None).map(|(decision, _)| decision)
}

/// Holds a ledger to the claim of the module's documentation: the sum of the k
/// largest balances is at most `k (n - k) / 2 + exceptions` bookings, and all
/// of them sum to zero.
pub(super) fn assert_bounded(ledger: &Ledger, most_members: usize, exceptions: usize) {
    assert_eq!(ledger.sum(), 0);
    let mut balances: Vec<i64> = ledger.accounts.values().map(|a| a.balance).collect();
    balances.sort_unstable_by(|a, b| b.cmp(a));
    let mut sum = 0;
    for (k, balance) in (1..).zip(balances) {
        sum += balance;
        let halves = i64::try_from(k * (most_members - k) + 2 * exceptions).expect("small");
        assert!(
            2 * sum <= halves * BOOKING,
            "{k} largest: {sum}: {ledger:?}"
        );
    }
}

/// Thousandths of a booking.
fn furthest(ledger: &Ledger) -> i64 {
    let furthest = ledger.accounts.values().map(|a| a.balance.abs()).max();
    furthest.unwrap_or_default() * 1000 / BOOKING
}

/// A random number of 64 bits (`SplitMix64`; Steele, Lea and Flood, 2014).
pub(super) fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Runs bookings with the eligible members and weights that `choose` picks from
/// the balances, and answers the furthest balance seen, in thousandths of a
/// booking.
fn drive(size: usize, bookings: usize, mut choose: impl FnMut(&[i64]) -> Vec<(usize, u32)>) -> i64 {
    let mut ledger = Ledger::default();
    ledger.retain(&(0..size).map(user).collect::<Vec<_>>());
    let mut worst = 0;
    for _ in 0..bookings {
        let balances: Vec<i64> = ledger.accounts.values().map(|a| a.balance).collect();
        let eligible = choose(&balances).into_iter();
        let team: Vec<_> = eligible
            .map(|(it, weight)| candidate(it, weight, true))
            .collect();
        ledger.apply(&book(&team, &ledger).expect("all are free"));
        assert_bounded(&ledger, size, 0);
        worst = worst.max(furthest(&ledger));
    }
    worst
}

/// From most to least owed, each two who stand next to each other, and how far
/// they are apart.
fn neighbours(balances: &[i64]) -> Vec<(usize, usize, i64)> {
    let mut order: Vec<usize> = (0..balances.len()).collect();
    order.sort_by_key(|it| -balances[*it]);
    let pairs = order.array_windows();
    pairs
        .map(|[above, below]| (*above, *below, balances[*above] - balances[*below]))
        .collect()
}

#[test]
fn no_choice_of_the_eligible_drives_balances_past_the_bound() {
    let mut state = 1;
    // Printed at once, so that no other test's output comes in between.
    let head = "\nFurthest balance, in thousandths of a booking, of 5,000 bookings each:\n\
         | members | bound | random sets | random pairs | nearest pairs | weighted pairs |\n\
         |--:|--:|--:|--:|--:|--:|";
    let mut table = vec![head.to_owned()];
    for size in [2, 3, 5, 8, 12] {
        let mut below = |limit: usize| {
            let limit = u64::try_from(limit).expect("small");
            usize::try_from(random(&mut state) % limit).expect("small")
        };
        let sets = drive(size, 5_000, |_| {
            let first = below(size);
            let others = (0..size).filter(|it| *it == first || below(2) == 0);
            let others: Vec<usize> = others.collect();
            others.into_iter().map(|it| (it, 1)).collect()
        });
        let pairs = drive(size, 5_000, |_| {
            let first = below(size);
            let second = (first + 1 + below(size - 1)) % size;
            vec![(first, 1), (second, 1)]
        });
        // Two of the same balance part by a whole booking.
        let nearest = drive(size, 5_000, |balances| {
            let mut pairs = neighbours(balances);
            let offset = below(pairs.len());
            pairs.rotate_left(offset);
            let nearest = pairs.into_iter().min_by_key(|(_, _, apart)| *apart);
            let (above, below, _) = nearest.expect("a pair");
            vec![(above, 1), (below, 1)]
        });
        // Weights that let the lower of two win by a hair part any two that are
        // less than one booking apart by one booking.
        let weighted = drive(size, 5_000, |balances| {
            let mut pairs = neighbours(balances);
            let offset = below(pairs.len());
            pairs.rotate_left(offset);
            let nearest = pairs.into_iter().min_by_key(|(_, _, apart)| *apart);
            let (above, below, apart) = nearest.expect("a pair");
            let gain = (BOOKING - apart) * 500 / BOOKING - 1;
            let gain = u32::try_from(gain.max(1)).expect("a weight");
            vec![(above, gain), (below, MAX_WEIGHT - gain)]
        });
        let bound = i64::try_from(size - 1).expect("small") * 500;
        table.push(format!(
            "| {size} | {bound} | {sets} | {pairs} | {nearest} | {weighted} |"
        ));
        assert!(
            weighted * 100 >= bound * 99,
            "the bound is tight: {weighted}"
        );
    }
    println!("{}", table.join("\n"));
}

#[test]
fn a_preference_for_more_dates_runs_up_no_balance() {
    let mut team = [candidate(0, 1, true), candidate(1, 1, true)];
    team[0].free = vec![true, true];
    team[1].free = vec![true, false];
    let mut ledger = Ledger::default();
    for _ in 0..100 {
        ledger.apply(&book(&team, &ledger).expect("both are free"));
        assert_bounded(&ledger, 2, 0);
    }
}

#[test]
fn no_leaver_pushes_the_outermost_balances_further_out() {
    let mut furthest_apart = Ledger::default();
    for (number, halves) in (0..12).zip((-11..=11).step_by(2)) {
        let account = furthest_apart.accounts.entry(user(number).to_string());
        account.or_default().balance = halves * (BOOKING / 2);
    }
    assert_bounded(&furthest_apart, 12, 0);
    for leaver in 0..12 {
        let mut ledger = furthest_apart.clone();
        let stay = (0..12).filter(|it| *it != leaver).map(user);
        ledger.retain(&stay.collect::<Vec<_>>());
        assert_bounded(&ledger, 12, 0);
        assert!(furthest(&ledger) <= furthest(&furthest_apart));
    }
}
