use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::*;
use crate::bookings::availability::{Availability, Day, Slot, Weekday};

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

fn span(start: &str, end: &str) -> TimeSpan {
    TimeSpan {
        start: at(start),
        end: at(end),
    }
}

fn user(last: u8) -> UserId {
    format!("5f0d7eb02003d0f6e32a96{last:02}")
        .parse()
        .expect("an id")
}

/// Hours on each day of the week.
fn daily(hours: &[(&str, &str)]) -> Availability {
    let slot = |(start, end): &(&str, &str)| {
        Slot::new(start.parse().expect("a time"), end.parse().expect("a time")).expect("a slot")
    };
    let day = Day {
        enabled: true,
        slots: hours.iter().map(slot).collect(),
    };
    let days = Weekday::ALL.map(|(weekday, _)| (weekday, day.clone()));
    Availability {
        days: Some(BTreeMap::from(days)),
        ..Availability::default()
    }
}

fn person<'a>(
    last: u8,
    zone: &str,
    availability: Option<&'a Availability>,
    reservations: &'a [TimeSpan],
) -> Person<'a> {
    Person {
        user: user(last),
        member: Member {
            availability,
            zone: TimeZone::get(zone).expect(zone),
            reservations,
            absences: &[],
        },
        limits: Limits {
            respect_availability: true,
            ..Limits::default()
        },
        refuses: None,
    }
}

fn search(wanted: Wanted, minutes: i64, step: i64, within: TimeSpan) -> Search {
    Search {
        wanted,
        duration: SignedDuration::from_mins(minutes),
        step: SignedDuration::from_mins(step),
        within,
        now: at("2026-01-01T00:00:00Z"),
    }
}

/// The local times at which what is offered starts.
fn starts(search: &Search, people: &[Person<'_>], zone: &str) -> Vec<String> {
    let zone = TimeZone::get(zone).expect(zone);
    let text = |time: TimeSpan| {
        zone.to_datetime(time.start)
            .strftime("%d %H:%M")
            .to_string()
    };
    search.times(people).map(text).collect()
}

#[test]
fn times_start_at_each_opening_and_every_step_after() {
    let hours = daily(&[("09:10", "11:00"), ("14:00", "15:30")]);
    let day = span("2026-07-15T00:00:00Z", "2026-07-16T00:00:00Z");
    let one = [person(1, "UTC", Some(&hours), &[])];
    let found = starts(&search(Wanted::All, 30, 30, day), &one, "UTC");
    let expected = [
        "15 09:10", "15 09:40", "15 10:10", "15 14:00", "15 14:30", "15 15:00",
    ];
    assert_eq!(found, expected);
    let found = starts(&search(Wanted::All, 90, 15, day), &one, "UTC");
    assert_eq!(found, ["15 09:10", "15 09:25", "15 14:00"]);
}

#[test]
fn who_has_no_hours_opens_at_local_midnight() {
    let day = span("2026-07-15T00:00:00Z", "2026-07-15T12:00:00Z");
    let one = [person(1, "Asia/Kolkata", None, &[])];
    let found = starts(&search(Wanted::All, 240, 240, day), &one, "UTC");
    // Midnight there is 18:30 of the day before.
    assert_eq!(found, ["15 02:30", "15 06:30", "15 10:30"]);
}

#[test]
fn a_time_of_several_people_is_a_start_of_one_and_all_are_free() {
    let (early, late) = (daily(&[("09:00", "12:00")]), daily(&[("10:15", "13:00")]));
    let taken = [span("2026-07-15T11:15:00Z", "2026-07-15T11:30:00Z")];
    let people = [
        person(1, "UTC", Some(&early), &[]),
        person(2, "UTC", Some(&late), &taken),
    ];
    let day = span("2026-07-15T00:00:00Z", "2026-07-16T00:00:00Z");
    let found = starts(&search(Wanted::All, 30, 30, day), &people, "UTC");
    assert_eq!(found, ["15 10:15", "15 10:30", "15 10:45", "15 11:30"]);
    let found = starts(&search(Wanted::One, 60, 60, day), &people, "UTC");
    assert_eq!(found, ["15 09:00", "15 10:00", "15 10:15", "15 11:00"]);
}

#[test]
fn nobody_and_who_takes_no_bookings_are_offered_nothing() {
    let day = span("2026-07-15T00:00:00Z", "2026-07-16T00:00:00Z");
    for wanted in [Wanted::All, Wanted::One] {
        let search = search(wanted, 30, 30, day);
        assert_eq!(search.times(&[]).count(), 0);
        let mut one = person(1, "UTC", None, &[]);
        one.refuses = Some(Refusal::Weight);
        assert_eq!(search.times(std::slice::from_ref(&one)).count(), 0);
        let refused = search.refused(&[one]);
        assert_eq!(refused.len(), 1);
        assert_eq!((refused[0].span, refused[0].why), (day, Refusal::Weight));
    }
}

#[test]
fn stretches_say_why_a_person_cannot_be_booked() {
    let hours = daily(&[("09:00", "12:00")]);
    let taken = [span("2026-07-15T10:00:00Z", "2026-07-15T10:45:00Z")];
    let one = [person(1, "UTC", Some(&hours), &taken)];
    let day = span("2026-07-15T00:00:00Z", "2026-07-16T00:00:00Z");
    let refused = search(Wanted::All, 30, 30, day).refused(&one);
    let told: Vec<_> = refused.iter().map(|it| (it.span, it.why.code())).collect();
    let booked = span("2026-07-15T10:00:00Z", "2026-07-15T11:00:00Z");
    assert_eq!(told, [(booked, "booked")]);
}

#[test]
fn both_changes_of_the_clocks_keep_the_hours_of_the_wall() {
    let hours = daily(&[("01:00", "04:00")]);
    let one = |zone| [person(1, zone, Some(&hours), &[])];
    for (zone, within, expected) in [
        // 02:00 to 03:00 is skipped, and repeated.
        (
            "Europe/Paris",
            span("2026-03-28T23:00:00Z", "2026-03-29T10:00:00Z"),
            vec!["29 01:00", "29 03:00"],
        ),
        (
            "Europe/Paris",
            span("2026-10-24T22:00:00Z", "2026-10-25T10:00:00Z"),
            vec!["25 01:00", "25 02:00", "25 02:00", "25 03:00"],
        ),
        (
            "America/New_York",
            span("2026-03-08T05:00:00Z", "2026-03-08T12:00:00Z"),
            vec!["08 01:00", "08 03:00"],
        ),
        (
            "Asia/Kolkata",
            span("2026-03-28T18:30:00Z", "2026-03-29T10:00:00Z"),
            vec!["29 01:00", "29 02:00", "29 03:00"],
        ),
        // Half an hour is skipped, so that the last hour does not fit.
        (
            "Australia/Lord_Howe",
            span("2026-10-03T13:30:00Z", "2026-10-03T20:00:00Z"),
            vec!["04 01:00", "04 02:30"],
        ),
        // The thirtieth was skipped.
        (
            "Pacific/Apia",
            span("2011-12-29T10:00:00Z", "2011-12-31T09:00:00Z"),
            vec![
                "29 01:00", "29 02:00", "29 03:00", "31 01:00", "31 02:00", "31 03:00",
            ],
        ),
    ] {
        let found = starts(&search(Wanted::All, 60, 60, within), &one(zone), zone);
        assert_eq!(found, expected, "{zone}");
    }
}
