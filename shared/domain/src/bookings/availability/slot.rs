//! The hours of a day: its slots, and the texts that their times come as.

use std::str::FromStr;

use jiff::{Timestamp, civil::Time, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    bookings::agenda::{DateText, hour_24},
    error::Unacceptable,
};

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

    fn of(time: Time) -> Result<Self, Unacceptable> {
        if time.second() != 0 || time.subsec_nanosecond() != 0 {
            return Err(Unacceptable::new(
                "must be in whole minutes; a slot that lasts until midnight ends at 24:00",
            ));
        }
        let minutes = i32::from(time.hour()) * 60 + i32::from(time.minute());
        u16::try_from(minutes).map(Self).map_err(Unacceptable::new)
    }
}

/// Reads a time of day without an offset. 24:00 ends the day.
impl FromStr for MinuteOfDay {
    type Err = Unacceptable;

    fn from_str(time: &str) -> Result<Self, Self::Err> {
        let midnight = hour_24::read(time)?;
        let read = midnight.as_deref().unwrap_or(time).parse::<Time>();
        let time = read.map_err(|_| {
            Unacceptable::new("must be a time of day such as 2018-01-01T10:00 or 10:00")
        })?;
        match midnight {
            Some(_) => Ok(Self::MIDNIGHT_AT_END),
            None => Self::of(time),
        }
    }
}

/// A time of a slot as a request gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotTime {
    /// By the clock of the availability's zone.
    Local(MinuteOfDay),
    /// With an offset: the time that the zone's clock shows then.
    Instant(Timestamp),
}

impl SlotTime {
    fn minute(self, zone: &TimeZone) -> Result<MinuteOfDay, Unacceptable> {
        match self {
            Self::Local(minute) => Ok(minute),
            Self::Instant(instant) => MinuteOfDay::of(zone.to_datetime(instant).time()),
        }
    }
}

/// Reads the time of an ISO 8601 date and time, or a time alone. The date does
/// not matter (`/v2/users`), unless there is an offset: then both say which instant it
/// is.
impl FromStr for SlotTime {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('[') {
            return Err(Unacceptable::new(
                "must not name a zone in brackets: the availability's timezone does",
            ));
        }
        let (_, time) = text.split_once(['T', 't', ' ']).unwrap_or(("", text));
        if !time.ends_with(['Z', 'z']) && !time.contains(['+', '-']) {
            return time.parse().map(Self::Local);
        }
        let instant = text
            .parse()
            .ok()
            .filter(|text| matches!(text, DateText::Offset(..)))
            .and_then(|text| text.instant(&TimeZone::UTC).ok())
            .ok_or_else(|| {
                Unacceptable::new(
                    "must be a time of day such as 2018-01-01T10:00 or 10:00; one with an \
                     offset needs a date, such as 2018-01-01T10:00:00Z, to be a time of the \
                     availability's timezone",
                )
            })?;
        // Told where it stands: offsets are in whole minutes, apart from those of
        // a century ago.
        MinuteOfDay::of(TimeZone::UTC.to_datetime(instant).time())?;
        Ok(Self::Instant(instant))
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
            Err(Unacceptable::new(
                "must end after it starts; hours that cross midnight are two slots, one that \
                 ends at 24:00 and one on the next day that starts at 00:00",
            ))
        }
    }
}

/// A slot as a request gives it: which hours it is may depend on the zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotText {
    /// First minute of the slot.
    pub start_time: SlotTime,
    /// First minute after the slot.
    pub end_time: SlotTime,
}

impl SlotText {
    /// What is wrong with it whatever the zone.
    pub fn check(&self) -> Result<(), Unacceptable> {
        match (self.start_time, self.end_time) {
            (SlotTime::Local(start), SlotTime::Local(end)) => Slot::new(start, end).map(|_| ()),
            _ => Ok(()),
        }
    }

    /// The slot, in the zone of its availability.
    pub fn slot(&self, zone: &TimeZone) -> Result<Slot, Unacceptable> {
        Slot::new(self.start_time.minute(zone)?, self.end_time.minute(zone)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(text: &str, zone: &str) -> u16 {
        let zone = TimeZone::get(zone).expect(zone);
        let time: SlotTime = text
            .parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        time.minute(&zone).expect(text).minutes()
    }

    #[test]
    fn the_date_of_a_slot_does_not_matter() {
        assert_eq!(minute("2018-01-01T10:00", "Europe/Paris"), 600);
        assert_eq!(minute("2031-12-31T10:00:00.000", "Europe/Paris"), 600);
        assert_eq!(minute("10:00", "Europe/Paris"), 600);
    }

    #[test]
    fn a_time_with_an_offset_is_what_the_zones_clock_shows_on_that_date() {
        for (text, zone, expected) in [
            ("2018-01-01T08:00:00.000Z", "Europe/London", 8 * 60),
            ("2018-01-01T08:00:00.000Z", "Europe/Paris", 9 * 60),
            ("2018-07-01T08:00:00.000Z", "Europe/Paris", 10 * 60),
            ("2018-01-01T10:00+01:00", "Europe/Paris", 10 * 60),
            ("2018-01-01T10:00+0100", "Asia/Kolkata", 14 * 60 + 30),
            // 9 to 21 in New York: the end is the next day's in UTC.
            ("2018-01-01T14:00:00Z", "America/New_York", 9 * 60),
            ("2018-01-02T02:00:00Z", "America/New_York", 21 * 60),
            ("2018-01-01T24:00:00Z", "UTC", 0),
        ] {
            assert_eq!(minute(text, zone), expected, "{text} in {zone}");
        }
    }

    #[test]
    fn a_slots_time_has_no_seconds_and_with_an_offset_a_date() {
        for wrong in [
            "10:00Z",
            "10:00+01:00",
            "10:00-11:00",
            "xT10:00Z",
            "2018-02-30T10:00Z",
            "2018-01-01T10:00:30Z",
            "2018-01-01T23:59:59",
            "10:00:30",
            "10:00[Europe/Paris]",
            "2018-01-01T10:00[Europe/Paris]",
            "2018-01-01T10:00+01:00[Europe/Paris]",
            "25:00",
            "24:01",
            "noon",
            "",
        ] {
            assert!(wrong.parse::<SlotTime>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_slot_that_ends_at_midnight_ends_with_the_day() {
        let slot = |start: &str, end: &str| {
            Slot::new(start.parse().expect(start), end.parse().expect(end))
        };
        for end in ["00:00", "24:00", "24:00:00.000", "2400"] {
            let slot = slot("22:00", end).expect(end);
            assert_eq!(slot.end_time, MinuteOfDay::MIDNIGHT_AT_END);
        }
        for (start, end) in [("22:00", "21:59"), ("22:00", "02:00"), ("24:00", "24:00")] {
            let refused = slot(start, end).expect_err(end);
            assert!(
                refused.0.contains("cross midnight are two slots"),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_slot_with_offsets_is_one_of_the_zones_day() {
        let slot = SlotText {
            start_time: "2018-01-01T14:00:00Z".parse().expect("a time"),
            end_time: "2018-01-02T05:00:00Z".parse().expect("a time"),
        };
        assert_eq!(slot.check(), Ok(()));
        let zone = TimeZone::get("America/New_York").expect("a zone");
        let read = slot.slot(&zone).expect("a slot");
        assert_eq!(read.start_time.minutes(), 9 * 60);
        assert_eq!(read.end_time, MinuteOfDay::MIDNIGHT_AT_END);
        assert!(slot.slot(&TimeZone::UTC).is_err(), "14:00 to 05:00");
    }
}
