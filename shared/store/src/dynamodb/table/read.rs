//! Reading items by their keys.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{KeysAndAttributes, ReturnConsumedCapacity};
use roster_domain::{Error, Result};

use crate::{
    dynamodb::{
        capacity::{RoundTrip, try_join_all, units},
        failure::to_error,
        item::{Item, key_of, with_key},
        retry::Backoff,
        schema_version,
        table::{Freshness, Table},
    },
    keys::{Key, PK, SK},
};

/// Most keys that DynamoDB reads in one batch.
const MAX_BATCH: usize = 100;

impl Table {
    /// Reads an item.
    pub(crate) async fn get(&self, key: &Key, freshness: Freshness) -> Result<Option<Item>> {
        let round_trip = RoundTrip::start();
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
        round_trip.end(units(output.consumed_capacity()), 0.0);
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
        let round_trip = RoundTrip::start();
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
        round_trip.end(units(output.consumed_capacity()), 0.0);
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
            let round_trip = RoundTrip::start();
            let output = self
                .client
                .batch_get_item()
                .request_items(&self.name, request)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(to_error)?;
            let units = units(output.consumed_capacity());
            round_trip.end(units, 0.0);
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
}
