//! Batches: items that succeed or fail one by one, each atomically.

pub mod answer;
pub mod dependent_items;

use std::{
    collections::{HashMap, hash_map},
    sync::Mutex,
};

use futures_util::{StreamExt as _, stream};
use roster_domain::{
    Conflict, Error, Field, Location, OrganizationId, Result, Violation, text::ExternalId,
};
use roster_runtime::{Reply, request::oversized::at_largest_field};
use roster_store::Tenant;
use serde_json::Value;

use self::answer::{BatchAnswer, Entry};

/// Most items of a batch.
pub const MAX_ITEMS: usize = 500;
/// Most bytes of a batch. What Lambda can receive counts the JSON that holds the
/// body, in which each of its quotes, backslashes and line breaks is two bytes:
/// a body of this size arrives unless half of it are such. One that is so large
/// that it never arrives is refused by API Gateway, with a 413 as well.
pub const MAX_BATCH_BODY: usize = 4 * 1024 * 1024;
/// Groups of items that are written at once.
const GROUPS_AT_ONCE: usize = 16;

/// The items: a JSON array, or an object with one, under the name of what they are.
///
/// # Errors
/// Where the body is neither, or there are too many.
pub fn items<'a>(body: &'a Value, name: &str) -> Result<&'a Vec<Value>> {
    let items = match body {
        Value::Array(items) => Some(items),
        Value::Object(object) if object.len() == 1 => object.get(name).and_then(Value::as_array),
        _ => None,
    };
    let items = items.ok_or_else(|| {
        let detail =
            format!("must be an array of {name}, or an object whose only field, {name}, is one");
        Error::Invalid(vec![Violation::malformed(Location::body(""), detail)])
    })?;
    if items.len() > MAX_ITEMS {
        let count = items.len();
        return Err(Error::TooLarge(format!(
            "the batch has {count} items; the maximum is {MAX_ITEMS}"
        )));
    }
    Ok(items)
}

/// That an item names no other organization than the one that the batch is for.
///
/// # Errors
/// [`Error::Forbidden`] where it does.
pub fn hold_organization(tenant: Tenant<'_>, named: Option<OrganizationId>) -> Result<()> {
    if named.is_some_and(|named| named.to_string() != tenant.tenancy().to_string()) {
        let detail = "organization must be the one that the request is made for";
        return Err(Error::Forbidden(detail.to_owned()));
    }
    Ok(())
}

/// What each external id was named by first.
#[derive(Debug, Default)]
pub struct ExternalIds<'a>(HashMap<&'a ExternalId, usize>);

impl<'a> ExternalIds<'a> {
    /// That an item names no external id that an earlier one does: the second would undo
    /// what the first has done, or take what it made for another.
    ///
    /// # Errors
    /// A conflict at `field` where it does.
    pub fn hold(
        &mut self,
        item: usize,
        extid: Option<&'a ExternalId>,
        field: Field,
        what: &str,
    ) -> Result<()> {
        let Some(extid) = extid else {
            return Ok(());
        };
        let earlier = match self.0.entry(extid) {
            hash_map::Entry::Occupied(earlier) => *earlier.get(),
            hash_map::Entry::Vacant(vacant) => {
                vacant.insert(item);
                return Ok(());
            }
        };
        let detail = format!(
            "item {earlier} of this batch names this extid too (items are counted from 0); \
             send one item for each {what}"
        );
        Err(Conflict::new(detail).at(field).into())
    }
}

/// Writes items group by group, some groups at once, and answers an entry for each: what
/// `write` makes of it, or why it is refused.
///
/// # Errors
/// [`Error::Internal`] where a panic kept entries back.
pub async fn write<Written>(
    answer: BatchAnswer,
    items: &[Value],
    groups: Vec<Vec<usize>>,
    write: impl Fn(usize) -> Written,
) -> Result<Reply>
where
    Written: Future<Output = Result<Entry>>,
{
    let answer = Mutex::new(answer);
    let (answers, write) = (&answer, &write);
    let work = groups.into_iter().map(|group| async move {
        for item in group {
            let written = write(item).await;
            let Ok(mut answer) = answers.lock() else {
                continue;
            };
            match written {
                Ok(entry) => answer.put(item, entry),
                Err(error) => {
                    let error = match items.get(item) {
                        Some(sent) => at_largest_field(error, sent),
                        None => error,
                    };
                    answer.refused(item, &error);
                }
            }
        }
    });
    let work = stream::iter(work).buffer_unordered(GROUPS_AT_ONCE);
    work.collect::<()>().await;
    let answer = answer.into_inner();
    let answer = answer.map_err(|_| Error::internal("a panic"))?;
    Ok(answer.reply())
}
