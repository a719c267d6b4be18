//! Condition expressions: what must still be true when a write happens.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::{
    dynamodb::{
        guard::{HOLDER, PROVEN},
        item::Item,
    },
    keys::PK,
};

/// Attribute that counts an item's writes.
pub const VERSION: &str = "__v";

/// Whether an item is in this version.
pub(crate) fn is_version(item: &Item, version: u64) -> bool {
    let found = item.get(VERSION).and_then(|value| value.as_n().ok());
    found.is_some_and(|found| *found == version.to_string())
}

/// What stands at a path in an item.
fn found<'a>(item: &'a Item, path: &str) -> Option<&'a AttributeValue> {
    let mut steps = path.split('.');
    let first = item.get(steps.next()?)?;
    steps.try_fold(first, |value, step| value.as_m().ok()?.get(step))
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

    /// A number is below another, or is not there.
    #[must_use]
    pub fn absent_or_below(attribute: &str, most: i64) -> Self {
        Self::new(
            "attribute_not_exists(#number) OR #number < :most",
            &[("#number", attribute)],
            &[(":most", AttributeValue::N(most.to_string()))],
        )
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

    /// No item has the key, or one that has these attributes.
    #[must_use]
    pub fn absent_or_same(attributes: &Item) -> Self {
        let mut condition = Self::absent();
        let mut own = Vec::new();
        for (number, (name, value)) in attributes.iter().enumerate() {
            own.push(format!("#own{number} = :own{number}"));
            condition
                .names
                .insert(format!("#own{number}"), name.clone());
            condition
                .values
                .insert(format!(":own{number}"), value.clone());
        }
        let absent = condition.expression;
        condition.expression = format!("{absent} OR ({})", own.join(" AND "));
        condition
    }

    /// A text is this. A dot in the attribute's name leads into a map.
    #[must_use]
    pub fn equal(attribute: &str, text: &str) -> Self {
        let mut condition = Self::none();
        let mut steps = Vec::new();
        for (depth, step) in attribute.split('.').enumerate() {
            let name = format!("#step{depth}");
            condition.names.insert(name.clone(), step.to_owned());
            steps.push(name);
        }
        condition.expression = format!("{} = :text", steps.join("."));
        let text = AttributeValue::S(text.to_owned());
        condition.values.insert(":text".to_owned(), text);
        condition
    }

    /// An item has the key.
    #[must_use]
    pub fn present() -> Self {
        Self::new("attribute_exists(#pk)", &[("#pk", PK)], &[])
    }

    /// The organization is there, and is not being deleted.
    #[must_use]
    pub fn open() -> Self {
        Self::new(
            "attribute_exists(#pk) AND attribute_not_exists(#closing)",
            &[("#pk", PK), ("#closing", "closing_at")],
            &[],
        )
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

    /// The item is there, and these attributes of it are as they were read. A
    /// dot in a name leads into a map.
    #[must_use]
    pub fn unchanged(item: &Item, attributes: &[&str]) -> Self {
        let mut condition = Self::new("attribute_exists(#held)", &[("#held", PK)], &[]);
        for (index, attribute) in attributes.iter().enumerate() {
            let mut steps = Vec::new();
            for (depth, step) in attribute.split('.').enumerate() {
                let name = format!("#held{index}_{depth}");
                condition.names.insert(name.clone(), step.to_owned());
                steps.push(name);
            }
            let (path, value) = (steps.join("."), format!(":held{index}"));
            let same = match found(item, attribute) {
                Some(old) => {
                    condition.values.insert(value.clone(), old.clone());
                    format!("{path} = {value}")
                }
                None => format!("attribute_not_exists({path})"),
            };
            condition.expression = format!("{} AND {same}", condition.expression);
        }
        condition
    }

    /// Both this and another one, whose placeholders are others.
    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.expression = match self.expression.as_str() {
            "" => other.expression.clone(),
            own => format!("({own}) AND {}", other.expression),
        };
        self.names.extend(other.names.clone());
        self.values.extend(other.values.clone());
        self
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

#[cfg(test)]
mod tests;
