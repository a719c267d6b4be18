//! What Lambda makes of the table's stream and of a queue, as far as functions read it, and
//! the answer that says which of it failed.

use std::collections::HashMap;

use jiff::Timestamp;
use roster_domain::{Error, Result};
use roster_store::{
    dynamodb::{item::Item, json},
    keys::{Key, PK, SK},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A change to an item.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    /// `INSERT`, `MODIFY` or `REMOVE`.
    pub event_name: String,
    /// What changed.
    pub dynamodb: Change,
}

/// A message of a queue.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its id.
    pub message_id: String,
    /// By what this receipt of it is known, while it is hidden from others.
    #[serde(default)]
    pub receipt_handle: String,
    /// What it says.
    pub body: String,
}

/// Which item changed, and when.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Change {
    /// The item's key.
    pub keys: HashMap<String, Text>,
    /// The change's place in the stream.
    pub sequence_number: String,
    /// The item as it was; none where it is new.
    #[serde(default)]
    pub old_image: Option<Value>,
    /// The item as it is; none where it is gone.
    #[serde(default)]
    pub new_image: Option<Value>,
    /// When it was written: seconds since 1970.
    #[serde(default)]
    pub approximate_creation_date_time: f64,
}

/// An attribute that is a text.
#[derive(Debug, Deserialize)]
pub struct Text {
    /// The text.
    #[serde(rename = "S")]
    pub text: String,
}

/// Which records are to be delivered again.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResponse {
    /// They, in their order. Lambda goes on from the first of them.
    pub batch_item_failures: Vec<BatchItemFailure>,
}

/// A record that is to be delivered again.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemFailure {
    /// Its sequence number.
    pub item_identifier: String,
}

impl Changed {
    /// The key of the item.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        let text = |name| self.dynamodb.keys.get(name).map(|value| value.text.clone());
        let (pk, sk) = (text(PK)?, text(SK)?);
        Some(Key { pk, sk })
    }

    /// Whether the item is new.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.event_name == "INSERT"
    }

    /// The item as it was, and as it is.
    ///
    /// # Errors
    /// When an image cannot be read.
    pub fn images(&self) -> Result<(Option<Item>, Option<Item>)> {
        let read = |image: &Option<Value>| image.as_ref().map(item).transpose();
        let change = &self.dynamodb;
        Ok((read(&change.old_image)?, read(&change.new_image)?))
    }

    /// When it was changed, to the second.
    ///
    /// # Errors
    /// When the record says no time.
    pub fn at(&self) -> Result<Timestamp> {
        let second = self.dynamodb.approximate_creation_date_time;
        #[expect(clippy::cast_possible_truncation, reason = "of seconds, the fraction")]
        let second = second as i64;
        Timestamp::from_second(second).map_err(Error::internal)
    }
}

/// An item, as the stream shows it.
fn item(image: &Value) -> Result<Item> {
    json::read(image).ok_or_else(|| Error::internal("an image of an item cannot be read"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_answer_names_what_failed_as_lambda_reads_it() {
        let answer = BatchResponse {
            batch_item_failures: vec![BatchItemFailure {
                item_identifier: "1".to_owned(),
            }],
        };
        assert_eq!(
            serde_json::to_value(&answer).expect("JSON"),
            json!({ "batchItemFailures": [{ "itemIdentifier": "1" }] })
        );
    }
}
