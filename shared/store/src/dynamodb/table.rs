//! The calls to DynamoDB, counted, with their errors told apart.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    Client,
    operation::{put_item::PutItemError, query::builders::QueryFluentBuilder},
    types::{
        AttributeValue, ConsumedCapacity, KeysAndAttributes, ReturnConsumedCapacity,
        ReturnValuesOnConditionCheckFailure,
    },
};
use roster_domain::{Error, Result, secret};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    access::standing::Contention,
    dynamodb::{
        attempts::Attempts,
        capacity::{Call, try_join_all},
        condition::Condition,
        failure::{explain, is_collision, to_error},
        item_size,
        retry::Backoff,
        schema_version,
        transaction::{Failure, Write},
    },
    keys::{INDEX, INDEX_PK, INDEX_SK, IndexKey, Key, PK, Range, SK, Stretch},
};

/// An item's attributes.
pub type Item = HashMap<String, AttributeValue>;

/// Most keys that DynamoDB reads in one batch.
const MAX_BATCH: usize = 100;
/// Characters of a client request token: as many as DynamoDB takes.
const TOKEN_LENGTH: usize = 36;

/// How fresh a read must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Half the price; may miss the writes of the last moments.
    Eventual,
    /// Sees every write that was answered before. What a write depends on is
    /// read like this.
    Strong,
}

/// The order of a query's sort keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Ascending,
    Descending,
}

/// The table.
#[derive(Debug, Clone)]
pub struct Table {
    pub(crate) client: Client,
    pub(crate) name: String,
}

/// What a query found.
pub(crate) struct Found {
    pub(crate) items: Vec<Item>,
    /// Where to go on; none at the end.
    pub(crate) next: Option<Item>,
}

impl Table {
    /// The table of this name.
    #[must_use]
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self {
            client,
            name: name.into(),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The client that reaches it.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) async fn get(&self, key: &Key, freshness: Freshness) -> Result<Option<Item>> {
        let call = Call::start();
        let output = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(with_key(Item::new(), key)))
            .consistent_read(freshness == Freshness::Strong)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(to_error)?;
        call.end(units(output.consumed_capacity()), 0.0);
        output.item.map(schema_version::readable).transpose()
    }

    /// Reads these attributes of an item alone, strongly consistent: the rest of
    /// it may be large.
    pub(crate) async fn get_some(&self, key: &Key, attributes: &[&str]) -> Result<Option<Item>> {
        let all = [schema_version::ATTRIBUTE, PK, SK];
        let all = all.iter().chain(attributes);
        let (mut names, mut placeholders) = (HashMap::new(), Vec::new());
        for (index, attribute) in all.enumerate() {
            let placeholder = format!("#a{index}");
            names.insert(placeholder.clone(), (*attribute).to_owned());
            placeholders.push(placeholder);
        }
        let call = Call::start();
        let output = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(with_key(Item::new(), key)))
            .consistent_read(true)
            .projection_expression(placeholders.join(", "))
            .set_expression_attribute_names(Some(names))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(to_error)?;
        call.end(units(output.consumed_capacity()), 0.0);
        output.item.map(schema_version::readable).transpose()
    }

    /// Reads items by key, in as many batches at once as it takes. Keys that
    /// stand for nothing are missing from the answer.
    pub(crate) async fn batch_get(
        &self,
        keys: impl IntoIterator<Item = Key>,
        freshness: Freshness,
    ) -> Result<HashMap<Key, Item>> {
        let mut keys: Vec<_> = keys.into_iter().collect();
        // DynamoDB refuses a batch that names a key twice.
        keys.sort_by(|a, b| (&a.pk, &a.sk).cmp(&(&b.pk, &b.sk)));
        keys.dedup();
        let batches = keys
            .chunks(MAX_BATCH)
            .map(|batch| self.one_batch(batch, freshness));
        let found = try_join_all(batches).await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn one_batch(&self, keys: &[Key], freshness: Freshness) -> Result<Vec<(Key, Item)>> {
        let mut found = Vec::with_capacity(keys.len());
        let mut wanted: Vec<Item> = keys.iter().map(|key| with_key(Item::new(), key)).collect();
        let mut backoff = Backoff::default();
        while !wanted.is_empty() {
            let request = KeysAndAttributes::builder()
                .set_keys(Some(wanted))
                .consistent_read(freshness == Freshness::Strong)
                .build()
                .map_err(Error::internal)?;
            let call = Call::start();
            let output = self
                .client
                .batch_get_item()
                .request_items(&self.name, request)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(to_error)?;
            let units = units(output.consumed_capacity());
            call.end(units, 0.0);
            for item in output
                .responses
                .and_then(|mut all| all.remove(&self.name))
                .unwrap_or_default()
            {
                found.push((key_of(&item)?, schema_version::readable(item)?));
            }
            wanted = output
                .unprocessed_keys
                .and_then(|mut all| all.remove(&self.name))
                .map(|left| left.keys)
                .unwrap_or_default();
            if !wanted.is_empty() {
                backoff.wait().await?;
            }
        }
        Ok(found)
    }

    /// Reads one page of a range, in the order of its sort keys, behind
    /// `start` where that is given. `limit` bounds the items that are read.
    pub(crate) async fn query(
        &self,
        range: &Range,
        start: Option<Item>,
        limit: Option<usize>,
        freshness: Freshness,
    ) -> Result<Found> {
        self.query_in(Order::Ascending, range, start, limit, freshness)
            .await
    }

    /// As [`Table::query`], in either order.
    pub(crate) async fn query_in(
        &self,
        order: Order,
        range: &Range,
        start: Option<Item>,
        limit: Option<usize>,
        freshness: Freshness,
    ) -> Result<Found> {
        let (_, sk) = key_names(range);
        let query = self.start_query(order, range, start, limit, freshness);
        // An empty prefix is all of the partition; DynamoDB refuses it as a key
        // condition.
        let query = if range.sk_prefix.is_empty() {
            query.key_condition_expression("#pk = :pk")
        } else {
            query
                .key_condition_expression("#pk = :pk AND begins_with(#sk, :sk)")
                .expression_attribute_names("#sk", sk)
                .expression_attribute_values(":sk", AttributeValue::S(range.sk_prefix.clone()))
        };
        found_by(query).await
    }

    /// As [`Table::query_in`], between two sort keys of the range.
    pub(crate) async fn query_stretch(
        &self,
        order: Order,
        stretch: &Stretch,
        start: Option<Item>,
        limit: Option<usize>,
        freshness: Freshness,
    ) -> Result<Found> {
        let (_, sk) = key_names(&stretch.range);
        let query = self
            .start_query(order, &stretch.range, start, limit, freshness)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :from AND :to")
            .expression_attribute_names("#sk", sk)
            .expression_attribute_values(":from", AttributeValue::S(stretch.from.clone()))
            .expression_attribute_values(":to", AttributeValue::S(stretch.to.clone()));
        found_by(query).await
    }

    fn start_query(
        &self,
        order: Order,
        range: &Range,
        start: Option<Item>,
        limit: Option<usize>,
        freshness: Freshness,
    ) -> QueryFluentBuilder {
        let (pk, _) = key_names(range);
        self.client
            .query()
            .table_name(&self.name)
            .set_index_name(range.index.then(|| INDEX.to_owned()))
            .consistent_read(freshness == Freshness::Strong)
            .set_exclusive_start_key(start)
            .scan_index_forward(order == Order::Ascending)
            .set_limit(limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX)))
            .expression_attribute_names("#pk", pk)
            .expression_attribute_values(":pk", AttributeValue::S(range.pk.clone()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    /// Reads all of a range.
    pub(crate) async fn query_all(&self, range: &Range, freshness: Freshness) -> Result<Vec<Item>> {
        let mut found = self.query(range, None, None, freshness).await?;
        let mut items = std::mem::take(&mut found.items);
        while let Some(next) = found.next {
            found = self.query(range, Some(next), None, freshness).await?;
            items.append(&mut found.items);
        }
        Ok(items)
    }

    /// Writes an item where the condition holds. Answers the item that stands in
    /// the way where it does not.
    pub(crate) async fn put_if(
        &self,
        key: &Key,
        item: Item,
        mut condition: Condition,
    ) -> Result<Result<(), Item>> {
        schema_version::require_readable(&mut condition);
        let item = whole(item, key, None);
        item_size::fits([item_size::of(&item)])?;
        let call = Call::start();
        let sent = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        match sent {
            Ok(output) => {
                call.end(0.0, units(output.consumed_capacity()));
                Ok(Ok(()))
            }
            Err(error) => {
                call.end(0.0, 1.0);
                match error.as_service_error() {
                    Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                        let item = failed.item().cloned().unwrap_or_default();
                        schema_version::readable(item).map(Err)
                    }
                    _ => Err(to_error(error)),
                }
            }
        }
    }

    /// Writes all or nothing; nothing where it is more than DynamoDB takes.
    pub(crate) async fn transact(
        &self,
        writes: Vec<Write>,
        contention: Contention,
    ) -> Result<(), Failure> {
        item_size::fits(writes.iter().map(Write::size))?;
        let built = writes
            .into_iter()
            .map(|write| write.build(&self.name))
            .collect::<Result<Vec<_>, _>>()
            .map_err(Error::internal)?;
        let (items, meanings): (Vec<_>, Vec<_>) = built.into_iter().unzip();
        let request = self
            .client
            .transact_write_items()
            .set_transact_items(Some(items))
            // The same for each try, so that a commit whose answer was lost is
            // not made twice.
            .client_request_token(secret::random_base62(TOKEN_LENGTH))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let attempts = Attempts::default();
        let mut backoff = Backoff::default();
        loop {
            let call = Call::start();
            let tried = request.clone().customize().interceptor(attempts.clone());
            match tried.send().await {
                Ok(output) => {
                    let units = units(output.consumed_capacity());
                    call.end(0.0, units);
                    return Ok(());
                }
                // An earlier try may be what it collided with, or long be made.
                // To decide again would be to do it twice.
                Err(error)
                    if is_collision(&error)
                        && (attempts.several() || contention == Contention::Expected) =>
                {
                    call.end(0.0, 0.0);
                    backoff.wait().await?;
                }
                Err(error) => {
                    call.end(0.0, 0.0);
                    return Err(explain(error, &meanings));
                }
            }
        }
    }
}

/// The key attributes that a range is of.
fn key_names(range: &Range) -> (&'static str, &'static str) {
    if range.index {
        (INDEX_PK, INDEX_SK)
    } else {
        (PK, SK)
    }
}

async fn found_by(query: QueryFluentBuilder) -> Result<Found> {
    let call = Call::start();
    let output = query.send().await.map_err(to_error)?;
    call.end(units(output.consumed_capacity()), 0.0);
    let items = output.items.unwrap_or_default().into_iter();
    Ok(Found {
        items: items.map(schema_version::readable).collect::<Result<_>>()?,
        next: output.last_evaluated_key,
    })
}

/// What one call consumed, of every table it touched.
pub(crate) fn units<'a>(consumed: impl IntoIterator<Item = &'a ConsumedCapacity>) -> f64 {
    consumed
        .into_iter()
        .filter_map(|capacity| capacity.capacity_units())
        .sum()
}

pub(crate) fn with_key(mut item: Item, key: &Key) -> Item {
    item.insert(PK.to_owned(), AttributeValue::S(key.pk.clone()));
    item.insert(SK.to_owned(), AttributeValue::S(key.sk.clone()));
    item
}

/// An item with everything that every item has, as it is written.
pub(crate) fn whole(item: Item, key: &Key, index: Option<&IndexKey>) -> Item {
    let mut item = with_index(with_key(item, key), index);
    schema_version::stamp(&mut item);
    item
}

pub(crate) fn with_index(mut item: Item, index: Option<&IndexKey>) -> Item {
    if let Some(index) = index {
        item.insert(INDEX_PK.to_owned(), AttributeValue::S(index.pk.clone()));
        item.insert(INDEX_SK.to_owned(), AttributeValue::S(index.sk.clone()));
    }
    item
}

pub(crate) fn key_of(item: &Item) -> Result<Key> {
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

pub(crate) fn to_item<T: Serialize>(value: &T) -> Result<Item> {
    serde_dynamo::aws_sdk_dynamodb_1::to_item(value).map_err(Error::internal)
}

pub(crate) fn from_item<T: DeserializeOwned>(item: Item) -> Result<T> {
    serde_dynamo::aws_sdk_dynamodb_1::from_item(item).map_err(Error::internal)
}
