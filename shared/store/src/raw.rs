//! Items as they are, for the program that moves a whole organization from one
//! table to another (`roster-transfer`): no function uses this.
//!
//! Everywhere else, an item is written by the room of its subject, with what guards
//! it. Here it is copied, so whoever calls keeps items and guards together:
//! [`belongings`] says which guards follow from an item, and [`forms`] whether this
//! release could have written it. The calls are those that the rooms make:
//! counted, held to the schema version, and answered with the same errors.

pub mod belongings;
pub mod forms;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::Result;

use crate::{
    Store, Table,
    bookings::agenda::calendars::CALENDARS,
    dynamodb::{
        condition::Condition, item::Item, table::Freshness, transaction::Write,
        write_failure::Failure,
    },
    keys::{
        Key, Range,
        kind::{Content, Kind},
    },
    time_off::TIME_OFF,
};
pub use crate::{dynamodb::table::query::Found, users::commit::MAILED};

/// The table of a store.
#[must_use]
pub fn table<'a>(store: &Store<'a>) -> &'a Table {
    store.table
}

/// What an export has of an item: without what comes from calendars, which do not go along.
#[must_use]
pub fn taken_along(kind: Kind, mut item: Item) -> Item {
    match kind {
        Kind::Other(Content::AgendaDay) => {
            item.remove(CALENDARS);
        }
        Kind::User(_) => {
            item.remove(CALENDAR_SOURCES);
        }
        Kind::Organization | Kind::Team(_) => leave_holidays(&mut item),
        _ => {}
    }
    item
}

/// Attribute of a user: [`User::calendar_sources`](roster_domain::users::user::User).
const CALENDAR_SOURCES: &str = "calendar_sources";
/// Attribute of a time off: the calendar that it comes from.
const CALENDAR: &str = "calendar";

fn leave_holidays(item: &mut Item) {
    let Some(AttributeValue::L(list)) = item.get_mut(TIME_OFF) else {
        return;
    };
    list.retain(|one| one.as_m().map_or(true, |one| !one.contains_key(CALENDAR)));
    if list.is_empty() {
        item.remove(TIME_OFF);
    }
}

/// Reads an item; none where there is none.
///
/// # Errors
/// When the table cannot be read, or the item is of a newer form than this release
/// knows.
pub async fn get(table: &Table, key: &Key, freshness: Freshness) -> Result<Option<Item>> {
    table.get(key, freshness).await
}

/// Reads items by key. Keys that stand for nothing are missing from the answer.
///
/// # Errors
/// As [`get`].
pub async fn batch_get(
    table: &Table,
    keys: impl IntoIterator<Item = Key>,
    freshness: Freshness,
) -> Result<HashMap<Key, Item>> {
    table.batch_get(keys, freshness).await
}

/// Reads one page of a range, behind `start` where that is given.
///
/// # Errors
/// As [`get`].
pub async fn query(
    table: &Table,
    range: &Range,
    start: Option<Item>,
    freshness: Freshness,
) -> Result<Found> {
    table.query(range, start, None, freshness).await
}

/// Writes an item where the condition holds. Answers the item that stands in the
/// way where it does not.
///
/// # Errors
/// As [`get`]; and when the item is larger than DynamoDB takes.
pub async fn put_if(
    table: &Table,
    key: &Key,
    item: Item,
    condition: Condition,
) -> Result<Result<(), Item>> {
    table.put_if(key, item, condition).await
}

/// Writes all or nothing.
///
/// # Errors
/// [`Failure::Stale`] where a condition does not hold; else what happened.
pub async fn transact(store: &Store<'_>, writes: Vec<Write>) -> Result<(), Failure> {
    store.transact(writes).await
}

/// Takes `count` numbers in a row from a counter, and answers the first.
///
/// # Errors
/// When the table cannot be written.
pub async fn take_numbers(store: &Store<'_>, counter: &Key, count: u64) -> Result<u64> {
    store.take_numbers(counter, count).await
}

/// Makes sure that a counter gives out no number up to this one any more.
///
/// # Errors
/// When the table cannot be written.
pub async fn skip_numbers(store: &Store<'_>, counter: &Key, last: u64) -> Result<()> {
    store.skip_numbers(counter, last).await
}
