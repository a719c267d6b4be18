//! One test per rule of [`decide`](super::decide).

use super::*;

fn user(number: u8) -> UserId {
    UserId::from_bytes([number; 12])
}

fn member(number: u8) -> Candidate {
    Candidate {
        user: user(number),
        rules: MemberRules::default(),
        free: vec![true],
        reason: None,
    }
}

fn team(size: u8) -> Vec<Candidate> {
    (1..=size).map(member).collect()
}

fn rules(strategy: Strategy) -> Rules {
    Rules {
        strategy,
        ..Rules::default()
    }
}

/// Books and says who got it.
fn book(strategy: Strategy, team: &[Candidate], ledger: &mut Ledger) -> UserId {
    let (decision, considered) =
        decide(&rules(strategy), team, ledger, &starts(), None).expect("somebody is eligible");
    let before = ledger.clone();
    ledger.apply(&decision);
    assert_eq!(considered.len(), team.len());
    for (entry, candidate) in considered.iter().zip(team) {
        assert_eq!(entry.user, candidate.user);
        assert_eq!(entry.ledger_before, before.account(entry.user).balance);
        assert_eq!(entry.ledger_after, ledger.account(entry.user).balance);
    }
    assert_eq!(decision.shares.values().sum::<i64>(), BOOKING);
    decision.member
}

fn reasons(strategy: Strategy, team: &[Candidate], ledger: &Ledger) -> Vec<(bool, String)> {
    let (_, considered) =
        decide(&rules(strategy), team, ledger, &starts(), None).expect("somebody is eligible");
    considered
        .into_iter()
        .map(|entry| (entry.eligible, entry.reason))
        .collect()
}

/// Three days' starts, not in their order.
fn starts() -> [Timestamp; 3] {
    [200_000, 100_000, 300_000].map(|second| Timestamp::from_second(second).expect("in range"))
}

#[test]
fn a_tie_goes_to_who_was_assigned_longest_ago_then_to_the_lower_id() {
    let mut team = team(3);
    team.reverse();
    let mut ledger = Ledger::default();
    let order: Vec<_> = (0..6)
        .map(|_| book(Strategy::Balanced, &team, &mut ledger))
        .collect();
    assert_eq!(order, [1, 2, 3, 1, 2, 3].map(user), "lower ids first");
    // Balances are level again; make 3's turn the longest ago.
    ledger
        .accounts
        .get_mut(&user(3).to_string())
        .expect("3")
        .last_assigned = 1;
    assert_eq!(book(Strategy::Balanced, &team, &mut ledger), user(3));
}

#[test]
fn the_largest_balance_after_the_gain_is_assigned() {
    let mut team = team(2);
    team[1].rules.weight = 3;
    let mut ledger = Ledger::default();
    assert_eq!(book(Strategy::Balanced, &team, &mut ledger), user(2));
    assert_eq!(ledger.account(user(1)).balance, BOOKING / 4);
    assert_eq!(ledger.account(user(2)).balance, -BOOKING / 4);
}

#[test]
fn who_takes_no_bookings_or_is_not_free_is_not_eligible_and_says_why() {
    let mut team = team(4);
    team[0].rules.weight = 0;
    team[1].free = vec![false];
    team[1].reason = Some("busy until noon".to_owned());
    team[2].free = vec![false];
    let said = reasons(Strategy::Balanced, &team, &Ledger::default());
    let expected = [
        (false, "takes no bookings (weight 0)"),
        (false, "busy until noon"),
        (false, "not free"),
        (true, "assigned: the only one eligible"),
    ];
    assert_eq!(
        said,
        expected.map(|(eligible, why)| (eligible, why.to_owned()))
    );

    team.pop();
    let ledger = Ledger::default();
    for strategy in [Strategy::Balanced, Strategy::RoundRobin, Strategy::Priority] {
        assert_eq!(decide(&rules(strategy), &team, &ledger, &[], None), None);
    }
    let refused = refused(&team, &ledger, None);
    assert_eq!(refused.len(), 3);
    assert!(refused.iter().all(|entry| !entry.eligible));
}

#[test]
fn nobody_of_an_empty_team_is_eligible() {
    let ledger = Ledger::default();
    assert_eq!(decide(&Rules::default(), &[], &ledger, &[], None), None);
}

#[test]
fn an_event_without_dates_suits_everybody() {
    let mut team = team(2);
    for member in &mut team {
        member.free = Vec::new();
    }
    let mut ledger = Ledger::default();
    assert_eq!(book(Strategy::FirstAvailable, &team, &mut ledger), user(1));
    assert_eq!(book(Strategy::FirstAvailable, &team, &mut ledger), user(2));
}

#[test]
fn who_can_take_the_most_dates_is_preferred_and_shares_with_nobody_who_cannot() {
    let mut team = team(3);
    team[0].free = vec![true, false, false];
    team[1].free = vec![true, true, false];
    team[2].free = vec![false, false, false];
    for strategy in [Strategy::Balanced, Strategy::RoundRobin, Strategy::Priority] {
        let mut ledger = Ledger::default();
        assert_eq!(book(strategy, &team, &mut ledger), user(2));
        let balances = [1, 2, 3].map(|it| ledger.account(user(it)).balance);
        assert_eq!(balances, [0, 0, 0]);
        let said = reasons(strategy, &team, &Ledger::default());
        assert_eq!(said[0].1, "eligible: free for fewer of the dates");
    }
}

#[test]
fn round_robin_keeps_the_order_and_skips_who_is_not_eligible() {
    let mut team = team(4);
    team.swap(0, 3);
    let mut ledger = Ledger::default();
    let mut next = |team: &[Candidate]| book(Strategy::RoundRobin, team, &mut ledger);
    assert_eq!([next(&team), next(&team)], [4, 2].map(user));
    team[2].free = vec![false];
    assert_eq!(next(&team), user(1), "skips 3");
    team[2].free = vec![true];
    assert_eq!([next(&team), next(&team), next(&team)], [4, 2, 3].map(user));
}

#[test]
fn priority_asks_the_highest_tier_that_can_and_balances_inside_it() {
    let mut team = team(4);
    for (member, priority) in team.iter_mut().zip([0, 2, 2, 7]) {
        member.rules.priority = priority;
    }
    team[3].free = vec![false];
    let mut ledger = Ledger::default();
    let mut next = || book(Strategy::Priority, &team, &mut ledger);
    assert_eq!([next(), next(), next()], [2, 3, 2].map(user));
    assert_eq!(ledger.account(user(1)).balance, 0, "not asked, not owed");
    let said = reasons(Strategy::Priority, &team, &ledger);
    assert_eq!(said[0], (true, "eligible: lower priority".to_owned()));
    // A tier is asked before another even when it can take fewer dates.
    team[0].free = vec![true, true];
    team[1].free = vec![false, true];
    assert_eq!(book(Strategy::Priority, &team, &mut ledger), user(3));
}

#[test]
fn first_available_takes_who_can_take_the_earliest_date() {
    let mut team = team(3);
    team[0].free = vec![true, false, true];
    team[1].free = vec![false, true, false];
    team[2].free = vec![false, true, true];
    let mut ledger = Ledger::default();
    let mut next = |team: &[Candidate]| book(Strategy::FirstAvailable, team, &mut ledger);
    assert_eq!(next(&team), user(3), "earliest, and more dates than 2");
    team[2].free = vec![false, true, false];
    assert_eq!(next(&team), user(2), "balanced among those of the earliest");
    team[1].free = vec![false; 3];
    team[2].free = vec![false; 3];
    assert_eq!(next(&team), user(1));
    let said = reasons(
        Strategy::FirstAvailable,
        &[
            team[0].clone(),
            Candidate {
                free: vec![false, true, false],
                ..member(9)
            },
        ],
        &ledger,
    );
    assert_eq!(said[0].1, "eligible: cannot take the earliest date");
}

#[test]
fn who_is_asked_for_by_name_gets_it_and_no_balance_moves() {
    let mut team = team(3);
    let mut ledger = Ledger::default();
    book(Strategy::Balanced, &team, &mut ledger);
    for strategy in [
        Strategy::Balanced,
        Strategy::RoundRobin,
        Strategy::FirstAvailable,
    ] {
        let before = ledger.clone();
        let (decision, considered) =
            decide(&rules(strategy), &team, &ledger, &starts(), Some(user(1))).expect("free");
        ledger.apply(&decision);
        assert_eq!(decision.member, user(1));
        assert_eq!(
            decision.shares,
            BTreeMap::from([(user(1).to_string(), BOOKING)])
        );
        for it in [1, 2, 3].map(user) {
            assert_eq!(ledger.account(it).balance, before.account(it).balance);
        }
        assert_eq!(considered[0].reason, "assigned: asked for by name");
        assert!(!considered[1].eligible);
    }
    assert_eq!(ledger.account(user(1)).assigned, 4);
    team[0].free = vec![false];
    let ask = |who| decide(&Rules::default(), &team, &ledger, &starts(), Some(who));
    assert_eq!(ask(user(1)), None, "no one else in their place");
    assert_eq!(ask(user(9)), None, "not of the team");
    assert_eq!(refused(&team, &ledger, Some(user(1))).len(), 3);
}
