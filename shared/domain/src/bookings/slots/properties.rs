//! Holds a search to [`agenda::check`], asked of every time with every reservation.

use jiff::ToSpan;
use proptest::prelude::*;

use super::*;
use crate::bookings::agenda::properties::{Case, case, zone};

fn user(number: usize) -> UserId {
    format!("5f0d7eb02003d0f6e32a96{number:02}")
        .parse()
        .expect("an id")
}

fn person(number: usize, case: &Case) -> Person<'_> {
    Person {
        user: user(number),
        member: Member {
            availability: Some(&case.availability),
            zone: zone(case.zone),
            reservations: &case.reservations,
            absences: &case.absences,
        },
        limits: case.limits.clone(),
        refuses: None,
    }
}

fn people(cases: &[Case]) -> Vec<Person<'_>> {
    let numbered = cases.iter().enumerate();
    numbered
        .map(|(number, case)| person(number, case))
        .collect()
}

/// What a person says of a time, by all that is reserved.
fn answer(person: &Person<'_>, time: &TimeSpan, now: Timestamp) -> Result<(), Unavailable> {
    agenda::check(&person.member, time, &person.limits, now)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_person_is_busy_in_the_minutes_that_cannot_be_booked(mut case in case()) {
        // What depends on the length of a booking, and on others, is no time of its own.
        let horizons = &mut case.availability.horizons;
        (horizons.buffer_before, horizons.buffer_after) = (None, None);
        (case.limits.max_per_day, case.limits.max_per_week) = (None, None);
        let minute = |from: Timestamp, count: i64| from.saturating_add(count.minutes()).expect("a time");
        let start = minute(case.date.start, -2_000);
        let within = TimeSpan { start, end: minute(start, 4_000) };
        let person = person(0, &case);
        let busy = busy(std::slice::from_ref(&person), Wanted::All, &within, case.now);
        prop_assert!(busy.is_sorted_by(|a, b| a.end < b.start));
        for count in 0..4_000 {
            let time = TimeSpan { start: minute(start, count), end: minute(start, count + 1) };
            let is_busy = busy.iter().any(|span| span.overlaps(&time));
            // An instant that is reserved takes no time.
            let instants = person.member.reservations.iter();
            let mut instants = instants.filter(|span| span.start == span.end);
            if instants.all(|instant| !instant.overlaps(&time)) {
                prop_assert_eq!(is_busy, answer(&person, &time, case.now).is_err(), "{:?}", time);
            }
        }
    }

    #[test]
    fn what_is_offered_is_what_those_who_are_wanted_can_take(
        cases in prop::collection::vec(case(), 1..4),
        minutes in 1_i64..200,
        step in 5_i64..200,
        all in any::<bool>(),
    ) {
        let now = cases[0].now;
        let around = cases[0].date.start;
        let within = TimeSpan {
            start: around.saturating_sub(60.hours()).expect("a time"),
            end: around.saturating_add(60.hours()).expect("a time"),
        };
        let search = Search {
            wanted: if all { Wanted::All } else { Wanted::One },
            duration: SignedDuration::from_mins(minutes),
            step: SignedDuration::from_mins(step),
            within,
            now,
        };
        let people = people(&cases);
        let offered: BTreeSet<_> = search.times(&people).collect();
        let refused = search.refused(&people);
        let grid = search.grid(&people);
        prop_assert!(offered.is_subset(&grid));
        for time in grid {
            prop_assert!(within.start <= time.start && time.start < within.end);
            let answers: Vec<_> = people.iter().map(|one| answer(one, &time, now)).collect();
            let is_free = match search.wanted {
                Wanted::All => answers.iter().all(Result::is_ok),
                Wanted::One => answers.iter().any(Result::is_ok),
            };
            prop_assert_eq!(offered.contains(&time), is_free);
            // Whoever cannot is in a stretch around the time that says so.
            for (person, answer) in people.iter().zip(answers) {
                let Err(why) = answer else { continue };
                let told = refused.iter().any(|it| {
                    it.user == person.user
                        && it.why == Refusal::Unavailable(why)
                        && it.span.start <= time.start
                        && time.end <= it.span.end
                });
                prop_assert!(told, "{:?} of {:?}", why, time);
            }
        }
    }
}
