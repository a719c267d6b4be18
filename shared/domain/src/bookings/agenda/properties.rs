//! Holds [`check`] to a brute force that looks at every minute by itself, around
//! both changes of offset of zones that do it in different ways.
//!
//! The brute force shares with the code only jiff's conversion of one instant
//! to local time. Everything in it is in whole minutes.

mod dates;

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::DateTime};
use proptest::prelude::*;

use super::*;
use crate::bookings::{
    availability::{Day, MinuteOfDay, Slot, Weekday},
    time_off::AbsenceKind,
};

/// Zones, and instants at which their offset changes.
const CHANGES: [(&str, &str); 16] = [
    ("Europe/Paris", "2026-03-29T01:00:00Z"),
    ("Europe/Paris", "2026-10-25T01:00:00Z"),
    ("America/New_York", "2026-03-08T07:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    // Half an hour.
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    // A quarter of an hour, once and for all.
    ("Asia/Kathmandu", "1985-12-31T18:30:00Z"),
    // A change as usual, and the one that skipped 2011-12-30.
    ("Pacific/Apia", "2011-09-24T14:00:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ("Pacific/Apia", "2012-03-31T14:00:00Z"),
    // From midnight to 01:00, and from midnight back to 23:00.
    ("America/Sao_Paulo", "2018-11-04T03:00:00Z"),
    ("America/Sao_Paulo", "2018-02-18T02:00:00Z"),
    ("Africa/Cairo", "2026-04-23T22:00:00Z"),
    ("Africa/Cairo", "2026-10-29T21:00:00Z"),
    // Summer time except in Ramadan.
    ("Africa/Casablanca", "2026-02-15T02:00:00Z"),
    ("Africa/Casablanca", "2026-03-22T02:00:00Z"),
];

pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect(name)
}

fn minute(of: Timestamp) -> i64 {
    of.as_second() / 60
}

fn instant(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).expect("a minute")
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) zone: &'static str,
    pub(crate) availability: Availability,
    pub(crate) reservations: Vec<TimeSpan>,
    pub(crate) absences: Vec<Absence>,
    pub(crate) date: TimeSpan,
    pub(crate) limits: Limits,
    pub(crate) now: Timestamp,
}

impl Case {
    fn check(&self) -> Result<(), Unavailable> {
        let member = Member {
            availability: Some(&self.availability),
            zone: zone(self.zone),
            reservations: &self.reservations,
            absences: &self.absences,
        };
        check(&member, &self.date, &self.limits, self.now)
    }
}

/// The rules once more, as they are told rather than as they are computed.
struct BruteForce<'a> {
    case: &'a Case,
    zone: TimeZone,
}

impl BruteForce<'_> {
    fn local(&self, minute: i64) -> DateTime {
        instant(minute).to_zoned(self.zone.clone()).datetime()
    }

    fn day(&self, of: Timestamp) -> Date {
        self.local(minute(of)).date()
    }

    /// The Monday of a day's week, found by walking.
    fn monday(&self, of: Timestamp) -> Date {
        let mut day = self.day(of);
        while day.weekday() != jiff::civil::Weekday::Monday {
            day = day.yesterday().expect("an earlier day");
        }
        day
    }

    fn is_open(&self, minute: i64, availability: &Availability) -> bool {
        let local = self.local(minute);
        let (weekday, _) =
            Weekday::ALL[usize::try_from(local.weekday().to_monday_zero_offset()).expect("0 to 6")];
        let minutes = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute()));
        let minutes = minutes.expect("a minute of the day");
        let weekly = || match &availability.days {
            Some(days) => days.get(&weekday).cloned().unwrap_or_default(),
            None => Day {
                enabled: true,
                slots: vec![slot(0, 1440)],
            },
        };
        let day = availability.overrides.get(&local.date()).cloned();
        Some(day.unwrap_or_else(weekly)).is_some_and(|day| {
            let holds = |slot: &Slot| {
                slot.start_time.minutes() <= minutes && minutes < slot.end_time.minutes()
            };
            day.enabled && day.slots.iter().any(holds)
        })
    }

    /// The minutes that a span takes; an instant takes the one it begins.
    fn minutes(span: &TimeSpan) -> std::ops::Range<i64> {
        let start = minute(span.start);
        start..minute(span.end).max(start + 1)
    }

    /// Whether something happens at a point of time, in half minutes.
    fn is_taken(&self, half_minute: i64) -> bool {
        self.case.reservations.iter().any(|r| {
            let (start, end) = (2 * minute(r.start), 2 * minute(r.end));
            half_minute == start || (start <= half_minute && half_minute < end)
        })
    }

    fn check(&self) -> Result<(), Unavailable> {
        let Case {
            reservations,
            absences,
            date,
            limits,
            now,
            ..
        } = self.case;
        let (start, end, now) = (minute(date.start), minute(date.end), minute(*now));
        let notice = i64::from(limits.minimum_notice_minutes);
        if notice > 0 && start < now + notice {
            return Err(Unavailable::MinimumNotice);
        }
        let availability = &self.case.availability;
        let horizons = &availability.horizons;
        let respect = limits.respect_availability;
        let today = self.local(now).date();
        let day = self.day(date.start);
        if respect && horizons.past_as_busy == Some(true) && start < now {
            return Err(Unavailable::Past);
        }
        if respect && horizons.today_as_busy == Some(true) && day == today {
            return Err(Unavailable::Today);
        }
        if let Some(most) = horizons.days_after_as_busy
            && respect
            && day > today.checked_add(i64::from(most).days()).expect("a day")
        {
            return Err(Unavailable::BeyondHorizon);
        }
        if respect && !Self::minutes(date).all(|minute| self.is_open(minute, availability)) {
            return Err(Unavailable::OutsideHours);
        }
        let taken = |span: &TimeSpan| Self::minutes(span).any(|m| Self::minutes(date).contains(&m));
        let away = absences.iter().filter(|absence| taken(&absence.span));
        let (unknown, known): (Vec<&Absence>, Vec<&Absence>) =
            away.partition(|absence| absence.why.kind == AbsenceKind::StaleCalendar);
        // What may be is told where nothing is known.
        let told = if known.is_empty() { unknown } else { known };
        if let Some(absence) = told.into_iter().max_by_key(|absence| absence.span.end)
            && limits.respect_time_off
        {
            return Err(Unavailable::Absent(absence.why));
        }
        if reservations.iter().any(taken) {
            return Err(Unavailable::Booked);
        }
        let gap = horizons.buffer_before.max(horizons.buffer_after);
        let gap = 2 * i64::from(gap.unwrap_or(0));
        // What ends or begins right at the edge is far enough away.
        let mut near = (2 * start - gap + 1)..(2 * end + gap);
        if respect && near.any(|half_minute| self.is_taken(half_minute)) {
            return Err(Unavailable::Buffer);
        }
        let starts = || reservations.iter().map(|r| r.start);
        let same_day = starts().filter(|other| self.day(*other) == day).count();
        if limits
            .max_per_day
            .is_some_and(|max| same_day >= max as usize)
        {
            return Err(Unavailable::MaxPerDay);
        }
        let monday = self.monday(date.start);
        let same_week = starts()
            .filter(|other| self.monday(*other) == monday)
            .count();
        if limits
            .max_per_week
            .is_some_and(|max| same_week >= max as usize)
        {
            return Err(Unavailable::MaxPerWeek);
        }
        Ok(())
    }
}

fn brute_force(case: &Case) -> Result<(), Unavailable> {
    let zone = zone(case.zone);
    BruteForce { case, zone }.check()
}

fn change() -> impl Strategy<Value = (&'static str, i64)> {
    proptest::sample::select(&CHANGES).prop_map(|(zone, change)| {
        let change: Timestamp = change.parse().expect(change);
        (zone, minute(change))
    })
}

/// Minutes of a day, most of them such as the changes of offset begin and end at.
fn minute_of_day() -> impl Strategy<Value = u16> {
    const EDGES: [u16; 12] = [0, 30, 60, 90, 120, 150, 180, 210, 240, 1380, 1410, 1425];
    prop_oneof![2 => proptest::sample::select(&EDGES), 1 => 0_u16..1440]
}

fn time(minutes: u16) -> MinuteOfDay {
    let text = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    text.parse().expect("a time")
}

fn slot(start: u16, end: u16) -> Slot {
    Slot::new(time(start), time(end % 1440)).expect("a slot")
}

fn slots() -> impl Strategy<Value = Vec<Slot>> {
    let cuts = || prop::collection::btree_set(minute_of_day(), 2..6);
    prop_oneof![
        // The whole day, in one slot or in some that touch.
        3 => Just(vec![slot(0, 1440)]),
        2 => cuts().prop_map(|cuts| {
            let mut edges: Vec<_> = cuts.into_iter().filter(|cut| *cut > 0).collect();
            edges.push(1440);
            let mut start = 0;
            edges.into_iter().map(|end| slot(std::mem::replace(&mut start, end), end)).collect()
        }),
        // All but some minutes.
        3 => cuts().prop_map(|cuts| {
            let cuts: Vec<_> = cuts.into_iter().collect();
            let (first, last) = (cuts[0], cuts[1]);
            let around = [(0, first), (last, 1440)];
            around.into_iter().filter(|(a, b)| a < b).map(|(a, b)| slot(a, b)).rev().collect()
        }),
        2 => cuts().prop_map(|cuts| {
            let cuts: Vec<_> = cuts.into_iter().collect();
            cuts.chunks_exact(2).map(|cut| slot(cut[0], cut[1])).collect()
        }),
    ]
}

fn days() -> impl Strategy<Value = BTreeMap<Weekday, Day>> {
    let day =
        (prop::bool::weighted(0.9), slots()).prop_map(|(enabled, slots)| Day { enabled, slots });
    let week = prop::array::uniform7(prop::option::weighted(0.95, day)).prop_map(|week| {
        let days = Weekday::ALL.into_iter().zip(week);
        days.filter_map(|((weekday, _), day)| Some((weekday, day?)))
            .collect()
    });
    // Now and then the last day was taken out.
    prop_oneof![30 => week, 1 => Just(BTreeMap::new())]
}

/// Hours of a few days around a date, by how many days they are apart from it.
fn overrides() -> impl Strategy<Value = BTreeMap<i64, Day>> {
    let day =
        (prop::bool::weighted(0.8), slots()).prop_map(|(enabled, slots)| Day { enabled, slots });
    prop_oneof![
        3 => Just(BTreeMap::new()),
        2 => prop::collection::btree_map(-3_i64..4, day, 0..5),
    ]
}

/// The same, by their dates.
fn dated(overrides: BTreeMap<i64, Day>, name: &str, near: TimeSpan) -> BTreeMap<Date, Day> {
    let date = zone(name).to_datetime(near.start).date();
    let overrides = overrides.into_iter();
    overrides
        .map(|(days, day)| (date.checked_add(days.days()).expect("a date"), day))
        .collect()
}

/// How long a date takes: mostly hours, now and then nothing at all or days.
fn length() -> impl Strategy<Value = i64> {
    prop_oneof![2 => Just(0), 8 => 1_i64..300, 4 => 300_i64..3_000, 1 => 3_000_i64..12_000]
}

/// A date near a change of offset, most often around it; now and then it starts
/// or ends right there.
fn date() -> impl Strategy<Value = (&'static str, TimeSpan)> {
    let lead = prop_oneof![1 => Just(0_i64), 4 => -200_i64..200, 2 => -3_000_i64..3_000];
    (change(), lead, length(), any::<bool>()).prop_map(|((zone, change), lead, length, back)| {
        let start = change + lead - if back { length } else { 0 };
        let (start, end) = (instant(start), instant(start + length));
        (zone, TimeSpan { start, end })
    })
}

fn sometimes<T: Clone + fmt::Debug>(
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.4, value)
}

fn horizons() -> impl Strategy<Value = Horizons> {
    (
        sometimes(any::<bool>()),
        sometimes(any::<bool>()),
        sometimes(0_u32..12),
        sometimes(1_u32..90),
        sometimes(1_u32..90),
    )
        .prop_map(|(past, today, days, before, after)| Horizons {
            past_as_busy: past,
            today_as_busy: today,
            days_after_as_busy: days,
            buffer_before: before,
            buffer_after: after,
            ..Horizons::default()
        })
}

fn limits() -> impl Strategy<Value = Limits> {
    (
        prop_oneof![3 => Just(0_u32), 1 => 0_u32..3_000],
        sometimes(1_u32..4),
        sometimes(0_u32..8),
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.9),
    )
        .prop_map(|(notice, per_day, per_week, respect, time_off)| Limits {
            minimum_notice_minutes: notice,
            max_per_day: per_day,
            max_per_week: per_week,
            respect_availability: respect,
            respect_time_off: time_off,
            holidays: Vec::new(),
        })
}

pub(crate) fn case() -> impl Strategy<Value = Case> {
    // How far before or after the date; below 0, it is likely to overlap.
    let gap = prop_oneof![1 => -30_i64..1, 12 => 0_i64..100, 12 => 0_i64..10_000];
    let length = prop_oneof![1 => Just(0), 4 => 1_i64..60];
    let reservations = prop::collection::vec((any::<bool>(), gap, length), 0..8);
    let lead = prop_oneof![3 => -1_500_i64..1_500, 3 => 0_i64..12_000];
    let kinds = prop::sample::select(vec![
        AbsenceKind::Leave,
        AbsenceKind::Holiday,
        AbsenceKind::Calendar,
        AbsenceKind::StaleCalendar,
    ]);
    let away = (any::<bool>(), -100_i64..4_000, 1_i64..3_000, kinds);
    let fields = (
        date(),
        sometimes(days()),
        overrides(),
        horizons(),
        reservations,
        prop::collection::vec(away, 0..3),
        limits(),
        lead,
    );
    fields.prop_map(
        |((zone, date), days, overrides, horizons, reservations, absences, limits, lead)| {
            let reserved = |(after, gap, length): (bool, i64, i64)| {
                let start = if after {
                    minute(date.end) + gap
                } else {
                    minute(date.start) - gap - length
                };
                TimeSpan {
                    start: instant(start),
                    end: instant(start + length),
                }
            };
            let absent = |(after, gap, length, kind)| Absence {
                span: reserved((after, gap, length)),
                why: Absent { kind, last: None },
            };
            Case {
                zone,
                availability: Availability {
                    overrides: dated(overrides, zone, date),
                    horizons,
                    days,
                },
                reservations: reservations.into_iter().map(reserved).collect(),
                absences: absences.into_iter().map(absent).collect(),
                date,
                limits,
                now: instant(minute(date.start) - lead),
            }
        },
    )
}

/// A case in which only the hours count.
fn hours_only() -> impl Strategy<Value = Case> {
    (date(), days(), overrides()).prop_map(|((zone, date), days, overrides)| Case {
        zone,
        availability: Availability {
            days: Some(days),
            overrides: dated(overrides, zone, date),
            ..Availability::default()
        },
        reservations: Vec::new(),
        absences: Vec::new(),
        date,
        limits: Limits {
            respect_availability: true,
            ..Limits::default()
        },
        now: date.start,
    })
}

#[test]
fn the_offsets_of_the_zones_do_change_there() {
    for (name, change) in CHANGES {
        let change = minute(change.parse().expect(change));
        let zone = zone(name);
        let [before, after] = [change - 1, change].map(|minute| zone.to_offset(instant(minute)));
        assert_ne!(before, after, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn hours_are_those_that_every_minute_is_in(case in hours_only()) {
        prop_assert_eq!(case.check(), brute_force(&case));
    }

    #[test]
    fn a_member_can_take_what_breaks_no_rule(case in case()) {
        prop_assert_eq!(case.check(), brute_force(&case));
    }

    #[test]
    fn what_is_reserved_outside_of_what_is_looked_at_does_not_matter(case in case()) {
        let zone = zone(case.zone);
        let mut near = case.clone();
        let member = Member { availability: Some(&case.availability), zone, reservations: &[], absences: &[] };
        let looked_at = member.looked_at(&case.date, &case.limits);
        near.reservations.retain(|reserved| reserved.overlaps(&looked_at));
        prop_assert_eq!(near.check(), case.check());
    }

    #[test]
    fn overlap_is_mutual_and_is_sharing_a_minute(
        (_, one) in date(), shift in -400_i64..400, length in length()
    ) {
        let start = minute(one.start) + shift;
        let other = TimeSpan { start: instant(start), end: instant(start + length) };
        let shared = BruteForce::minutes(&one).any(|m| BruteForce::minutes(&other).contains(&m));
        prop_assert_eq!(one.overlaps(&other), shared);
        prop_assert_eq!(other.overlaps(&one), shared);
    }
}
