//! Writes down which rights at DynamoDB the functions use, for
//! `tests/proofs/emulator/check_policies.py`, which holds the template's policies to it.
//!
//! With `ROSTER_RECORD_ACTIONS=<file>`, every call that a function makes is
//! noted there, once for each way of calling: a line of JSON with the function,
//! the action as IAM names it, the partition keys without what differs from item
//! to item, and the attributes that an update names. `tests/proofs/emulator/recorder.py`
//! writes the same lines of what it sees on the wire.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fs::{File, OpenOptions},
    future::Future,
    io::Write,
    path::PathBuf,
    sync::{LazyLock, Mutex, PoisonError},
};

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::BeforeSerializationInterceptorContextRef,
    },
    error::BoxError,
    operation::{
        batch_get_item::BatchGetItemInput, get_item::GetItemInput, put_item::PutItemInput,
        query::QueryInput, transact_write_items::TransactWriteItemsInput,
        update_item::UpdateItemInput,
    },
    types::AttributeValue,
};
use roster_store::keys::PK;
use serde_json::{Map, Value, json};

/// Names the file that facts are appended to.
pub const VARIABLE: &str = "ROSTER_RECORD_ACTIONS";

/// Where facts go; none where nothing is recorded.
static FILE: LazyLock<Option<PathBuf>> =
    LazyLock::new(|| std::env::var_os(VARIABLE).map(PathBuf::from));
/// What this process has written, so that it writes each fact once.
static WRITTEN: Mutex<Option<(File, HashSet<String>)>> = Mutex::new(None);

tokio::task_local! {
    static FUNCTION: String;
}

/// Runs a future as the function of this name (its binary's): what it asks
/// DynamoDB for is put down to the function.
pub async fn as_function<F: Future>(name: &str, future: F) -> F::Output {
    if FILE.is_none() {
        return future.await;
    }
    FUNCTION.scope(name.to_owned(), future).await
}

/// The recorder, as part of a client.
#[derive(Debug)]
pub(crate) struct Recorder;

impl Recorder {
    /// The recorder, where something is to be recorded.
    pub(crate) fn from_env() -> Option<Self> {
        FILE.as_ref().map(|_| Self)
    }
}

impl Intercept for Recorder {
    fn name(&self) -> &'static str {
        "roster-recorder"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Calls of no function are those of tests and of what starts the API.
        let (Some(file), Ok(function)) = (FILE.as_ref(), FUNCTION.try_with(Clone::clone)) else {
            return Ok(());
        };
        let input = context.input();
        let uses = if let Some(input) = input.downcast_ref::<GetItemInput>() {
            vec![Use::new("GetItem").of(input.key())?]
        } else if let Some(input) = input.downcast_ref::<BatchGetItemInput>() {
            batch(input)?
        } else if let Some(input) = input.downcast_ref::<QueryInput>() {
            vec![query(input)?]
        } else if let Some(input) = input.downcast_ref::<PutItemInput>() {
            vec![Use::new("PutItem").of(input.item())?]
        } else if let Some(input) = input.downcast_ref::<UpdateItemInput>() {
            let expressions = [input.update_expression(), input.condition_expression()];
            let names = input.expression_attribute_names();
            vec![Use::new("UpdateItem").update(input.key(), expressions, names)?]
        } else if let Some(input) = input.downcast_ref::<TransactWriteItemsInput>() {
            transaction(input)?
        } else {
            return Err(format!("the recorder does not know which action {input:?} is").into());
        };
        uses.into_iter()
            .try_for_each(|used| write(file, &used.to_line(&function)))
    }
}

/// A way of calling an action.
#[derive(Default)]
struct Use {
    action: &'static str,
    keys: BTreeSet<String>,
    index: Option<String>,
    attributes: BTreeSet<String>,
}

type Attributes = HashMap<String, AttributeValue>;

impl Use {
    fn new(action: &'static str) -> Self {
        Self {
            action,
            ..Self::default()
        }
    }

    /// With the partition key among these attributes.
    fn of(mut self, attributes: Option<&Attributes>) -> Result<Self, BoxError> {
        self.add(attributes)?;
        Ok(self)
    }

    fn add(&mut self, attributes: Option<&Attributes>) -> Result<(), BoxError> {
        let key = attributes.and_then(|attributes| attributes.get(PK)?.as_s().ok());
        let key = key.ok_or("a call names no partition key")?;
        self.keys.insert(key_prefix(key).to_owned());
        Ok(())
    }

    /// With the key and the attributes that an update names.
    fn update<const N: usize>(
        mut self,
        key: Option<&Attributes>,
        expressions: [Option<&str>; N],
        names: Option<&HashMap<String, String>>,
    ) -> Result<Self, BoxError> {
        self.add(key)?;
        self.attributes
            .extend(key.into_iter().flat_map(|key| key.keys().cloned()));
        for expression in expressions.into_iter().flatten() {
            self.attributes.extend(named(expression, names));
        }
        Ok(self)
    }

    fn to_line(&self, function: &str) -> String {
        let mut line = Map::new();
        line.insert("function".to_owned(), json!(function));
        line.insert(
            "action".to_owned(),
            json!(format!("dynamodb:{}", self.action)),
        );
        line.insert("keys".to_owned(), json!(self.keys));
        if let Some(index) = &self.index {
            line.insert("index".to_owned(), json!(index));
        }
        if !self.attributes.is_empty() {
            line.insert("attributes".to_owned(), json!(self.attributes));
        }
        Value::Object(line).to_string()
    }
}

fn batch(input: &BatchGetItemInput) -> Result<Vec<Use>, BoxError> {
    let mut used = Use::new("BatchGetItem");
    let tables = input.request_items().into_iter().flat_map(HashMap::values);
    for key in tables.flat_map(|table| table.keys()) {
        used.add(Some(key))?;
    }
    Ok(vec![used])
}

fn query(input: &QueryInput) -> Result<Use, BoxError> {
    let values = input.expression_attribute_values();
    let key = values.and_then(|values| values.get(":pk")?.as_s().ok());
    let key = key.ok_or("a query names no partition key")?;
    let mut used = Use::new("Query");
    used.keys.insert(key_prefix(key).to_owned());
    used.index = input.index_name().map(str::to_owned);
    Ok(used)
}

/// A transaction is no action of IAM: each of its writes needs the right to the
/// write. Those of one action are taken together, because a policy's
/// `ForAllValues` may hold all of their keys to one statement.
fn transaction(input: &TransactWriteItemsInput) -> Result<Vec<Use>, BoxError> {
    let mut uses: BTreeMap<&str, Use> = BTreeMap::new();
    for item in input.transact_items() {
        let mut one = |action| {
            let used = uses.entry(action).or_insert_with(|| Use::new(action));
            std::mem::take(used)
        };
        let used = if let Some(put) = item.put() {
            one("PutItem").of(Some(put.item()))?
        } else if let Some(update) = item.update() {
            let expressions = [
                Some(update.update_expression()),
                update.condition_expression(),
            ];
            let names = update.expression_attribute_names();
            one("UpdateItem").update(Some(update.key()), expressions, names)?
        } else if let Some(delete) = item.delete() {
            one("DeleteItem").of(Some(delete.key()))?
        } else if let Some(check) = item.condition_check() {
            one("ConditionCheckItem").of(Some(check.key()))?
        } else {
            return Err("the recorder does not know a write of a transaction".into());
        };
        uses.insert(used.action, used);
    }
    Ok(uses.into_values().collect())
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
fn named(expression: &str, names: Option<&HashMap<String, String>>) -> Vec<String> {
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
        .map(|word| {
            let name = names.and_then(|names| names.get(word));
            name.map_or_else(|| word.to_owned(), Clone::clone)
        })
        .collect()
}

/// Appends a line in one write, so that lines of several processes do not mix.
fn write(path: &PathBuf, line: &str) -> Result<(), BoxError> {
    let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
    if written.is_none() {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        *written = Some((file, HashSet::new()));
    }
    let Some((file, lines)) = &mut *written else {
        return Ok(());
    };
    if lines.insert(line.to_owned()) {
        file.write_all(format!("{line}\n").as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
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
            Some(&HashMap::from(names)),
        );
        let found: BTreeSet<_> = found.iter().map(String::as_str).collect();
        assert_eq!(found, BTreeSet::from(["__v", "login", "plain"]));
        let found = named("attribute_exists(#pk) AND attribute_not_exists(x)", None);
        assert_eq!(found, ["#pk", "x"]);
    }
}
