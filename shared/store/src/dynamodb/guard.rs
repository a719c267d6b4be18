//! Guards: items that keep a value unique, each with the id of who holds it.

use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::dynamodb::item::Item;

/// Attribute of a guard: who holds the value.
pub(crate) const HOLDER: &str = "holder";

/// Attribute of a login name's guard: that who holds it has shown to read what
/// is mailed to the address that the name is. No file and no caller says so.
pub(crate) const PROVEN: &str = "proven";

/// A guard item that says who holds the value.
pub(crate) fn guard(holder: impl ToString) -> Item {
    let holder = AttributeValue::S(holder.to_string());
    Item::from([(HOLDER.to_owned(), holder)])
}

/// Who holds the value of a guard.
pub(crate) fn holder<T: FromStr>(guard: &Item) -> Option<T> {
    guard.get(HOLDER)?.as_s().ok()?.parse().ok()
}
