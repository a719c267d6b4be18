//! The schema version of items: what form an item's attributes have, said in
//! the item itself.
//!
//! An attribute that is added, and that a release without it can pass over,
//! does not raise the version. Any other change of what is stored takes two
//! releases: the first reads both forms ([`READABLE`]) and writes the old one,
//! the second writes the new one ([`WRITTEN`]). So the release before can
//! always read what the present one wrote, and a deployment can be rolled back
//! by one release. Rolled back further, a release meets items that it does not
//! know. It refuses them, and neither reads nor writes them: the way out is
//! forward.
//!
//! An item without the attribute is from before there were versions, and has
//! the first one.

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{Error, Result};

use crate::{
    dynamodb::{
        condition::Condition,
        item::{Item, key_of, with_index, with_key},
    },
    keys::{IndexKey, Key},
};

/// Attribute: the schema version of its item.
pub const ATTRIBUTE: &str = "schema_version";
/// The version of items that do not say one.
pub const FIRST: u64 = 1;
/// The version that this release writes.
pub const WRITTEN: u64 = 1;
/// The newest version that this release reads.
pub const READABLE: u64 = 1;

/// Placeholder of the attribute in expressions.
const NAME: &str = "#schema_version";
/// Placeholder of [`READABLE`] in conditions.
const READABLE_VALUE: &str = ":schema_version_readable";
/// Placeholder of [`WRITTEN`] in updates.
const WRITTEN_VALUE: &str = ":schema_version_written";

fn number(version: u64) -> AttributeValue {
    AttributeValue::N(version.to_string())
}

/// The version of an item.
///
/// # Errors
/// When the attribute is no number.
pub(crate) fn of(item: &Item) -> Result<u64> {
    let Some(value) = item.get(ATTRIBUTE) else {
        return Ok(FIRST);
    };
    let number = value.as_n().ok().and_then(|number| number.parse().ok());
    number.ok_or_else(|| Error::internal(format!("an item's {ATTRIBUTE} is no number: {value:?}")))
}

/// Gives an item that is about to be written its version, unless it has one:
/// what is copied from another table stays what it is.
pub(crate) fn stamp(item: &mut Item) {
    item.entry(ATTRIBUTE.to_owned())
        .or_insert_with(|| number(WRITTEN));
}

/// An item with everything that every item has, as it is written.
#[must_use]
pub fn whole(item: Item, key: &Key, index: Option<&IndexKey>) -> Item {
    let mut item = with_index(with_key(item, key), index);
    stamp(&mut item);
    item
}

/// The `SET` action with which an update gives an item that it makes its
/// version, with its placeholders. The version of an item that is there stays.
pub(crate) fn stamping(condition: &mut Condition) -> String {
    condition
        .names
        .insert(NAME.to_owned(), ATTRIBUTE.to_owned());
    condition
        .values
        .insert(WRITTEN_VALUE.to_owned(), number(WRITTEN));
    format!("{NAME} = if_not_exists({NAME}, {WRITTEN_VALUE})")
}

/// Holds a condition to items that this release can read, besides.
pub(crate) fn require_readable(condition: &mut Condition) {
    let readable = format!("(attribute_not_exists({NAME}) OR {NAME} <= {READABLE_VALUE})");
    condition.expression = if condition.expression.is_empty() {
        readable
    } else {
        format!("({}) AND {readable}", condition.expression)
    };
    condition
        .names
        .insert(NAME.to_owned(), ATTRIBUTE.to_owned());
    condition
        .values
        .insert(READABLE_VALUE.to_owned(), number(READABLE));
}

/// An item that was read, where this release knows its form.
///
/// # Errors
/// For the log: what kind of item it is, without what its key says about
/// anybody, and what to do.
pub(crate) fn readable(item: Item) -> Result<Item> {
    match unreadable(&item) {
        None => Ok(item),
        Some(error) => Err(error),
    }
}

/// Why this release cannot read an item; none where it can.
#[must_use]
pub fn unreadable(item: &Item) -> Option<Error> {
    let version = match of(item) {
        Ok(version) if version <= READABLE => return None,
        Ok(version) => version,
        Err(error) => return Some(error),
    };
    let kind = key_of(item).map_or_else(|_| "an item".to_owned(), |key| kind(&key));
    Some(Error::internal(format!(
        "{kind} has schema version {version}, and this release reads versions up to {READABLE}: \
         it was written by a newer release of Roster; roll forward"
    )))
}

/// What kind of item a key is of: `ORG#/USER#`.
fn kind(key: &Key) -> String {
    let prefix = |text: &str| match text.split_once('#') {
        Some((prefix, _)) => format!("{prefix}#"),
        None => text.to_owned(),
    };
    format!("{}/{}", prefix(&key.pk), prefix(&key.sk))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dynamodb::item::with_key, keys};

    #[test]
    fn an_item_of_a_newer_version_is_refused_by_its_kind_alone() {
        let name = "jean.dupont".parse().expect("a login name");
        let mut item = with_key(Item::new(), &keys::login_guard(&name));
        assert!(
            unreadable(&item).is_none(),
            "without a version it is the first"
        );
        stamp(&mut item);
        assert!(unreadable(&item).is_none());
        item.insert(ATTRIBUTE.to_owned(), number(READABLE + 1));
        stamp(&mut item);
        let error = readable(item).expect_err("is newer").to_string();
        assert!(
            error.contains("LOGIN#/LOGIN has schema version 2"),
            "{error}"
        );
        assert!(error.contains("roll forward"), "{error}");
        assert!(!error.contains("jean"), "{error}");
    }

    #[test]
    fn what_is_written_can_be_read() {
        assert!((FIRST..=READABLE).contains(&WRITTEN));
    }
}
