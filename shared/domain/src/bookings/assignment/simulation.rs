//! How fair the strategies are, over the same simulated bookings.

use std::collections::BTreeMap;

use super::{bound::random, *};
use crate::id::UserId;

const BOOKINGS: u64 = 10_000;
/// Bookings that come in on one day.
const PER_DAY: u64 = 10;
const MEMBERS: u8 = 12;

/// One member of the simulated team.
struct Person {
    user: UserId,
    /// Day of the first booking that finds the member in the team.
    joins: u64,
    /// Holidays: first day and first day after.
    away: Vec<(u64, u64)>,
    /// Days of the week on which the member works.
    works: Vec<u64>,
    /// Percent of the working hours that are taken by other things.
    busy: u64,
}

fn people(state: &mut u64) -> Vec<Person> {
    let days = BOOKINGS / PER_DAY;
    (0..MEMBERS)
        .map(|number| {
            let place = u64::from(number);
            let mut bytes = [0; 12];
            bytes[11] = number;
            Person {
                user: UserId::from_bytes(bytes),
                // Eight from the start, then one every 200 days.
                joins: place.saturating_sub(7) * 200,
                away: (0..6)
                    .map(|_| {
                        let first = random(state) % days;
                        (first, first + 5 + random(state) % 20)
                    })
                    .collect(),
                // Every third member works part-time.
                works: if number % 3 == 0 {
                    vec![place % 5, (place + 1) % 5, (place + 2) % 5]
                } else {
                    (0..5).collect()
                },
                busy: 10 + random(state) % 50,
            }
        })
        .collect()
}

/// Who is in the team and free, booking by booking.
fn bookings() -> Vec<Vec<Candidate>> {
    let mut state = 1983;
    let people = people(&mut state);
    (0..BOOKINGS)
        .map(|booking| {
            let day = booking / PER_DAY;
            let team = people.iter().filter(|it| it.joins <= day);
            team.map(|it| {
                let here = it.works.contains(&(day % 5))
                    && !it
                        .away
                        .iter()
                        .any(|(first, end)| (*first..*end).contains(&day));
                Candidate {
                    user: it.user,
                    rules: MemberRules::default(),
                    free: vec![here && random(&mut state) % 100 >= it.busy],
                    reason: None,
                }
            })
            .collect()
        })
        .collect()
}

/// How a run went; all but the streak in thousandths of a booking.
#[derive(Debug)]
struct Outcome {
    /// Furthest that a member's bookings ever were from the fair share.
    furthest: u128,
    /// Furthest at the end.
    furthest_at_end: u128,
    /// Standard deviation over the members at the end.
    deviation: u128,
    /// Most bookings in a row that one member got while another was free.
    streak: u64,
}

fn run(
    bookings: &[Vec<Candidate>],
    mut choose: impl FnMut(&[Candidate], &Ledger) -> Option<Decision>,
) -> Outcome {
    // Assigned bookings less fair share, kept apart from the ledger.
    let mut excess: BTreeMap<String, i64> = BTreeMap::new();
    let mut ledger = Ledger::default();
    let (mut furthest, mut streak) = (0, 0);
    let mut row: Option<(UserId, u64)> = None;
    for team in bookings {
        ledger.retain(&team.iter().map(|it| it.user).collect::<Vec<_>>());
        let Some(decision) = choose(team, &ledger) else {
            continue;
        };
        ledger.apply(&decision);
        for (user, share) in &decision.shares {
            *excess.entry(user.clone()).or_default() -= share;
        }
        *excess.entry(decision.member.to_string()).or_default() += BOOKING;
        let most = excess.values().map(|it| it.unsigned_abs()).max();
        furthest = furthest.max(most.unwrap_or_default());
        if decision.shares.len() > 1 {
            let before = row.filter(|(member, _)| *member == decision.member);
            let length = before.map_or(0, |(_, length)| length) + 1;
            row = Some((decision.member, length));
            streak = streak.max(length);
        }
    }
    let unit = u128::from(BOOKING.unsigned_abs());
    let at_end = excess.values().map(|it| u128::from(it.unsigned_abs()));
    let squares: u128 = at_end.clone().map(|it| (it * 1000).pow(2)).sum();
    let people = u128::try_from(excess.len()).expect("few");
    Outcome {
        furthest: u128::from(furthest) * 1000 / unit,
        furthest_at_end: at_end.max().unwrap_or_default() * 1000 / unit,
        deviation: (squares / people).isqrt() / unit,
        streak,
    }
}

#[test]
fn balanced_is_fairer_than_round_robin_and_random() {
    let bookings = bookings();
    let by = |strategy| {
        let rules = Rules {
            strategy,
            ..Rules::default()
        };
        run(&bookings, |team, ledger| {
            decide(&rules, team, ledger, &[], None).map(|(decision, _)| decision)
        })
    };
    let balanced = by(Strategy::Balanced);
    let round_robin = by(Strategy::RoundRobin);
    let mut state = 1;
    let at_random = run(&bookings, |team, ledger| {
        let (mut decision, _) = decide(&Rules::default(), team, ledger, &[], None)?;
        let free: Vec<_> = team
            .iter()
            .filter(|it| it.why_ineligible().is_none())
            .collect();
        let count = u64::try_from(free.len()).expect("few");
        let lot = usize::try_from(random(&mut state) % count).expect("few");
        decision.member = free[lot].user;
        Some(decision)
    });

    // Printed at once, so that no other test's output comes in between.
    let head = "\n| strategy | furthest ever | furthest at the end \
         | standard deviation | longest streak |\n|---|--:|--:|--:|--:|";
    let mut table = vec![head.to_owned()];
    for (name, it) in [
        ("balanced", &balanced),
        ("round robin", &round_robin),
        ("random", &at_random),
    ] {
        let [furthest, at_end, deviation] = [it.furthest, it.furthest_at_end, it.deviation]
            .map(|thousandths| format!("{}.{:03}", thousandths / 1000, thousandths % 1000));
        let streak = it.streak;
        table.push(format!(
            "| {name} | {furthest} | {at_end} | {deviation} | {streak} |"
        ));
    }
    println!("{}", table.join("\n"));
    for other in [&round_robin, &at_random] {
        assert!(balanced.furthest < other.furthest);
        assert!(balanced.furthest_at_end < other.furthest_at_end);
        assert!(balanced.deviation < other.deviation);
    }
    assert!(balanced.streak <= at_random.streak);
    let bound = u128::from(MEMBERS - 1) * 500;
    assert!(balanced.furthest <= bound, "{balanced:?}");
}
