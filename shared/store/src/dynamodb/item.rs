//! Items: their keys, and the values that they stand for.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};

use crate::keys::{INDEX_PK, INDEX_SK, IndexKey, Key, PK, SK};

/// An item's attributes.
pub type Item = HashMap<String, AttributeValue>;

/// An item with its key.
#[must_use]
pub fn with_key(mut item: Item, key: &Key) -> Item {
    item.insert(PK.to_owned(), AttributeValue::S(key.pk.clone()));
    item.insert(SK.to_owned(), AttributeValue::S(key.sk.clone()));
    item
}

/// An item with its key in the index, where it has one.
pub(crate) fn with_index(mut item: Item, index: Option<&IndexKey>) -> Item {
    if let Some(index) = index {
        item.insert(INDEX_PK.to_owned(), AttributeValue::S(index.pk.clone()));
        item.insert(INDEX_SK.to_owned(), AttributeValue::S(index.sk.clone()));
    }
    item
}

/// The key of an item.
///
/// # Errors
/// When it has none.
pub fn key_of(item: &Item) -> Result<Key> {
    let text = |name| {
        item.get(name)
            .and_then(|value| value.as_s().ok())
            .cloned()
            .ok_or_else(|| Error::internal(format!("an item has no {name}")))
    };
    Ok(Key {
        pk: text(PK)?,
        sk: text(SK)?,
    })
}

/// A value as an item.
///
/// # Errors
/// When it is none.
pub(crate) fn to_item<T: Serialize>(value: &T) -> Result<Item> {
    serde_dynamo::aws_sdk_dynamodb_1::to_item(value).map_err(Error::internal)
}

/// A value as an attribute.
///
/// # Errors
/// When it is none.
pub(crate) fn to_attribute<T: Serialize>(value: &T) -> Result<AttributeValue> {
    serde_dynamo::aws_sdk_dynamodb_1::to_attribute_value(value).map_err(Error::internal)
}

/// The value that an item stands for.
///
/// # Errors
/// When it cannot be read as one.
pub fn from_item<T: DeserializeOwned>(item: Item) -> Result<T> {
    serde_dynamo::aws_sdk_dynamodb_1::from_item(item).map_err(Error::internal)
}

#[cfg(test)]
mod tests;
