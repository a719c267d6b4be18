//! Reading a range of keys, a page at a time or whole.

use aws_sdk_dynamodb::{
    operation::query::builders::QueryFluentBuilder,
    types::{AttributeValue, ReturnConsumedCapacity},
};
use roster_domain::Result;

use crate::{
    dynamodb::{
        capacity::{RoundTrip, units},
        failure::to_error,
        item::Item,
        schema_version,
        table::{Freshness, Table},
    },
    keys::{INDEX, INDEX_PK, INDEX_SK, PK, Range, SK, Stretch},
};

/// The order of a query's sort keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Ascending,
    Descending,
}

/// What a query found.
#[derive(Debug, Default)]
pub struct Found {
    /// The items.
    pub items: Vec<Item>,
    /// Where to go on; none at the end.
    pub next: Option<Item>,
}

impl Table {
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

    /// As [`Table::query_in`], between two sort keys of the range. There is nothing in a
    /// stretch that ends before it begins, and a `start` beside it begins at its edge:
    /// DynamoDB refuses both.
    pub(crate) async fn query_stretch(
        &self,
        order: Order,
        stretch: &Stretch,
        start: Option<Item>,
        limit: Option<usize>,
        freshness: Freshness,
    ) -> Result<Found> {
        let (_, sk) = key_names(&stretch.range);
        let start = match start_within(order, stretch, start) {
            Start::At(start) => start,
            Start::Behind => return Ok(Found::default()),
        };
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
}

/// Where in a stretch a query starts.
enum Start {
    /// Behind this key, or at the edge.
    At(Option<Item>),
    /// Behind all that there is.
    Behind,
}

fn start_within(order: Order, stretch: &Stretch, start: Option<Item>) -> Start {
    if stretch.from > stretch.to {
        return Start::Behind;
    }
    let (_, sk) = key_names(&stretch.range);
    let Some(at) = start.as_ref().and_then(|start| start.get(sk)?.as_s().ok()) else {
        return Start::At(start);
    };
    let (before, behind) = (*at < stretch.from, *at > stretch.to);
    match order {
        Order::Ascending if behind => Start::Behind,
        Order::Descending if before => Start::Behind,
        _ if before || behind => Start::At(None),
        _ => Start::At(start),
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
    let round_trip = RoundTrip::start();
    let output = query.send().await.map_err(to_error)?;
    round_trip.end(units(output.consumed_capacity()), 0.0);
    let items = output.items.unwrap_or_default().into_iter();
    Ok(Found {
        items: items.map(schema_version::readable).collect::<Result<_>>()?,
        next: output.last_evaluated_key,
    })
}
