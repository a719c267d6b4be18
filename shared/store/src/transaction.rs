//! Transactions whose writes each know what their failed condition stands for.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem, Update,
};
use roster_domain::Error;

use crate::{
    condition::Condition,
    keys::{IndexKey, Key},
    table::{Item, with_index, with_key},
};

/// Most writes that DynamoDB takes in one transaction.
pub const MAX_WRITES: usize = 100;

/// What a failed condition stands for.
pub enum Meaning {
    /// What the decision was made from has changed: read and decide again.
    Stale,
    /// The request cannot be served; told from the item that stands in the way.
    Refuse(Box<dyn Fn(Option<&Item>) -> Error + Send + Sync>),
}

/// Why a transaction did not happen.
#[derive(Debug)]
pub enum Failure {
    /// Read and decide again.
    Stale,
    /// Final.
    Error(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// One write of a transaction.
pub struct Write {
    pub(crate) item: TransactWriteItem,
    pub(crate) meaning: Meaning,
}

const RETURN_OLD: ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure::AllOld;

impl Write {
    /// Writes a whole item.
    pub fn put(key: &Key, index: Option<&IndexKey>, item: Item, condition: Condition) -> Self {
        let put = Put::builder()
            .set_item(Some(with_index(with_key(item, key), index)))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(some_if_any(condition.values))
            .return_values_on_condition_check_failure(RETURN_OLD);
        Self::stale(
            TransactWriteItem::builder()
                .set_put(put.build().ok())
                .build(),
        )
    }

    /// Sets (`Some`) and removes (`None`) attributes of an item, and adds one
    /// to its `__v` where `count` says so. A dot in a name leads into a map.
    pub fn update(
        key: &Key,
        attributes: impl IntoIterator<Item = (String, Option<AttributeValue>)>,
        count: bool,
        condition: Condition,
    ) -> Self {
        let Condition {
            expression,
            mut names,
            mut values,
        } = condition;
        let (mut set, mut remove) = (Vec::new(), Vec::new());
        for (index, (name, value)) in attributes.into_iter().enumerate() {
            let mut steps = Vec::new();
            for (depth, step) in name.split('.').enumerate() {
                let placeholder = format!("#a{index}_{depth}");
                names.insert(placeholder.clone(), step.to_owned());
                steps.push(placeholder);
            }
            let placeholder = steps.join(".");
            if let Some(value) = value {
                set.push(format!("{placeholder} = :a{index}"));
                values.insert(format!(":a{index}"), value);
            } else {
                remove.push(placeholder);
            }
        }
        if count {
            set.push("#version = #version + :one".to_owned());
            names.insert("#version".to_owned(), crate::condition::VERSION.to_owned());
            values.insert(":one".to_owned(), AttributeValue::N("1".to_owned()));
        }
        let mut change = String::new();
        if !set.is_empty() {
            change.push_str(&format!("SET {} ", set.join(", ")));
        }
        if !remove.is_empty() {
            change.push_str(&format!("REMOVE {}", remove.join(", ")));
        }
        let update = Update::builder()
            .set_key(Some(with_key(Item::new(), key)))
            .update_expression(change.trim_end())
            .condition_expression(expression)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(some_if_any(values))
            .return_values_on_condition_check_failure(RETURN_OLD);
        Self::stale(
            TransactWriteItem::builder()
                .set_update(update.build().ok())
                .build(),
        )
    }

    /// Removes an item.
    pub fn delete(key: &Key, condition: Condition) -> Self {
        let delete = Delete::builder()
            .set_key(Some(with_key(Item::new(), key)))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(some_if_any(condition.values))
            .return_values_on_condition_check_failure(RETURN_OLD);
        Self::stale(
            TransactWriteItem::builder()
                .set_delete(delete.build().ok())
                .build(),
        )
    }

    /// Writes nothing, but holds the transaction to a condition.
    pub fn check(key: &Key, condition: Condition) -> Self {
        let check = ConditionCheck::builder()
            .set_key(Some(with_key(Item::new(), key)))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(some_if_any(condition.values))
            .return_values_on_condition_check_failure(RETURN_OLD);
        Self::stale(
            TransactWriteItem::builder()
                .set_condition_check(check.build().ok())
                .build(),
        )
    }

    fn stale(item: TransactWriteItem) -> Self {
        Self {
            item,
            meaning: Meaning::Stale,
        }
    }

    /// Says what the failed condition stands for, where it is more than
    /// [`Meaning::Stale`].
    #[must_use]
    pub fn or_refuse(
        mut self,
        refusal: impl Fn(Option<&Item>) -> Error + Send + Sync + 'static,
    ) -> Self {
        self.meaning = Meaning::Refuse(Box::new(refusal));
        self
    }
}

/// DynamoDB refuses an empty map of placeholders.
fn some_if_any(values: HashMap<String, AttributeValue>) -> Option<HashMap<String, AttributeValue>> {
    (!values.is_empty()).then_some(values)
}
