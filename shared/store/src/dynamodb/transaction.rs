//! Transactions whose writes each know what their failed condition stands for.

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{
        AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
        TransactWriteItem, Update,
    },
};
use roster_domain::Error;

use crate::{
    dynamodb::{
        condition::{Condition, VERSION},
        item::{Item, key_of, with_key},
        item_size,
        schema_version::{self, whole},
        write_failure::Meaning,
    },
    keys::{IndexKey, Key},
};

/// One write of a transaction.
pub struct Write {
    action: Action,
    condition: Condition,
    pub(crate) meaning: Meaning,
}

#[derive(Clone)]
enum Action {
    Put(Item),
    Update { key: Item, expression: String },
    Delete { key: Item },
    Check { key: Item },
}

impl Write {
    fn new(action: Action, condition: Condition) -> Self {
        Self {
            action,
            condition,
            meaning: Meaning::Stale,
        }
    }

    /// Writes a whole item.
    #[must_use]
    pub fn put(key: &Key, index: Option<&IndexKey>, item: Item, condition: Condition) -> Self {
        Self::new(Action::Put(whole(item, key, index)), condition)
    }

    /// Sets (`Some`) and removes (`None`) attributes of an item, and adds one
    /// to its `__v` where `count` says so. A dot in a name leads into a map.
    pub fn update(
        key: &Key,
        attributes: impl IntoIterator<Item = (String, Option<AttributeValue>)>,
        count: bool,
        mut condition: Condition,
    ) -> Self {
        let (mut set, mut remove) = (Vec::new(), Vec::new());
        for (index, (name, value)) in attributes.into_iter().enumerate() {
            let mut steps = Vec::new();
            for (depth, step) in name.split('.').enumerate() {
                let placeholder = format!("#a{index}_{depth}");
                condition.names.insert(placeholder.clone(), step.to_owned());
                steps.push(placeholder);
            }
            let placeholder = steps.join(".");
            if let Some(value) = value {
                set.push(format!("{placeholder} = :a{index}"));
                condition.values.insert(format!(":a{index}"), value);
            } else {
                remove.push(placeholder);
            }
        }
        if count {
            set.push("#version = #version + :one".to_owned());
            condition
                .names
                .insert("#version".to_owned(), VERSION.to_owned());
            condition
                .values
                .insert(":one".to_owned(), AttributeValue::N("1".to_owned()));
        }
        set.push(schema_version::stamping(&mut condition));
        let clauses = [("SET", set), ("REMOVE", remove)];
        let clauses = clauses.into_iter().filter(|(_, all)| !all.is_empty());
        let clauses: Vec<_> = clauses
            .map(|(verb, all)| format!("{verb} {}", all.join(", ")))
            .collect();
        let key = with_key(Item::new(), key);
        Self::new(
            Action::Update {
                key,
                expression: clauses.join(" "),
            },
            condition,
        )
    }

    /// Adds to a number, which begins at 0.
    #[must_use]
    pub fn add(key: &Key, attribute: &str, by: i64, mut condition: Condition) -> Self {
        condition
            .names
            .insert("#added".to_owned(), attribute.to_owned());
        condition
            .values
            .insert(":by".to_owned(), AttributeValue::N(by.to_string()));
        let stamping = schema_version::stamping(&mut condition);
        Self::new(
            Action::Update {
                key: with_key(Item::new(), key),
                expression: format!("ADD #added :by SET {stamping}"),
            },
            condition,
        )
    }

    /// Removes an item.
    #[must_use]
    pub fn delete(key: &Key, condition: Condition) -> Self {
        Self::new(
            Action::Delete {
                key: with_key(Item::new(), key),
            },
            condition,
        )
    }

    /// Writes nothing, but holds the transaction to a condition.
    #[must_use]
    pub fn check(key: &Key, condition: Condition) -> Self {
        Self::new(
            Action::Check {
                key: with_key(Item::new(), key),
            },
            condition,
        )
    }

    /// Says what the failed condition stands for, where it is more than
    /// [`Meaning::Stale`].
    #[must_use]
    pub fn or_fail(
        mut self,
        error: impl Fn(Option<&Item>) -> Error + Send + Sync + 'static,
    ) -> Self {
        self.meaning = Meaning::Final(Box::new(error));
        self
    }

    /// The key of the item that it writes; none where it only looks at it.
    pub(crate) fn target(&self) -> Option<Key> {
        match &self.action {
            Action::Put(item) | Action::Update { key: item, .. } | Action::Delete { key: item } => {
                key_of(item).ok()
            }
            Action::Check { .. } => None,
        }
    }

    /// Whether it is about the item with this key.
    pub(crate) fn is_of(&self, key: &Key) -> bool {
        let (Action::Put(item)
        | Action::Update { key: item, .. }
        | Action::Delete { key: item }
        | Action::Check { key: item }) = &self.action;
        key_of(item).is_ok_and(|own| own == *key)
    }

    /// Holds it to a condition besides its own. That either fails may then mean
    /// that something has changed: read and decide again.
    pub(crate) fn hold_to(&mut self, condition: &Condition) {
        self.condition = std::mem::replace(&mut self.condition, Condition::none()).and(condition);
        self.meaning = Meaning::Stale;
    }

    /// The same write for another transaction, where a failed condition means
    /// [`Meaning::Stale`].
    pub(crate) fn again(&self) -> Self {
        Self::new(self.action.clone(), self.condition.clone())
    }

    /// How large it is, of what is known without the item that is there.
    pub(crate) fn size(&self) -> usize {
        let values = |condition: &Condition| item_size::of(&condition.values);
        match &self.action {
            Action::Put(item) => item_size::of(item),
            Action::Update { key, .. } => item_size::of(key) + values(&self.condition),
            Action::Delete { key } | Action::Check { key } => item_size::of(key),
        }
    }

    /// As DynamoDB takes it.
    pub(crate) fn build(mut self, table: &str) -> Result<(TransactWriteItem, Meaning), BuildError> {
        schema_version::require_readable(&mut self.condition);
        let names = Some(self.condition.names);
        let values = Some(self.condition.values);
        let condition = Some(self.condition.expression);
        let item = TransactWriteItem::builder();
        let item = match self.action {
            Action::Put(whole) => item.put(
                Put::builder()
                    .table_name(table)
                    .set_item(Some(whole))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .return_values_on_condition_check_failure(RETURN_OLD)
                    .build()?,
            ),
            Action::Update { key, expression } => item.update(
                Update::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .update_expression(expression)
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .return_values_on_condition_check_failure(RETURN_OLD)
                    .build()?,
            ),
            Action::Delete { key } => item.delete(
                Delete::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .return_values_on_condition_check_failure(RETURN_OLD)
                    .build()?,
            ),
            Action::Check { key } => item.condition_check(
                ConditionCheck::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .return_values_on_condition_check_failure(RETURN_OLD)
                    .build()?,
            ),
        };
        Ok((item.build(), self.meaning))
    }
}

const RETURN_OLD: ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure::AllOld;

#[cfg(test)]
mod tests;
