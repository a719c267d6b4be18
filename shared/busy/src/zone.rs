//! Zones by the names that calendars give them, and those that a calendar defines itself.

use std::{collections::HashMap, rc::Rc, str::FromStr as _};

use calcard::{
    common::timezone::Tz,
    icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty},
};
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::DateTime,
    tz::{Offset, TimeZone},
};
use roster_domain::bookings::agenda::TimeSpan;

use crate::{
    recurrence::{self, Run, Steps},
    text,
};

/// A clock somewhere.
#[derive(Clone, Debug)]
pub(crate) enum Zone {
    /// Of the database.
    Known(TimeZone),
    /// As a calendar defines it.
    Defined(Rc<Defined>),
}

/// A zone that a calendar defines (`VTIMEZONE`).
#[derive(Debug)]
pub(crate) struct Defined {
    /// The offset before the first change.
    first: Offset,
    /// In order.
    changes: Vec<Change>,
}

/// A change of a clock.
#[derive(Debug, Clone, Copy)]
struct Change {
    at: Timestamp,
    /// When a clock shows a time that is certainly after it: of one that is skipped or
    /// comes twice, the offset before counts (RFC 5545, 3.3.5).
    wall: DateTime,
    offset: Offset,
}

impl Zone {
    /// The instant at which the clock shows a time: the first of two. A time that is
    /// skipped is as long after the change as it would be.
    pub(crate) fn instant(&self, wall: DateTime) -> Timestamp {
        let instant = match self {
            Self::Known(zone) => zone.to_ambiguous_timestamp(wall).compatible(),
            Self::Defined(defined) => defined.at_wall(wall).to_timestamp(wall),
        };
        instant.unwrap_or(Timestamp::MAX)
    }

    /// What the clock shows at an instant.
    pub(crate) fn wall(&self, instant: Timestamp) -> DateTime {
        match self {
            Self::Known(zone) => zone.to_datetime(instant),
            Self::Defined(defined) => defined.at(instant).to_datetime(instant),
        }
    }
}

impl Defined {
    fn at(&self, instant: Timestamp) -> Offset {
        let behind = self.changes.partition_point(|change| change.at <= instant);
        self.behind(behind)
    }

    fn at_wall(&self, wall: DateTime) -> Offset {
        let behind = self.changes.partition_point(|change| change.wall <= wall);
        self.behind(behind)
    }

    fn behind(&self, count: usize) -> Offset {
        let last = count.checked_sub(1).and_then(|last| self.changes.get(last));
        last.map_or(self.first, |change| change.offset)
    }
}

/// The zones of a calendar.
#[derive(Debug, Default)]
pub(crate) struct Zones(HashMap<String, Zone>);

impl Zones {
    /// The zones that a calendar defines, as they are around a span.
    pub(crate) fn of(calendar: &ICalendar, around: &TimeSpan) -> Self {
        let mut zones = HashMap::new();
        for component in text::of_type(calendar, ICalendarComponentType::VTimezone) {
            let name = text::value(component, &ICalendarProperty::Tzid);
            let Some(name) = name.and_then(|(_, value)| value.as_text()) else {
                continue;
            };
            let location = text::other(component, "X-LIC-LOCATION").and_then(known);
            // Whoever writes a name of the database means that zone, however much of it
            // they define beside it.
            let found = known(name).or(location).map(Zone::Known);
            let defined = || defined(calendar, component, around).map(Rc::new);
            if let Some(zone) = found.or_else(|| defined().map(Zone::Defined)) {
                zones.insert(name.to_owned(), zone);
            }
        }
        Self(zones)
    }

    /// The zone of a name: what the calendar defines, else what the database or Microsoft
    /// calls so.
    pub(crate) fn find(&self, name: &str) -> Option<Zone> {
        let own = self.0.get(name).cloned();
        own.or_else(|| known(name).map(Zone::Known))
    }
}

/// A zone of the database, by its own name or by one of others for it.
fn known(name: &str) -> Option<TimeZone> {
    let name = name.trim().trim_matches('"');
    let other = || {
        let other = Tz::from_str(name).ok()?;
        TimeZone::get(&other.name()?).ok()
    };
    // Some put their own name before it: /example.com/2024a/Europe/Paris.
    let tail = || {
        let parts: Vec<_> = name.split('/').collect();
        let mut tails = (1..parts.len()).filter_map(|from| parts.get(from..));
        tails.find_map(|tail| TimeZone::get(&tail.join("/")).ok())
    };
    TimeZone::get(name).ok().or_else(other).or_else(tail)
}

/// The changes of the parts of a `VTIMEZONE`, until behind a span.
fn defined(
    calendar: &ICalendar,
    component: &ICalendarComponent,
    around: &TimeSpan,
) -> Option<Defined> {
    let until = around
        .end
        .saturating_add(SignedDuration::from_hours(366 * 24));
    let until = Offset::UTC.to_datetime(until.unwrap_or(Timestamp::MAX));
    let parts = component.component_ids.iter();
    let parts = parts.filter_map(|id| calendar.component_by_id(*id));
    let parts: Vec<_> = parts.filter_map(Part::read).collect();
    let first = parts.iter().min_by_key(|part| part.start)?.before;
    let mut changes = Vec::new();
    for part in &parts {
        part.changes(until, &mut changes);
    }
    changes.sort_by_key(|change| change.at);
    Some(Defined { first, changes })
}

/// Standard or daylight time, with when it begins.
struct Part<'a> {
    component: &'a ICalendarComponent,
    start: DateTime,
    before: Offset,
    offset: Offset,
}

impl<'a> Part<'a> {
    fn read(component: &'a ICalendarComponent) -> Option<Self> {
        let (_, start) = text::date(component, &ICalendarProperty::Dtstart)?;
        let offset = |name| {
            let (_, value) = text::value(component, name)?;
            let value = value.as_partial_date_time()?;
            crate::moment::offset(value)
        };
        Some(Self {
            component,
            start: crate::moment::wall(start)?,
            before: offset(&ICalendarProperty::Tzoffsetfrom)?,
            offset: offset(&ICalendarProperty::Tzoffsetto)?,
        })
    }

    fn changes(&self, until: DateTime, changes: &mut Vec<Change>) {
        let dates = text::values(self.component, &ICalendarProperty::Rdate);
        let dates = dates.filter_map(|(_, value)| {
            let date = value.as_partial_date_time()?;
            crate::moment::wall(date)
        });
        let mut starts: Vec<_> = std::iter::once(self.start).chain(dates).collect();
        for rule in recurrence::rules(self.component) {
            let run = Run {
                start: self.start,
                from: self.start,
                wall: &|instant| self.before.to_datetime(instant),
            };
            let steps = Steps::new(rule, &run);
            // Twice a year, since a year of long ago.
            starts.extend(steps.take_while(|start| *start < until).take(2_000));
        }
        let ahead = self.offset.seconds() - self.before.seconds();
        for start in starts {
            let Ok(at) = self.before.to_timestamp(start) else {
                continue;
            };
            let skipped = i64::from(ahead.max(0)).seconds();
            changes.push(Change {
                at,
                wall: start.saturating_add(skipped),
                offset: self.offset,
            });
        }
    }
}
