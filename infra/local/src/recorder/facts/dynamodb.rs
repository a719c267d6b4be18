//! What calls of DynamoDB need.

use std::collections::{BTreeMap, HashMap};

use roster_store::keys::PK;
use serde::Deserialize;
use serde_json::Value;

use super::{Fact, UnknownCall};

/// Attributes by their names, as JSON tags their values: `{"S": "text"}`.
type Attributes = HashMap<String, Value>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Batch {
    request_items: HashMap<String, Keys>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Keys {
    keys: Vec<Attributes>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Query {
    #[serde(default)]
    expression_attribute_values: Attributes,
    index_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Transaction {
    transact_items: Vec<TransactItem>,
}

#[derive(Deserialize)]
enum TransactItem {
    Put(OneItem),
    Update(OneItem),
    Delete(OneItem),
    ConditionCheck(OneItem),
}

/// What a call says of one item.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OneItem {
    /// The item's key; none where it is put.
    key: Option<Attributes>,
    /// The item that is put.
    item: Option<Attributes>,
    update_expression: Option<String>,
    condition_expression: Option<String>,
    #[serde(default)]
    expression_attribute_names: HashMap<String, String>,
}

/// What a call of an operation needs.
pub(super) fn facts(operation: &str, body: &[u8]) -> Result<Vec<Fact>, UnknownCall> {
    match operation {
        "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" => {
            let item: OneItem = serde_json::from_slice(body)?;
            let mut fact = Fact::of("dynamodb", operation);
            fact.add(&item)?;
            Ok(vec![fact])
        }
        "BatchGetItem" => {
            let batch: Batch = serde_json::from_slice(body)?;
            let mut fact = Fact::of("dynamodb", operation);
            for key in batch.request_items.values().flat_map(|table| &table.keys) {
                fact.add_key(Some(key), PK)?;
            }
            Ok(vec![fact])
        }
        "Query" => {
            let query: Query = serde_json::from_slice(body)?;
            let mut fact = Fact::of("dynamodb", operation);
            fact.add_key(Some(&query.expression_attribute_values), ":pk")?;
            fact.index = query.index_name;
            Ok(vec![fact])
        }
        "TransactWriteItems" => transaction(serde_json::from_slice(body)?),
        _ => Err(UnknownCall::Operation(format!("dynamodb {operation}"))),
    }
}

/// A transaction is no action of IAM: each of its writes needs the right to the
/// write. Those of one action are taken together, because a policy's
/// `ForAllValues` may hold all of their keys to one statement.
fn transaction(transaction: Transaction) -> Result<Vec<Fact>, UnknownCall> {
    let mut facts: BTreeMap<&str, Fact> = BTreeMap::new();
    for item in &transaction.transact_items {
        let (action, item) = match item {
            TransactItem::Put(item) => ("PutItem", item),
            TransactItem::Update(item) => ("UpdateItem", item),
            TransactItem::Delete(item) => ("DeleteItem", item),
            TransactItem::ConditionCheck(item) => ("ConditionCheckItem", item),
        };
        let fact = facts
            .entry(action)
            .or_insert_with(|| Fact::of("dynamodb", action));
        fact.add(item)?;
    }
    Ok(facts.into_values().collect())
}

impl Fact {
    /// Adds what a call that says this of an item needs.
    fn add(&mut self, item: &OneItem) -> Result<(), UnknownCall> {
        self.add_key(item.key.as_ref().or(item.item.as_ref()), PK)?;
        // A read names attributes as well; no policy bounds it by them.
        if ["dynamodb:PutItem", "dynamodb:UpdateItem"].contains(&self.action.as_str()) {
            let named_outright = item.key.iter().chain(&item.item).flat_map(HashMap::keys);
            self.attributes.extend(named_outright.cloned());
            let expressions = [&item.update_expression, &item.condition_expression];
            for expression in expressions.into_iter().flatten() {
                let names = &item.expression_attribute_names;
                self.attributes.extend(named(expression, names));
            }
        }
        Ok(())
    }

    /// Adds the partition key that is the attribute of this name.
    fn add_key(&mut self, attributes: Option<&Attributes>, name: &str) -> Result<(), UnknownCall> {
        let key = attributes.and_then(|attributes| attributes.get(name)?.get("S")?.as_str());
        let key = key.ok_or(UnknownCall::Missing("partition key"))?;
        self.keys.insert(key_prefix(key).to_owned());
        Ok(())
    }
}

/// A partition key without what differs from item to item. The partition of
/// users without an organization is one, and stays.
fn key_prefix(key: &str) -> &str {
    match key.find('#') {
        Some(end) if key != "ORG#0" => key.get(..=end).unwrap_or(key),
        _ => key,
    }
}

/// The attributes that an expression names, at their top level. A word that
/// stands for itself counts as one, so that none is overlooked.
fn named(expression: &str, names: &HashMap<String, String>) -> Vec<String> {
    const WORDS: [&str; 8] = [
        "SET",
        "REMOVE",
        "ADD",
        "AND",
        "OR",
        "attribute_exists",
        "attribute_not_exists",
        "if_not_exists",
    ];
    let of_path = |c: char| c.is_alphanumeric() || "_#:.".contains(c);
    expression
        .split(|c| !of_path(c))
        .filter_map(|path| path.split('.').next())
        .filter(|word| !word.is_empty() && !word.starts_with(':') && !WORDS.contains(word))
        .map(|word| names.get(word).map_or(word, String::as_str).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_key_is_cut_behind_what_says_its_kind() {
        for (key, prefix) in [
            ("ORG#5f198da1c1ac5d1a30fc00f3", "ORG#"),
            ("ORG#0", "ORG#0"),
            ("KEYS#OPERATOR", "KEYS#"),
            ("COUNTER", "COUNTER"),
        ] {
            assert_eq!(key_prefix(key), prefix);
        }
    }

    #[test]
    fn an_update_names_its_attributes_at_their_top_level() {
        let names = [("#a0_0", "login"), ("#a0_1", "hash"), ("#version", "__v")];
        let names = names.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let found = named(
            "SET #a0_0.#a0_1 = :a0, #version = #version + :one, plain = :b",
            &HashMap::from(names),
        );
        let found: BTreeSet<_> = found.iter().map(String::as_str).collect();
        assert_eq!(found, BTreeSet::from(["__v", "login", "plain"]));
        let found = named(
            "attribute_exists(#pk) AND attribute_not_exists(x)",
            &HashMap::new(),
        );
        assert_eq!(found, ["#pk", "x"]);
    }
}
