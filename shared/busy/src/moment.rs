//! When something starts or ends: a day, a time by the clock of a place, or an instant.

use calcard::{
    common::PartialDateTime,
    icalendar::{ICalendarEntry, ICalendarParameterName},
};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};

use crate::{
    text,
    zone::{Zone, Zones},
};

/// What times without a zone, and zones without times, are read by.
pub(crate) struct Context<'a> {
    /// The zones that the calendar defines.
    pub(crate) zones: &'a Zones,
    /// The owner's zone.
    pub(crate) own: &'a TimeZone,
}

/// A day, or what a clock shows somewhere.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    /// What the clock shows; of a day its first midnight.
    pub(crate) wall: DateTime,
    /// Whether it is a day as a whole.
    pub(crate) is_day: bool,
    /// Whose clock.
    pub(crate) zone: Zone,
}

impl Moment {
    /// None where the value is no date.
    pub(crate) fn read(
        entry: &ICalendarEntry,
        value: &PartialDateTime,
        context: &Context<'_>,
    ) -> Option<Self> {
        let date = date(value)?;
        let own = || Zone::Known(context.own.clone());
        let Some(hour) = value.hour else {
            return Some(Self {
                wall: date.at(0, 0, 0, 0),
                is_day: true,
                zone: own(),
            });
        };
        let zone = match offset(value) {
            Some(offset) => Zone::Known(TimeZone::fixed(offset)),
            None => text::parameter(entry, &ICalendarParameterName::Tzid)
                .and_then(|name| context.zones.find(name))
                .unwrap_or_else(own),
        };
        Some(Self {
            wall: at(date, hour, value)?,
            is_day: false,
            zone,
        })
    }

    /// The instant, by the clock of its zone.
    pub(crate) fn instant(&self) -> Timestamp {
        self.zone.instant(self.wall)
    }

    /// The same clock at another time.
    pub(crate) fn at(&self, wall: DateTime) -> Self {
        Self {
            wall,
            ..self.clone()
        }
    }

    /// As the clock of another zone shows it; a day stays that day.
    pub(crate) fn wall_in(&self, zone: &Zone) -> DateTime {
        if self.is_day {
            self.wall
        } else {
            zone.wall(self.instant())
        }
    }
}

fn date(value: &PartialDateTime) -> Option<Date> {
    let year = i16::try_from(value.year?).ok()?;
    let [month, day] = [value.month?, value.day?].map(i8::try_from);
    Date::new(year, month.ok()?, day.ok()?).ok()
}

fn at(date: Date, hour: u8, value: &PartialDateTime) -> Option<DateTime> {
    // The midnight that ends a day, and a leap second, which no clock here has.
    let (date, hour) = if hour == 24 {
        (date.checked_add(1.day()).ok()?, 0)
    } else {
        (date, hour)
    };
    let [hour, minute, second] = [
        hour,
        value.minute.unwrap_or(0),
        value.second.unwrap_or(0).min(59),
    ]
    .map(i8::try_from);
    let time = Time::new(hour.ok()?, minute.ok()?, second.ok()?, 0).ok()?;
    Some(date.to_datetime(time))
}

pub(crate) fn offset(value: &PartialDateTime) -> Option<Offset> {
    let hours = i32::from(value.tz_hour?);
    let minutes = i32::from(value.tz_minute.unwrap_or(0));
    let seconds = (hours * 60 + minutes) * 60;
    let sign = if value.tz_minus { -1 } else { 1 };
    Offset::from_seconds(seconds * sign).ok()
}

/// What a clock shows, whichever zone's.
pub(crate) fn wall(value: &PartialDateTime) -> Option<DateTime> {
    at(date(value)?, value.hour.unwrap_or(0), value)
}
