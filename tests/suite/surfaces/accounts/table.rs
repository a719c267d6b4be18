//! The table itself, past the API.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::{
    primitives::{DateTime, DateTimeFormat},
    types::AttributeValue,
};
use roster_local::setup;

use crate::harness::Api;

pub type Item = HashMap<String, AttributeValue>;
pub type Key = (String, String);

pub struct Table {
    client: aws_sdk_dynamodb::Client,
    name: String,
}

/// A user of the demo organization.
pub fn user(id: &str) -> Key {
    in_organization(format!("USER#{id}"))
}

/// An item of the demo organization.
pub fn in_organization(sk: String) -> Key {
    (format!("ORG#{}", setup::ORGANIZATION), sk)
}

/// What says who has a login name.
pub fn login_guard(name: &str) -> Key {
    (format!("LOGIN#{name}"), "LOGIN".to_owned())
}

/// What is kept of a session or a key, from its text.
pub fn key(text: &str) -> Key {
    let kind = if text.starts_with("rstr_ses_") {
        "SESSION"
    } else {
        "KEY"
    };
    (format!("{kind}#{}", key_id(text)), kind.to_owned())
}

/// The id in `rstr_<kind>_<id>_<secret>`.
pub fn key_id(text: &str) -> &str {
    text.split('_').nth(2).expect("a key")
}

fn key_of(item: &Item) -> Key {
    let text = |name: &str| item[name].as_s().unwrap().clone();
    (text("pk"), text("sk"))
}

impl Table {
    pub fn of(api: &Api) -> Self {
        Self {
            client: api.dynamodb(),
            name: api.table.clone(),
        }
    }

    pub async fn get(&self, (pk, sk): &Key) -> Option<Item> {
        let got = self
            .client
            .get_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(pk.clone()))
            .key("sk", AttributeValue::S(sk.clone()))
            .consistent_read(true);
        got.send().await.unwrap().item
    }

    pub async fn put(&self, item: Item) {
        let put = self.client.put_item().table_name(&self.name);
        put.set_item(Some(item)).send().await.unwrap();
    }

    pub async fn delete(&self, (pk, sk): &Key) {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(pk.clone()))
            .key("sk", AttributeValue::S(sk.clone()))
            .condition_expression("attribute_exists(pk)");
        delete.send().await.unwrap();
    }

    /// Sets an attribute that an item has; dots lead into maps.
    pub async fn set(&self, (pk, sk): &Key, path: &str, value: AttributeValue) {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(pk.clone()))
            .key("sk", AttributeValue::S(sk.clone()))
            .expression_attribute_values(":value", value);
        let mut names = Vec::new();
        for (index, name) in path.split('.').enumerate() {
            update = update.expression_attribute_names(format!("#{index}"), name);
            names.push(format!("#{index}"));
        }
        let place = names.join(".");
        let update = update
            .condition_expression(format!("attribute_exists({place})"))
            .update_expression(format!("SET {place} = :value"));
        update.send().await.unwrap();
    }

    /// Every item.
    pub async fn everything(&self) -> BTreeMap<Key, Item> {
        let scan = self
            .client
            .scan()
            .table_name(&self.name)
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let items = scan.collect::<Result<Vec<_>, _>>().await.unwrap();
        items
            .into_iter()
            .map(|item| (key_of(&item), item))
            .collect()
    }

    /// Every item but mails and the change feed, which go on following while a test looks.
    pub async fn everything_at_rest(&self) -> BTreeMap<Key, Item> {
        let mut items = self.everything().await;
        items.retain(|(pk, sk), _| !sk.starts_with("MAIL#") && !pk.starts_with("CHANGES#"));
        items
    }

    /// The items whose partition key begins so.
    pub async fn starting_with(&self, pk: &str) -> BTreeMap<Key, Item> {
        let mut items = self.everything().await;
        items.retain(|(found, _), _| found.starts_with(pk));
        items
    }

    /// How many users can manage the demo organization's account, as the table
    /// counts them.
    pub async fn managers(&self) -> u64 {
        let item = self.get(&in_organization("MANAGERS".to_owned())).await;
        item.map_or(0, |item| number(&item, "count"))
    }

    /// Whether a text stands anywhere, within other text and bytes too.
    pub async fn holds(&self, text: &str) -> bool {
        let items = self.everything().await;
        items.values().any(|item| {
            let mut parts = item.iter();
            parts.any(|(name, value)| name.contains(text) || contains(value, text))
        })
    }
}

/// A number in an item.
pub fn number(item: &Item, name: &str) -> u64 {
    item[name].as_n().unwrap().parse().unwrap()
}

/// A time in an item.
pub fn time(item: &Item, name: &str) -> DateTime {
    let text = item[name].as_s().unwrap();
    DateTime::from_str(text, DateTimeFormat::DateTime).unwrap()
}

fn contains(value: &AttributeValue, text: &str) -> bool {
    let in_bytes = |bytes: &[u8]| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    match value {
        AttributeValue::S(value) | AttributeValue::N(value) => value.contains(text),
        AttributeValue::Ss(values) => values.iter().any(|value| value.contains(text)),
        AttributeValue::B(bytes) => in_bytes(bytes.as_ref()),
        AttributeValue::Bs(all) => all.iter().any(|bytes| in_bytes(bytes.as_ref())),
        AttributeValue::L(values) => values.iter().any(|value| contains(value, text)),
        AttributeValue::M(values) => values
            .iter()
            .any(|(name, value)| name.contains(text) || contains(value, text)),
        _ => false,
    }
}
