//! When a user can be booked: weekly slots, horizons and buffers (S0, S1).

use std::{collections::BTreeMap, str::FromStr};

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::{
    error::{Place, Unacceptable, Violation},
    patch::{Patch, settings},
    zone::ZoneName,
};

/// Most slots a day can have.
pub const MAX_SLOTS_PER_DAY: usize = 24;

/// A day of the week, named as S1's `availability.days` names it.
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
    /// The seven days and the names that S1 gives them.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Monday, "monday"),
        (Self::Tuesday, "tuesday"),
        (Self::Wednesday, "wednesday"),
        (Self::Thursday, "thursday"),
        (Self::Friday, "friday"),
        (Self::Saturday, "saturday"),
        (Self::Sunday, "sunday"),
    ];
}

/// A time of day, in minutes since midnight: 0 to 1,439, and as the end of a
/// slot 1,440, the midnight that ends the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MinuteOfDay(u16);

impl MinuteOfDay {
    /// The midnight that ends the day.
    pub const MIDNIGHT_AT_END: Self = Self(1440);

    /// Minutes since the midnight that begins the day.
    #[must_use]
    pub fn minutes(self) -> u16 {
        self.0
    }
}

/// Reads the time of an ISO 8601 date and time, or of a time alone. The date
/// does not matter (S1). An offset is refused: a weekly slot is in the
/// availability's zone, so an offset would be either ignored or wrong half of
/// the year.
impl FromStr for MinuteOfDay {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let time = text
            .split_once(['T', 't', ' '])
            .map_or(text, |(_, time)| time);
        let wrong = "must be a time of day such as 2018-01-01T10:00 or 10:00";
        if time.ends_with(['Z', 'z']) || time.contains(['+', '-']) {
            return Err(Unacceptable::new(format!(
                "{wrong}, without an offset: slots are in the availability's timezone"
            )));
        }
        let time: Time = time.parse().map_err(|_| Unacceptable::new(wrong))?;
        if time.second() != 0 || time.subsec_nanosecond() != 0 {
            return Err(Unacceptable::new(format!("{wrong}, in whole minutes")));
        }
        let minutes = i32::from(time.hour()) * 60 + i32::from(time.minute());
        u16::try_from(minutes)
            .map(Self)
            .map_err(|_| Unacceptable::new(wrong))
    }
}

/// A span of a day in which the user can be booked, in the availability's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slot {
    /// First minute of the slot.
    pub start_time: MinuteOfDay,
    /// First minute after the slot.
    pub end_time: MinuteOfDay,
}

impl Slot {
    /// A slot that ends after it starts; an end at 00:00 is the midnight that
    /// ends the day.
    pub fn new(start_time: MinuteOfDay, end_time: MinuteOfDay) -> Result<Self, Unacceptable> {
        let end_time = if end_time == MinuteOfDay(0) {
            MinuteOfDay::MIDNIGHT_AT_END
        } else {
            end_time
        };
        if start_time < end_time {
            Ok(Self {
                start_time,
                end_time,
            })
        } else {
            Err(Unacceptable::new("must end after it starts"))
        }
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

/// A change to [`Day`]: what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayChange {
    /// Whether the user can be booked on this day at all.
    pub enabled: Option<bool>,
    /// Replaces the slots.
    pub slots: Option<Vec<Slot>>,
}

settings! {
    /// The settings of an availability, apart from its days (S1).
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
    /// Hours by day of the week. None: any hour. A day that is missing here
    /// while others are set is not enabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<BTreeMap<Weekday, Day>>,
}

/// A change to [`Availability`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AvailabilityChange {
    /// Changes to zone, horizons and buffers.
    pub horizons: HorizonsChange,
    /// Changes day by day; clearing a day removes it.
    pub days: Patch<BTreeMap<Weekday, Patch<DayChange>>>,
}

impl AvailabilityChange {
    /// Makes the change, and holds the result to the rules that need more than
    /// one field. `pointer` is where the availability stands in the body.
    pub fn apply(self, to: &mut Availability, pointer: &str) -> Result<(), Violation> {
        self.horizons.apply(&mut to.horizons);
        match self.days {
            Patch::Keep => {}
            Patch::Clear => to.days = None,
            Patch::Set(changes) => {
                let days = to.days.get_or_insert_default();
                for (weekday, change) in changes {
                    match change {
                        Patch::Keep => {}
                        Patch::Clear => {
                            days.remove(&weekday);
                        }
                        Patch::Set(change) => {
                            let day = days.entry(weekday).or_default();
                            if let Some(enabled) = change.enabled {
                                day.enabled = enabled;
                            }
                            if let Some(slots) = change.slots {
                                day.slots = slots;
                            }
                        }
                    }
                }
            }
        }
        for (weekday, name) in Weekday::ALL {
            let day = to.days.as_ref().and_then(|days| days.get(&weekday));
            if let Some(detail) = day.and_then(broken_rule) {
                let place = Place::body(format!("{pointer}/days/{name}/slots"));
                return Err(Violation::unacceptable(place, detail));
            }
        }
        Ok(())
    }
}

fn broken_rule(day: &Day) -> Option<&'static str> {
    if day.enabled && day.slots.is_empty() {
        return Some("must have at least one slot when the day is enabled");
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

    fn minute(text: &str) -> u16 {
        text.parse::<MinuteOfDay>().expect(text).minutes()
    }

    #[test]
    fn the_date_of_a_slot_does_not_matter() {
        assert_eq!(minute("2018-01-01T10:00"), 600);
        assert_eq!(minute("2031-12-31T10:00:00.000"), 600);
        assert_eq!(minute("10:00"), 600);
    }

    #[test]
    fn a_slot_has_no_offset_and_no_seconds() {
        for wrong in [
            "2018-01-01T10:00Z",
            "2018-01-01T10:00+01:00",
            "10:00:30",
            "25:00",
            "noon",
            "",
        ] {
            assert!(wrong.parse::<MinuteOfDay>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_slot_that_ends_at_midnight_ends_with_the_day() {
        let start = "22:00".parse().expect("a time");
        let slot = Slot::new(start, "00:00".parse().expect("a time")).expect("a slot");
        assert_eq!(slot.end_time, MinuteOfDay::MIDNIGHT_AT_END);
        assert!(Slot::new(start, "21:59".parse().expect("a time")).is_err());
    }

    #[test]
    fn overlapping_slots_are_refused_where_they_stand() {
        let slot =
            |a: &str, b: &str| Slot::new(a.parse().expect(a), b.parse().expect(b)).expect("a slot");
        let change = |slots| AvailabilityChange {
            days: Patch::Set(BTreeMap::from([(
                Weekday::Friday,
                Patch::Set(DayChange {
                    enabled: Some(true),
                    slots: Some(slots),
                }),
            )])),
            ..AvailabilityChange::default()
        };
        let touching = change(vec![slot("12:00", "13:00"), slot("10:00", "12:00")]);
        let mut availability = Availability::default();
        assert_eq!(touching.apply(&mut availability, "/availability"), Ok(()));
        let overlapping = change(vec![slot("10:00", "12:00"), slot("11:59", "13:00")]);
        let violation = overlapping
            .apply(&mut availability, "/availability")
            .expect_err("overlap");
        assert_eq!(
            violation.place,
            Place::body("/availability/days/friday/slots")
        );
    }
}
