//! `availability` in a body (`/v2/users`).

use std::collections::BTreeMap;

use roster_domain::{
    Patch,
    bookings::availability::{
        AvailabilityChange, DayChange, HorizonsChange, MAX_SLOTS_PER_DAY, SlotText, SlotTime,
        Weekday,
    },
    error::Unacceptable,
    zone::ZoneName,
};
use roster_runtime::json::read::{Node, Object, Wrong};
use serde_json::Value;

/// Most minutes of a buffer: a day.
pub const MAX_BUFFER: u32 = 1_440;
/// Most days of a horizon: ten years.
pub const MAX_HORIZON: u32 = 3_650;

/// Reads an availability.
#[must_use]
pub fn read(node: Node<'_>) -> Option<AvailabilityChange> {
    let object = node.object()?;
    let change = AvailabilityChange {
        horizons: HorizonsChange {
            timezone: timezone(&object),
            today_as_busy: object.patch("today_as_busy"),
            past_as_busy: object.patch("past_as_busy"),
            days_after_as_busy: object.patch_integer("days_after_as_busy", 0..=MAX_HORIZON),
            buffer_before: object.patch_integer("buffer_before", 0..=MAX_BUFFER),
            buffer_after: object.patch_integer("buffer_after", 0..=MAX_BUFFER),
            all_day_busy: object.patch("all_day_busy"),
        },
        days: object.patch_with("days", days),
    };
    exceptions(&object);
    // What the API that `/v2/users` documents answers beside.
    object.read_only(&["belongs_to", "trim_scheduler"]);
    object.read_only(&IDENTITY);
    object.end();
    Some(change)
}

/// What the API that `/v2/users` documents answers of every part of an availability.
const IDENTITY: [&str; 4] = ["_id", "__v", "createdAt", "updatedAt"];

/// Hours of single dates, which that API has and Roster has not: none of them is
/// dropped in silence.
fn exceptions(object: &Object<'_>) {
    let Some(node) = object.node("dates") else {
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
        node.unacceptable("must be empty: hours are by day of the week, not for single dates");
    }
}

/// `/v2/users`'s table of the update calls the zone `today` by mistake: both names are
/// read.
fn timezone(object: &Object<'_>) -> Patch<ZoneName> {
    let timezone = object.patch::<ZoneName>("timezone");
    let today = object.patch::<ZoneName>("today");
    match (timezone, today) {
        (Patch::Keep, other) | (other, Patch::Keep) => other,
        (timezone, today) => {
            if timezone != today {
                let pointer = format!("{}/today", object.pointer);
                object
                    .violations()
                    .unacceptable(pointer, "must match timezone");
            }
            timezone
        }
    }
}

fn days(node: Node<'_>) -> Option<BTreeMap<Weekday, Patch<DayChange>>> {
    let object = node.object()?;
    let days = Weekday::ALL
        .into_iter()
        .map(|(weekday, name)| (weekday, object.patch_with(name, day)))
        .filter(|(_, change)| !change.is_keep())
        .collect();
    object.end();
    Some(days)
}

fn day(node: Node<'_>) -> Option<DayChange> {
    let object = node.object()?;
    let change = DayChange {
        enabled: object.optional("enabled"),
        slots: object.optional_with("slots", |node| node.elements(MAX_SLOTS_PER_DAY, slot)),
    };
    object.read_only(&IDENTITY);
    object.end();
    Some(change)
}

fn slot(node: Node<'_>) -> Option<SlotText> {
    let object = node.object()?;
    object.require("start_time");
    object.require("end_time");
    let start = object.optional_with("start_time", |node| time(&node));
    let end = object.optional_with("end_time", |node| time(&node));
    object.read_only(&IDENTITY);
    object.end();
    let slot = SlotText {
        start_time: start?,
        end_time: end?,
    };
    if let Err(Unacceptable(detail)) = slot.check() {
        node.unacceptable(detail);
        return None;
    }
    Some(slot)
}

fn time(node: &Node<'_>) -> Option<SlotTime> {
    let text: String = node.read()?;
    text.parse()
        .map_err(|Unacceptable(detail)| node.note(Wrong::Value(detail)))
        .ok()
}
