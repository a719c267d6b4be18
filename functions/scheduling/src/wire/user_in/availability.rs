//! `availability` in a body (`/v2/users`).

use std::collections::BTreeMap;

use jiff::civil::Date;
use roster_domain::{
    Patch,
    bookings::availability::{
        AvailabilityChange, DayChange, HorizonsChange, MAX_OVERRIDES, MAX_SLOTS_PER_DAY, SlotText,
        SlotTime, Weekday,
    },
    error::Unacceptable,
    zone::ZoneName,
};
use roster_runtime::{
    body,
    json::read::{Node, Object, Wrong},
    wire::members::{
        EitherName, ListOf, Member, Optional, OtherName, Patched, Readable, Required, Whole,
    },
};
use serde_json::Value;

use crate::query::IsoDate;

/// Most minutes of a buffer: a day.
const MAX_BUFFER: u32 = 1_440;
/// Most days of a horizon: ten years.
const MAX_HORIZON: u32 = 3_650;

/// What the API that `/v2/users` documents answers of every part of an availability.
const IDENTITY: [&str; 4] = ["_id", "__v", "createdAt", "updatedAt"];

body! {
    /// Reads an availability.
    pub struct AvailabilityBody for AvailabilityChange as "AvailabilityBody",
        "When the user can be booked. Fields that are absent do not change. Null clears a field."
    {
        /// Hours by day of the week. Null: every hour is available. A missing day is not
        /// available. If no day is left, no hour is available.
        "days" => days: Patched<Days>,
        /// Hours of dates, in place of those of the week. A date whose `enabled` is false
        /// has none. Null for a date leaves it to the week.
        "overrides" => overrides: Patched<Overrides>,
        ..horizons: HorizonsBody,
        also "dates": NoDates = "Must be empty: `overrides` has the hours of dates.",
        ignored ["trim_scheduler", "belongs_to"],
        ignored IDENTITY,
    }

    /// Reads how far ahead somebody can be booked, and what is left free.
    struct HorizonsBody for HorizonsChange {
        /// Time zone of the hours.
        "timezone" => timezone: EitherName<ZoneName, Today>,
        /// Prevents bookings on the same day.
        "today_as_busy" => today_as_busy: Patched<bool>,
        /// Prevents bookings in the past.
        "past_as_busy" => past_as_busy: Patched<bool>,
        /// Prevents bookings more than this many days ahead.
        "days_after_as_busy" => days_after_as_busy: Patched<Whole<0, MAX_HORIZON>>,
        /// Free minutes before each meeting.
        "buffer_before" => buffer_before: Patched<Whole<0, MAX_BUFFER>>,
        /// Free minutes after each meeting.
        "buffer_after" => buffer_after: Patched<Whole<0, MAX_BUFFER>>,
        /// Whether a busy all-day event blocks the whole day.
        "all_day_busy" => all_day_busy: Patched<bool>,
    }

    /// Reads a day of the week.
    pub struct DayBody for DayChange as "DayBody" {
        /// Whether the user can be booked on this day. Default: true if `slots` is given.
        "enabled" => enabled: Optional<bool>,
        /// Replaces the hours of the day. Slots must not overlap. Split hours that cross
        /// midnight: one slot ends at 24:00, and one on the next day starts at 00:00.
        "slots" => slots: Optional<ListOf<Slot, MAX_SLOTS_PER_DAY>>,
        ignored IDENTITY,
    }

    /// Reads the ends of a slot.
    struct SlotBody for SlotText {
        "start_time" => start_time: Required<Time>,
        /// Must be after the start. Midnight is the end of the day.
        "end_time" => end_time: Required<Time>,
        ignored IDENTITY,
    }
}

/// `/v2/users`'s table of the update calls the zone `today` by mistake: both names are
/// read.
#[derive(Debug)]
struct Today;

impl OtherName for Today {
    const NAME: &'static str = "today";
}

/// Hours of single dates as that API has them, in a shape that was never published: none
/// of them is dropped in silence.
#[derive(Debug)]
struct NoDates;

impl Member for NoDates {
    type Read = ();
    type Value = ();

    fn read(object: &Object<'_>, name: &'static str) {
        let Some(node) = object.node(name) else {
            return;
        };
        let is_empty = match node.value {
            Value::Null => true,
            Value::Array(dates) => dates.is_empty(),
            _ => {
                node.note(Wrong::Type("must be an array"));
                return;
            }
        };
        if !is_empty {
            node.unacceptable("must be empty: overrides has the hours of dates");
        }
    }

    fn value((): ()) -> Option<()> {
        Some(())
    }
}

/// The days of the week, by name.
#[derive(Debug)]
struct Days;

impl Readable for Days {
    type Read = BTreeMap<Weekday, Patch<DayChange>>;

    fn read(node: Node<'_>) -> Option<Self::Read> {
        let object = node.object()?;
        let days = Weekday::ALL
            .into_iter()
            .map(|(weekday, name)| (weekday, object.patch_with(name, DayBody::read)))
            .filter(|(_, change)| !change.is_keep())
            .collect();
        object.end();
        Some(days)
    }
}

/// Hours of dates.
#[derive(Debug)]
struct Overrides;

impl Readable for Overrides {
    type Read = BTreeMap<Date, Patch<DayChange>>;

    /// Every date is read, also behind one that is wrong.
    fn read(node: Node<'_>) -> Option<Self::Read> {
        let members = node.members()?;
        if members.len() > MAX_OVERRIDES {
            let count = members.len();
            node.unacceptable(format!(
                "must have at most {MAX_OVERRIDES} dates, has {count}"
            ));
            return None;
        }
        let mut read = BTreeMap::new();
        for (name, node) in members {
            let date = name.parse::<IsoDate>();
            let date = date
                .map_err(|Unacceptable(detail)| node.unacceptable(format!("the name {detail}")))
                .ok();
            let change = if node.value.is_null() {
                Some(Patch::Clear)
            } else {
                DayBody::read(node.clone()).map(Patch::Set)
            };
            if let (Some(IsoDate(date)), Some(change)) = (date, change) {
                read.insert(date, change);
            }
        }
        Some(read)
    }
}

/// A slot: it ends after it starts.
#[derive(Debug)]
struct Slot;

impl Readable for Slot {
    type Read = SlotText;

    fn read(node: Node<'_>) -> Option<SlotText> {
        let slot = SlotBody::read(node.clone())?;
        if let Err(Unacceptable(detail)) = slot.check() {
            node.unacceptable(detail);
            return None;
        }
        Some(slot)
    }
}

/// A time of day.
#[derive(Debug)]
struct Time;

impl Readable for Time {
    type Read = SlotTime;

    fn read(node: Node<'_>) -> Option<SlotTime> {
        let text: String = Node::read(&node)?;
        text.parse()
            .map_err(|Unacceptable(detail)| node.note(Wrong::Value(detail)))
            .ok()
    }
}

#[cfg(feature = "schema")]
mod schema {
    use roster_runtime::schema::{
        DATE, Field, MemberFields, Part, Parts, Taken, anything, array_of, clearable, closed, map,
        named, nullable,
    };

    use super::{DayBody, Days, MAX_OVERRIDES, NoDates, Overrides, Slot, SlotBody, Time, Weekday};

    impl Taken for Overrides {
        fn taken() -> Part {
            map(nullable(DayBody::taken()), Some(DATE), Some(MAX_OVERRIDES))
        }

        fn collect(parts: &mut Parts) {
            DayBody::collect(parts);
        }
    }

    impl Taken for Days {
        fn taken() -> Part {
            let days = Weekday::ALL.map(|(_, name)| clearable(name, DayBody::taken()));
            closed(days.into())
        }

        fn collect(parts: &mut Parts) {
            DayBody::collect(parts);
        }
    }

    impl Taken for Slot {
        fn taken() -> Part {
            SlotBody::taken()
        }
    }

    impl Taken for Time {
        fn taken() -> Part {
            named("TimeOfDay")
        }
    }

    impl MemberFields for NoDates {
        fn fields(name: &'static str) -> Vec<Field> {
            vec![clearable(name, array_of(anything(), 0))]
        }
    }
}
