//! A page of a list.

use roster_domain::Result;
use serde::de::DeserializeOwned;

use crate::{
    Table,
    dynamodb::{
        item::{Item, from_item},
        table::Freshness,
    },
    keys::Range,
};

/// Some of a list, and where it goes on.
#[derive(Debug)]
pub struct Page<T, Id> {
    /// What is on the page.
    pub items: Vec<T>,
    /// Id of the last thing before the next page; none at the end of the list.
    pub next: Option<Id>,
}

impl Table {
    /// Reads a page of a range, one item a thing.
    pub(crate) async fn page<T: DeserializeOwned, Id>(
        &self,
        range: &Range,
        start: Option<Item>,
        limit: usize,
        id: impl Fn(&T) -> Id,
    ) -> Result<Page<T, Id>> {
        let found = self
            .query(range, start, Some(limit), Freshness::Eventual)
            .await?;
        let items = found
            .items
            .into_iter()
            .map(from_item)
            .collect::<Result<Vec<T>>>()?;
        let next = found.next.and(items.last()).map(id);
        Ok(Page { items, next })
    }
}
