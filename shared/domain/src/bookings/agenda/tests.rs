use std::collections::BTreeMap;

use super::*;
use crate::{
    bookings::availability::{Day, Slot, Weekday},
    id::UserId,
};

/// 2026-07-16, a Thursday.
const NOW: &str = "2026-07-16T08:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

/// From "start/end", or an instant.
fn span(text: &str) -> TimeSpan {
    let (start, end) = text.split_once('/').unwrap_or((text, text));
    TimeSpan::new(at(start), at(end)).expect(text)
}

fn open(weekdays: &[(Weekday, &[(&str, &str)])]) -> BTreeMap<Weekday, Day> {
    let time = |text: &str| text.parse().expect(text);
    let slot = |(a, b): &(&str, &str)| Slot::new(time(a), time(b)).expect(a);
    let day = |(weekday, slots): &(Weekday, &[(&str, &str)])| {
        let slots = slots.iter().map(slot).collect();
        (
            *weekday,
            Day {
                enabled: true,
                slots,
            },
        )
    };
    weekdays.iter().map(day).collect()
}

/// A member, and what bounds their bookings, to be changed by each test.
struct Case {
    availability: Availability,
    zone: &'static str,
    reservations: Vec<TimeSpan>,
    limits: Limits,
}

impl Case {
    fn new() -> Self {
        Self {
            availability: Availability::default(),
            zone: "Europe/Paris",
            reservations: Vec::new(),
            limits: Limits {
                respect_availability: true,
                ..Limits::default()
            },
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn reserving(self, spans: &[&str]) -> Self {
        self.with(|case| case.reservations = spans.iter().map(|text| span(text)).collect())
    }

    fn check(&self, date: &str) -> Result<(), Unavailable> {
        let member = Member {
            availability: Some(&self.availability),
            zone: TimeZone::get(self.zone).expect(self.zone),
            reservations: &self.reservations,
            absences: &[],
        };
        check(&member, &span(date), &self.limits, at(NOW))
    }
}

#[test]
fn a_span_does_not_end_before_it_starts() {
    let (early, late) = (at("2026-07-16T07:00:00Z"), at("2026-07-16T08:00:00Z"));
    assert!(TimeSpan::new(early, late).is_ok());
    assert!(TimeSpan::new(early, early).is_ok());
    assert!(TimeSpan::new(late, early).is_err());
}

#[test]
fn spans_overlap_when_they_share_time_and_instants_when_they_happen_then() {
    let base = span("2026-07-16T08:00:00Z/2026-07-16T09:00:00Z");
    for (other, overlaps) in [
        ("2026-07-16T07:00:00Z/2026-07-16T08:00:00Z", false),
        ("2026-07-16T07:00:00Z/2026-07-16T08:00:01Z", true),
        ("2026-07-16T08:20:00Z/2026-07-16T08:40:00Z", true),
        ("2026-07-16T07:00:00Z/2026-07-16T10:00:00Z", true),
        ("2026-07-16T09:00:00Z/2026-07-16T10:00:00Z", false),
        ("2026-07-16T07:59:59Z", false),
        ("2026-07-16T08:00:00Z", true),
        ("2026-07-16T08:59:59Z", true),
        ("2026-07-16T09:00:00Z", false),
    ] {
        assert_eq!(base.overlaps(&span(other)), overlaps, "{other}");
        assert_eq!(span(other).overlaps(&base), overlaps, "{other}");
    }
    let instant = span("2026-07-16T08:00:00Z");
    assert!(instant.overlaps(&instant));
    assert!(!instant.overlaps(&span("2026-07-16T08:00:01Z")));
}

#[test]
fn a_member_without_availability_and_limits_is_always_open() {
    let member = Member {
        availability: None,
        zone: TimeZone::UTC,
        reservations: &[],
        absences: &[],
    };
    // `/v2/teams`'s sample books dates that have long passed.
    for date in [
        "2020-07-16T07:00:00Z/2020-07-16T08:00:00Z",
        "2020-07-16T13:00:00Z",
    ] {
        assert_eq!(
            check(&member, &span(date), &Limits::default(), at(NOW)),
            Ok(())
        );
    }
    assert_eq!(Case::new().check("2020-07-16T13:00:00Z"), Ok(()));
}

#[test]
fn the_past_is_refused_where_the_member_says_so() {
    let case = Case::new().with(|case| case.availability.horizons.past_as_busy = Some(true));
    assert_eq!(
        case.check("2026-07-16T07:59:59Z/2026-07-16T09:00:00Z"),
        Err(Unavailable::Past)
    );
    assert_eq!(case.check("2026-07-16T08:00:00Z"), Ok(()));
    let case = case.with(|case| case.availability.horizons.past_as_busy = Some(false));
    assert_eq!(case.check("2026-07-16T07:59:59Z"), Ok(()));
}

#[test]
fn today_is_a_day_of_the_members_zone() {
    let case = Case::new().with(|case| case.availability.horizons.today_as_busy = Some(true));
    assert_eq!(case.check("2026-07-16T21:59:59Z"), Err(Unavailable::Today));
    assert_eq!(case.check("2026-07-15T22:00:00Z"), Err(Unavailable::Today));
    assert_eq!(case.check("2026-07-16T22:00:00Z"), Ok(()));
    assert_eq!(case.check("2026-07-15T21:59:59Z"), Ok(()));
    let case = case.with(|case| case.zone = "America/New_York");
    assert_eq!(case.check("2026-07-16T22:00:00Z"), Err(Unavailable::Today));
}

#[test]
fn the_horizon_is_counted_in_days_of_the_members_zone() {
    let case =
        |days| Case::new().with(|case| case.availability.horizons.days_after_as_busy = Some(days));
    assert_eq!(case(2).check("2026-07-18T21:59:59Z"), Ok(()));
    assert_eq!(
        case(2).check("2026-07-18T22:00:00Z"),
        Err(Unavailable::BeyondHorizon)
    );
    assert_eq!(case(0).check("2026-07-16T21:59:59Z"), Ok(()));
    assert_eq!(
        case(0).check("2026-07-16T22:00:00Z"),
        Err(Unavailable::BeyondHorizon)
    );
    assert_eq!(case(0).check("2020-07-16T22:00:00Z"), Ok(()));
    assert_eq!(case(u32::MAX).check("9999-01-01T00:00:00Z"), Ok(()));
}

#[test]
fn all_of_a_date_is_inside_the_members_hours() {
    let case = Case::new().with(|case| {
        case.availability.days = Some(open(&[
            (
                Weekday::Friday,
                &[("14:00", "18:00"), ("09:00", "12:00"), ("12:00", "12:30")],
            ),
            (Weekday::Saturday, &[("22:00", "00:00")]),
            (Weekday::Sunday, &[("00:00", "02:00"), ("23:00", "00:00")]),
            (Weekday::Monday, &[("00:00", "01:00")]),
        ]));
    });
    // Friday, in a zone two hours ahead of UTC.
    for (date, fits) in [
        ("2026-07-17T07:00:00Z/2026-07-17T10:30:00Z", true),
        ("2026-07-17T06:59:59Z/2026-07-17T08:00:00Z", false),
        ("2026-07-17T10:00:00Z/2026-07-17T10:30:01Z", false),
        ("2026-07-17T10:00:00Z/2026-07-17T12:30:00Z", false),
        ("2026-07-17T12:00:00Z/2026-07-17T16:00:00Z", true),
        ("2026-07-17T07:00:00Z", true),
        ("2026-07-17T10:00:00Z", true),
        ("2026-07-17T10:30:00Z", false),
        ("2026-07-17T16:00:00Z", false),
        // Over midnight, inside the week and from one to the next.
        ("2026-07-18T20:00:00Z/2026-07-19T00:00:00Z", true),
        ("2026-07-18T20:00:00Z/2026-07-19T00:01:00Z", false),
        ("2026-07-19T21:00:00Z/2026-07-19T23:00:00Z", true),
        ("2026-07-19T21:00:00Z/2026-07-19T23:00:01Z", false),
        ("2026-07-19T22:00:00Z", true),
        // A week later is not the same slot.
        ("2026-07-17T07:00:00Z/2026-07-24T08:00:00Z", false),
        // A Thursday.
        ("2026-07-23T08:00:00Z/2026-07-23T09:00:00Z", false),
    ] {
        let expected = if fits {
            Ok(())
        } else {
            Err(Unavailable::OutsideHours)
        };
        assert_eq!(case.check(date), expected, "{date}");
    }
}

#[test]
fn hours_without_a_gap_hold_dates_of_any_length() {
    let always: &[(&str, &str)] = &[("00:00", "12:00"), ("12:00", "00:00")];
    let days = Weekday::ALL.map(|(weekday, _)| (weekday, always));
    let case = Case::new().with(|case| case.availability.days = Some(open(&days)));
    assert_eq!(
        case.check("1800-01-01T00:00:00Z/9000-01-01T00:00:00Z"),
        Ok(())
    );
    let case = case.with(|case| case.availability.days = Some(open(&days[1..])));
    assert_eq!(
        case.check("1800-01-01T00:00:00Z/9000-01-01T00:00:00Z"),
        Err(Unavailable::OutsideHours)
    );
    assert_eq!(
        case.check("2026-07-20T22:00:00Z/2026-07-26T22:00:00Z"),
        Ok(())
    );
}

#[test]
fn a_day_that_is_not_enabled_has_no_hours_and_neither_have_days_that_were_all_taken_out() {
    let mut case = Case::new().with(|case| {
        case.availability.days = Some(open(&[(Weekday::Friday, &[("09:00", "12:00")])]));
    });
    let friday = "2026-07-17T07:00:00Z/2026-07-17T08:00:00Z";
    assert_eq!(case.check(friday), Ok(()));
    let days = case.availability.days.as_mut().expect("days");
    days.get_mut(&Weekday::Friday).expect("Friday").enabled = false;
    assert_eq!(case.check(friday), Err(Unavailable::OutsideHours));
    case.availability.days = Some(BTreeMap::new());
    assert_eq!(case.check(friday), Err(Unavailable::OutsideHours));
    case.availability.days = None;
    assert_eq!(case.check(friday), Ok(()));
}

#[test]
fn hours_follow_the_clock_through_a_change_of_offset() {
    // On 2026-10-25 the hour from 02:00 occurs twice, on 2026-03-29 never.
    let hours = |slots| {
        Case::new().with(|case| case.availability.days = Some(open(&[(Weekday::Sunday, slots)])))
    };
    let early = hours(&[("01:00", "03:00")]);
    assert_eq!(
        early.check("2026-10-24T23:00:00Z/2026-10-25T02:00:00Z"),
        Ok(())
    );
    let out = Err(Unavailable::OutsideHours);
    assert_eq!(
        early.check("2026-10-24T23:00:00Z/2026-10-25T02:00:01Z"),
        out
    );
    // Half past two ends the slot the first time; the second is outside too.
    let late = hours(&[("01:00", "02:30"), ("03:00", "04:00")]);
    assert_eq!(
        late.check("2026-10-25T00:00:00Z/2026-10-25T00:30:00Z"),
        Ok(())
    );
    assert_eq!(
        late.check("2026-10-25T01:00:00Z/2026-10-25T01:30:00Z"),
        Ok(())
    );
    assert_eq!(late.check("2026-10-25T00:00:00Z/2026-10-25T01:00:00Z"), out);
    // A date that ends as the clock jumps has nothing to do with what follows.
    let until = hours(&[("01:00", "02:00")]);
    assert_eq!(
        until.check("2026-03-29T00:00:00Z/2026-03-29T01:00:00Z"),
        Ok(())
    );
    // What the clock skips need not be open.
    let around = hours(&[("01:00", "02:00"), ("03:00", "04:00")]);
    assert_eq!(
        around.check("2026-03-29T00:00:00Z/2026-03-29T02:00:00Z"),
        Ok(())
    );
    assert_eq!(
        around.check("2026-10-24T23:00:00Z/2026-10-25T02:00:00Z"),
        out
    );
}

#[test]
fn a_date_does_not_overlap_a_reservation_whatever_the_limits_say() {
    let case = Case::new().reserving(&[
        "2026-07-17T12:00:00Z/2026-07-17T13:00:00Z",
        "2026-07-17T08:00:00Z/2026-07-17T09:00:00Z",
        "2026-07-17T10:00:00Z",
    ]);
    let free = case.with(|case| case.limits.respect_availability = false);
    let booked = Err(Unavailable::Booked);
    assert_eq!(
        free.check("2026-07-17T08:30:00Z/2026-07-17T09:30:00Z"),
        booked
    );
    assert_eq!(
        free.check("2026-07-17T09:30:00Z/2026-07-17T10:30:00Z"),
        booked
    );
    assert_eq!(free.check("2026-07-17T10:00:00Z"), booked);
    assert_eq!(
        free.check("2026-07-17T09:00:00Z/2026-07-17T10:00:00Z"),
        Ok(())
    );
    assert_eq!(
        free.check("2026-07-17T10:00:01Z/2026-07-17T12:00:00Z"),
        Ok(())
    );
}

#[test]
fn the_larger_buffer_stays_free_between_any_two_meetings() {
    let case = Case::new()
        .with(|case| {
            case.availability.horizons.buffer_before = Some(10);
            case.availability.horizons.buffer_after = Some(20);
        })
        .reserving(&[
            "2026-07-17T08:00:00Z/2026-07-17T09:00:00Z",
            "2026-07-17T12:00:00Z",
        ]);
    let buffer = Err(Unavailable::Buffer);
    for (date, expected) in [
        ("2026-07-17T09:20:00Z/2026-07-17T10:00:00Z", Ok(())),
        ("2026-07-17T09:19:59Z/2026-07-17T10:00:00Z", buffer),
        ("2026-07-17T07:00:00Z/2026-07-17T07:40:00Z", Ok(())),
        ("2026-07-17T07:00:00Z/2026-07-17T07:40:01Z", buffer),
        ("2026-07-17T12:20:00Z", Ok(())),
        ("2026-07-17T12:19:59Z", buffer),
        ("2026-07-17T11:40:00Z", Ok(())),
        ("2026-07-17T11:40:01Z", buffer),
        ("2026-07-17T08:30:00Z", Err(Unavailable::Booked)),
    ] {
        assert_eq!(case.check(date), expected, "{date}");
    }
}

#[test]
fn a_team_may_ask_for_notice() {
    let case = Case::new().with(|case| case.limits.minimum_notice_minutes = 90);
    assert_eq!(case.check("2026-07-16T09:30:00Z"), Ok(()));
    assert_eq!(
        case.check("2026-07-16T09:29:59Z"),
        Err(Unavailable::MinimumNotice)
    );
    let most = case.with(|case| case.limits.minimum_notice_minutes = u32::MAX);
    assert_eq!(
        most.check("9999-01-01T00:00:00Z"),
        Err(Unavailable::MinimumNotice)
    );
}

#[test]
fn bookings_are_counted_by_the_members_own_days_and_weeks() {
    let case = |per_day, per_week| {
        Case::new()
            .with(|case| {
                case.limits.max_per_day = per_day;
                case.limits.max_per_week = per_week;
            })
            .reserving(&[
                // Monday 2026-07-20 from 00:30 local, and Sunday 2026-07-26.
                "2026-07-19T22:30:00Z/2026-07-19T23:00:00Z",
                "2026-07-26T21:59:00Z/2026-07-27T10:00:00Z",
            ])
    };
    let day = Err(Unavailable::MaxPerDay);
    assert_eq!(case(Some(1), None).check("2026-07-20T21:00:00Z"), day);
    assert_eq!(case(Some(2), None).check("2026-07-20T21:00:00Z"), Ok(()));
    assert_eq!(case(Some(1), None).check("2026-07-20T22:00:00Z"), Ok(()));
    assert_eq!(case(Some(1), None).check("2026-07-19T21:59:00Z"), Ok(()));
    assert_eq!(case(Some(0), None).check("2026-08-19T21:59:00Z"), day);
    let week = Err(Unavailable::MaxPerWeek);
    assert_eq!(case(None, Some(2)).check("2026-07-22T10:00:00Z"), week);
    assert_eq!(case(None, Some(3)).check("2026-07-22T10:00:00Z"), Ok(()));
    assert_eq!(case(None, Some(1)).check("2026-07-19T21:59:00Z"), Ok(()));
    assert_eq!(case(None, Some(1)).check("2026-07-27T10:00:00Z"), Ok(()));
}

#[test]
fn a_week_may_lie_in_two_years() {
    let case = Case::new()
        .with(|case| case.limits.max_per_week = Some(1))
        .reserving(&["2026-12-31T10:00:00Z"]);
    assert_eq!(
        case.check("2027-01-03T10:00:00Z"),
        Err(Unavailable::MaxPerWeek)
    );
    assert_eq!(case.check("2027-01-04T10:00:00Z"), Ok(()));
    assert_eq!(case.check("2025-12-31T10:00:00Z"), Ok(()));
}

#[test]
fn without_respect_for_availability_only_the_teams_rules_and_reservations_count() {
    let mut case = Case::new().reserving(&["2026-07-15T05:00:00Z/2026-07-15T06:00:00Z"]);
    case.availability.days = Some(open(&[(Weekday::Friday, &[("09:00", "12:00")])]));
    let horizons = &mut case.availability.horizons;
    horizons.past_as_busy = Some(true);
    horizons.today_as_busy = Some(true);
    horizons.days_after_as_busy = Some(0);
    horizons.buffer_before = Some(60);
    case.limits.respect_availability = false;
    assert_eq!(case.check("2026-07-15T06:00:00Z"), Ok(()));
    assert_eq!(case.check("2026-07-16T09:00:00Z"), Ok(()));
    assert_eq!(case.check("2026-08-16T09:00:00Z"), Ok(()));
    assert_eq!(case.check("2026-07-15T05:00:00Z"), Err(Unavailable::Booked));
    case.limits.max_per_day = Some(1);
    assert_eq!(
        case.check("2026-07-15T06:00:00Z"),
        Err(Unavailable::MaxPerDay)
    );
    case.limits.minimum_notice_minutes = 1;
    assert_eq!(
        case.check("2026-07-15T06:00:00Z"),
        Err(Unavailable::MinimumNotice)
    );
}

#[test]
fn the_ends_of_time_are_dates_like_any_other() {
    let mut case = Case::new().reserving(&["2026-07-17T08:00:00Z"]);
    case.availability.days = Some(open(&[(Weekday::Friday, &[("09:00", "12:00")])]));
    case.availability.horizons.buffer_before = Some(1440);
    case.availability.horizons.buffer_after = Some(1440);
    case.limits.max_per_week = Some(1);
    for respect in [true, false] {
        case.limits.respect_availability = respect;
        for (start, end) in [
            (Timestamp::MIN, Timestamp::MIN),
            (Timestamp::MAX, Timestamp::MAX),
            (Timestamp::MIN, Timestamp::MAX),
        ] {
            let date = format!("{start}/{end}");
            let expected = match (respect, start == end) {
                (false, true) => Ok(()),
                (false, false) => Err(Unavailable::Booked),
                (true, _) => Err(Unavailable::OutsideHours),
            };
            assert_eq!(case.check(&date), expected, "{date}");
        }
    }
}

#[test]
fn the_zone_is_the_availabilitys_else_the_profiles_else_utc() {
    let id = UserId::from_bytes([0; 12]);
    let mut user = User::new(id, 1, at(NOW));
    assert_eq!(zone_of(&user), TimeZone::UTC);
    user.profile.timezone = Some("Europe/Paris".parse().expect("a zone"));
    user.availability = Some(Availability::default());
    assert_eq!(zone_of(&user).iana_name(), Some("Europe/Paris"));
    let horizons = &mut user.availability.get_or_insert_default().horizons;
    horizons.timezone = Some("Asia/Kathmandu".parse().expect("a zone"));
    assert_eq!(zone_of(&user).iana_name(), Some("Asia/Kathmandu"));
}

#[test]
fn the_zone_of_dates_is_the_profiles_else_the_availabilitys_else_utc() {
    let mut user = User::new(UserId::from_bytes([0; 12]), 1, at(NOW));
    assert_eq!(date_zone_of(&user).as_str(), "UTC");
    let horizons = &mut user.availability.get_or_insert_default().horizons;
    horizons.timezone = Some("Asia/Kathmandu".parse().expect("a zone"));
    assert_eq!(date_zone_of(&user).as_str(), "Asia/Kathmandu");
    user.profile.timezone = Some("Europe/Paris".parse().expect("a zone"));
    assert_eq!(date_zone_of(&user).as_str(), "Europe/Paris");
}
