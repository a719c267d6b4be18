//! Condition expressions: what must still be true when a write happens.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::{keys::PK, table::Item, user_guards::PROVEN};

/// Attribute that counts an item's writes.
pub(crate) const VERSION: &str = "__v";
/// Attribute of a guard: who holds the value.
pub(crate) const HOLDER: &str = "holder";

/// Whether an item is in this version.
pub(crate) fn is_version(item: &Item, version: u64) -> bool {
    let found = item.get(VERSION).and_then(|value| value.as_n().ok());
    found.is_some_and(|found| *found == version.to_string())
}

/// A condition expression with its placeholders.
#[derive(Debug, Clone)]
pub struct Condition {
    pub(crate) expression: String,
    pub(crate) names: HashMap<String, String>,
    pub(crate) values: HashMap<String, AttributeValue>,
}

impl Condition {
    fn new(expression: &str, names: &[(&str, &str)], values: &[(&str, AttributeValue)]) -> Self {
        let own = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        Self {
            expression: expression.to_owned(),
            names: names.iter().map(own).collect(),
            values: values
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
        }
    }

    /// Whatever there is.
    #[must_use]
    pub fn none() -> Self {
        Self::new("", &[], &[])
    }

    /// A number is above another.
    #[must_use]
    pub fn above(attribute: &str, least: i64) -> Self {
        let value = AttributeValue::N(least.to_string());
        Self::new(
            "#above > :above",
            &[("#above", attribute)],
            &[(":above", value)],
        )
    }

    /// No item has the key.
    #[must_use]
    pub fn absent() -> Self {
        Self::new("attribute_not_exists(#pk)", &[("#pk", PK)], &[])
    }

    /// An item has the key.
    #[must_use]
    pub fn present() -> Self {
        Self::new("attribute_exists(#pk)", &[("#pk", PK)], &[])
    }

    /// The item was not written since it was read with this `__v`.
    #[must_use]
    pub fn version(version: u64) -> Self {
        let value = AttributeValue::N(version.to_string());
        Self::new("#cv = :cv", &[("#cv", VERSION)], &[(":cv", value)])
    }

    /// As [`Condition::version`], and a number that begins at 0 is still this.
    #[must_use]
    pub fn version_and(version: u64, attribute: &str, number: u64) -> Self {
        let mut condition = Self::version(version);
        condition.expression += match number {
            0 => " AND (attribute_not_exists(#also) OR #also = :also)",
            _ => " AND #also = :also",
        };
        let number = AttributeValue::N(number.to_string());
        condition
            .names
            .insert("#also".to_owned(), attribute.to_owned());
        condition.values.insert(":also".to_owned(), number);
        condition
    }

    /// The guard is held by `holder`.
    #[must_use]
    pub fn held_by(holder: &str) -> Self {
        let value = AttributeValue::S(holder.to_owned());
        Self::new(
            "#holder = :holder",
            &[("#holder", HOLDER)],
            &[(":holder", value)],
        )
    }

    /// The guard is held by `holder`, who has not proven the name.
    #[must_use]
    pub fn held_unproven_by(holder: &str) -> Self {
        let mut condition = Self::held_by(holder);
        condition.expression += " AND attribute_not_exists(#proven)";
        condition
            .names
            .insert("#proven".to_owned(), PROVEN.to_owned());
        condition
    }

    /// The user is active, and no session has been ended since it was read.
    #[must_use]
    pub fn in_session_epoch(epoch: u64) -> Self {
        Self::new(
            "#epoch = :epoch AND attribute_not_exists(#off)",
            &[("#epoch", "session_epoch"), ("#off", "deactivated_at")],
            &[(":epoch", AttributeValue::N(epoch.to_string()))],
        )
    }

    /// The guard is held by `holder`, or gone.
    #[must_use]
    pub fn held_by_or_absent(holder: &str) -> Self {
        let mut condition = Self::held_by(holder);
        condition.expression = format!("attribute_not_exists(#holder) OR {}", condition.expression);
        condition
    }
}
