//! When a user can be booked: weekly slots, horizons and buffers (`/v2/users`).

mod slot;

use std::collections::BTreeMap;

use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

pub use self::slot::{MinuteOfDay, Slot, SlotText, SlotTime};
use crate::{
    error::{Location, Unacceptable, Violation},
    patch::{Patch, settings},
    zone::ZoneName,
};

/// Most dates that can have hours of their own.
pub const MAX_OVERRIDES: usize = 100;

/// Most slots a day can have.
pub const MAX_SLOTS_PER_DAY: usize = 24;

/// A day of the week, named as `/v2/users`'s `availability.days` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// The seven days and the names that `/v2/users` gives them.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Monday, "monday"),
        (Self::Tuesday, "tuesday"),
        (Self::Wednesday, "wednesday"),
        (Self::Thursday, "thursday"),
        (Self::Friday, "friday"),
        (Self::Saturday, "saturday"),
        (Self::Sunday, "sunday"),
    ];

    /// The day that a date is.
    #[must_use]
    pub fn of(date: Date) -> Self {
        let number = usize::try_from(date.weekday().to_monday_zero_offset()).ok();
        let found = number.and_then(|number| Self::ALL.get(number));
        found.map_or(Self::Monday, |(weekday, _)| *weekday)
    }

    /// The name that `/v2/users` gives the day.
    #[must_use]
    pub fn name(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find(|(day, _)| *day == self)
            .map_or("", |(_, name)| name)
    }
}

/// The hours of one day of the week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Whether the user can be booked on this day at all.
    pub enabled: bool,
    /// When, in the order given; they do not overlap.
    pub slots: Vec<Slot>,
}

/// A change to [`Day`]: what is absent stays, but for a day that is given slots:
/// it is enabled unless the change says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayChange {
    /// Whether the user can be booked on this day at all.
    pub enabled: Option<bool>,
    /// Replaces the slots.
    pub slots: Option<Vec<SlotText>>,
}

impl DayChange {
    /// Makes the change. Where it cannot, what is wrong with which slot.
    fn apply(self, to: &mut Day, zone: &TimeZone) -> Result<(), (usize, Unacceptable)> {
        if let Some(slots) = self.slots {
            let read = slots.iter().enumerate();
            let read = read.map(|(index, slot)| slot.slot(zone).map_err(|wrong| (index, wrong)));
            let slots: Vec<Slot> = read.collect::<Result<_, _>>()?;
            // The same hours in another order are no change.
            if !same_slots(&slots, &to.slots) {
                to.slots = slots;
            }
            to.enabled |= !to.slots.is_empty();
        }
        if let Some(enabled) = self.enabled {
            to.enabled = enabled;
        }
        Ok(())
    }
}

settings! {
    /// The settings of an availability, apart from its days (`/v2/users`).
    pub struct Horizons changed by HorizonsChange {
        /// Zone of the slots.
        timezone: ZoneName,
        /// Prevents bookings on the same day.
        today_as_busy: bool,
        /// Prevents bookings in the past.
        past_as_busy: bool,
        /// Prevents bookings more than this many days ahead; 0 to 3,650.
        days_after_as_busy: u32,
        /// Minutes that stay free before each meeting; 0 to 1,440.
        buffer_before: u32,
        /// Minutes that stay free after each meeting; 0 to 1,440.
        buffer_after: u32,
        /// Whether a busy all-day event takes the whole day.
        all_day_busy: bool,
    }
}

/// When a user can be booked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Availability {
    /// Zone, horizons and buffers.
    #[serde(flatten)]
    pub horizons: Horizons,
    /// Hours by day of the week. None: any hour. A day that is missing here is
    /// not enabled: when the last is taken out, no hour is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<BTreeMap<Weekday, Day>>,
    /// Hours of dates that are not as the week says: in place of its hours, not beside
    /// them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<Date, Day>,
}

impl Availability {
    /// The hours of a date, in minutes since its midnight, in order: the first, and the
    /// first behind. Without any set, the whole day.
    ///
    /// ```
    /// use roster_domain::bookings::availability::Availability;
    ///
    /// let any = Availability::default();
    /// assert_eq!(any.slots_on(jiff::civil::date(2026, 12, 24)), [(0, 1_440)]);
    /// ```
    #[must_use]
    pub fn slots_on(&self, date: Date) -> Vec<(u16, u16)> {
        let weekly = || self.days.as_ref().map(|days| days.get(&Weekday::of(date)));
        let day = match self.overrides.get(&date) {
            Some(day) => Some(Some(day)),
            None => weekly(),
        };
        let Some(day) = day else {
            return vec![(0, MinuteOfDay::MIDNIGHT_AT_END.minutes())];
        };
        let slots = day.filter(|day| day.enabled).into_iter();
        let slots = slots.flat_map(|day| &day.slots);
        let mut slots: Vec<_> = slots
            .map(|slot| (slot.start_time.minutes(), slot.end_time.minutes()))
            .collect();
        slots.sort_unstable();
        slots
    }
}

/// A change to [`Availability`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AvailabilityChange {
    /// Changes to zone, horizons and buffers.
    pub horizons: HorizonsChange,
    /// Changes day by day; clearing a day removes it.
    pub days: Patch<BTreeMap<Weekday, Patch<DayChange>>>,
    /// Changes date by date; clearing a date leaves it to the week.
    pub overrides: Patch<BTreeMap<Date, Patch<DayChange>>>,
}

impl AvailabilityChange {
    /// Makes the change, and holds the result to the rules that need more than
    /// one field. `zone` is that of the slots where the availability has none,
    /// and `pointer` where the availability stands in the body.
    pub fn apply(
        self,
        to: &mut Availability,
        zone: Option<&ZoneName>,
        pointer: &str,
    ) -> Result<(), Violation> {
        self.horizons.apply(&mut to.horizons);
        let zone = to.horizons.timezone.as_ref().or(zone);
        let zone = zone.map_or(TimeZone::UTC, ZoneName::rules);
        match self.days {
            Patch::Keep => {}
            Patch::Clear => to.days = None,
            Patch::Set(changes) => {
                for (weekday, change) in changes {
                    let pointer = format!("{pointer}/days/{}", weekday.name());
                    change_weekday(&mut to.days, weekday, change, &zone)
                        .map_err(|wrong| wrong_slot(&pointer, wrong))?;
                }
            }
        }
        match self.overrides {
            Patch::Keep => {}
            Patch::Clear => to.overrides.clear(),
            Patch::Set(changes) => {
                for (date, change) in changes {
                    change_day(&mut to.overrides, date, change, &zone).map_err(|wrong| {
                        wrong_slot(&format!("{pointer}/overrides/{date}"), wrong)
                    })?;
                }
            }
        }
        let wrong = |place: String, detail: String| {
            let location = Location::body(format!("{pointer}/{place}"));
            Err(Violation::unacceptable(location, detail))
        };
        for (weekday, name) in Weekday::ALL {
            let day = to.days.as_ref().and_then(|days| days.get(&weekday));
            if let Some(detail) = day.and_then(broken_rule) {
                return wrong(format!("days/{name}/slots"), detail.to_owned());
            }
        }
        for (date, day) in &to.overrides {
            if let Some(detail) = broken_rule(day) {
                return wrong(format!("overrides/{date}/slots"), detail.to_owned());
            }
        }
        if to.overrides.len() > MAX_OVERRIDES {
            let detail = format!(
                "must have at most {MAX_OVERRIDES} dates; take out those that have passed, each \
                 with null"
            );
            return wrong("overrides".to_owned(), detail);
        }
        Ok(())
    }
}

/// What is wrong with a slot of the day that stands at a place.
fn wrong_slot(pointer: &str, (index, Unacceptable(detail)): (usize, Unacceptable)) -> Violation {
    Violation::unacceptable(Location::body(format!("{pointer}/slots/{index}")), detail)
}

/// A day that is not there cannot be taken out, and an empty change is none:
/// neither makes days out of none.
fn change_weekday(
    days: &mut Option<BTreeMap<Weekday, Day>>,
    weekday: Weekday,
    change: Patch<DayChange>,
    zone: &TimeZone,
) -> Result<(), (usize, Unacceptable)> {
    if days.is_none()
        && change
            .set()
            .is_none_or(|change| *change == DayChange::default())
    {
        return Ok(());
    }
    change_day(days.get_or_insert_default(), weekday, change, zone)
}

fn change_day<Key: Ord>(
    days: &mut BTreeMap<Key, Day>,
    key: Key,
    change: Patch<DayChange>,
    zone: &TimeZone,
) -> Result<(), (usize, Unacceptable)> {
    match change {
        Patch::Set(change) if change != DayChange::default() => {
            change.apply(days.entry(key).or_default(), zone)
        }
        Patch::Clear => {
            days.remove(&key);
            Ok(())
        }
        Patch::Set(_) | Patch::Keep => Ok(()),
    }
}

/// Whether these are the same hours, in whichever order.
fn same_slots(a: &[Slot], b: &[Slot]) -> bool {
    let sorted = |slots: &[Slot]| {
        let mut slots = slots.to_vec();
        slots.sort();
        slots
    };
    sorted(a) == sorted(b)
}

fn broken_rule(day: &Day) -> Option<&'static str> {
    if day.enabled && day.slots.is_empty() {
        return Some(
            "must have at least one slot when the day is enabled; the whole day is 00:00 to 24:00",
        );
    }
    let mut slots = day.slots.clone();
    slots.sort();
    slots
        .array_windows()
        .any(|[before, after]| after.start_time < before.end_time)
        .then_some("must not overlap one another")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(start: &str, end: &str) -> SlotText {
        SlotText {
            start_time: start.parse().expect(start),
            end_time: end.parse().expect(end),
        }
    }

    fn day(enabled: Option<bool>, slots: Option<Vec<SlotText>>) -> Patch<DayChange> {
        Patch::Set(DayChange { enabled, slots })
    }

    fn change(weekday: Weekday, day: Patch<DayChange>) -> AvailabilityChange {
        AvailabilityChange {
            days: Patch::Set(BTreeMap::from([(weekday, day)])),
            ..AvailabilityChange::default()
        }
    }

    fn apply(change: AvailabilityChange, to: &mut Availability) -> Result<(), Violation> {
        change.apply(to, None, "/availability")
    }

    #[test]
    fn overlapping_slots_are_refused_where_they_stand() {
        let friday = |slots| change(Weekday::Friday, day(Some(true), Some(slots)));
        let mut availability = Availability::default();
        let touching = friday(vec![slot("12:00", "13:00"), slot("10:00", "12:00")]);
        assert_eq!(apply(touching, &mut availability), Ok(()));
        let overlapping = friday(vec![slot("10:00", "12:00"), slot("11:59", "13:00")]);
        let violation = apply(overlapping, &mut availability).expect_err("overlap");
        assert_eq!(
            violation.location,
            Location::body("/availability/days/friday/slots")
        );
    }

    #[test]
    fn taking_out_the_last_day_leaves_no_hours_and_what_is_not_there_cannot_be_taken_out() {
        let mut availability = Availability::default();
        for nothing in [Patch::Clear, Patch::Keep, day(None, None)] {
            apply(change(Weekday::Monday, nothing), &mut availability).expect("a change");
            assert_eq!(availability.days, None, "any hour, as before");
        }
        let hours = day(Some(true), Some(vec![slot("09:00", "10:00")]));
        apply(change(Weekday::Monday, hours), &mut availability).expect("a change");
        apply(change(Weekday::Tuesday, Patch::Clear), &mut availability).expect("a change");
        apply(change(Weekday::Monday, Patch::Clear), &mut availability).expect("a change");
        assert_eq!(availability.days, Some(BTreeMap::new()), "no hour");
        let all = AvailabilityChange {
            days: Patch::Clear,
            ..AvailabilityChange::default()
        };
        apply(all, &mut availability).expect("a change");
        assert_eq!(availability.days, None, "any hour");
    }

    #[test]
    fn a_day_that_is_given_slots_is_enabled_unless_it_is_said_otherwise() {
        let mut availability = Availability::default();
        let mut enabled = |enabled, slots| {
            apply(
                change(Weekday::Monday, day(enabled, slots)),
                &mut availability,
            )
            .expect("a change");
            availability.days.as_ref().expect("days")[&Weekday::Monday].enabled
        };
        let slots = || Some(vec![slot("09:00", "10:00")]);
        assert!(!enabled(None, Some(Vec::new())));
        assert!(enabled(None, slots()));
        assert!(!enabled(Some(false), None));
        assert!(!enabled(Some(false), slots()));
        assert!(enabled(None, slots()));
    }

    #[test]
    fn an_offset_is_turned_into_the_zone_that_the_change_leaves() {
        let times = || slot("2018-01-01T08:00:00Z", "2018-01-01T16:00:00Z");
        let mut availability = Availability::default();
        let mut start = |zone: Option<&str>, fallback: Option<&str>| {
            let mut change = change(Weekday::Monday, day(None, Some(vec![times()])));
            let zone = zone.map(|zone| zone.parse().expect(zone));
            change.horizons.timezone = zone.map_or(Patch::Clear, Patch::Set);
            let fallback = fallback.map(|zone| zone.parse().expect(zone));
            change
                .apply(&mut availability, fallback.as_ref(), "")
                .expect("a change");
            let days = availability.days.as_ref().expect("days");
            days[&Weekday::Monday].slots[0].start_time.minutes() / 60
        };
        assert_eq!(start(None, None), 8);
        assert_eq!(start(None, Some("Europe/Paris")), 9);
        assert_eq!(start(Some("Europe/Athens"), Some("Europe/Paris")), 10);
        let mut change = change(Weekday::Monday, day(None, Some(vec![times()])));
        change.horizons.timezone = Patch::Set("Asia/Tokyo".parse().expect("a zone"));
        let refused = change.apply(&mut availability, None, "/availability");
        let location = refused.expect_err("17:00 to 01:00").location;
        assert_eq!(
            location,
            Location::body("/availability/days/monday/slots/0")
        );
    }
}
