//! How an event is kept: one item, and a small one for the part of each user who
//! takes part, by which a member's events are found.

use std::collections::BTreeMap;

use jiff::Timestamp;
use roster_domain::{
    Conflict, Error, EventId, Result, UserId, bookings::event::Event, text::Title,
};
use serde::{Deserialize, Serialize};

use crate::{
    Tenant,
    dynamodb::{condition::Condition, item::to_item, transaction::Write, write_failure::Failure},
    keys::{self, IndexKey, Key},
};

/// A user's part in an event: what lists choose by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) event: EventId,
    pub(crate) title: Title,
    pub(crate) confirmed: bool,
    /// Whether the user is the member who is assigned.
    pub(crate) assigned: bool,
    /// Whether the event was cancelled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) cancelled: bool,
    /// When the last of its dates ends; none where it has no date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ends_at: Option<Timestamp>,
}

/// Most writes of one transaction (DynamoDB, `TransactWriteItems`), besides the entry of the
/// audit log.
const MOST_WRITES: usize = 99;

/// A part, and where it stands.
type Placed = (Key, IndexKey, Part);

impl Tenant<'_> {
    /// Writes an event as it is now. `before` is what it was, where it was.
    pub(crate) fn put_event(&self, event: &Event, before: Option<&Event>) -> Result<Vec<Write>> {
        let condition = match before {
            Some(before) => Condition::version(before.version),
            None => Condition::absent(),
        };
        let key = keys::event(self.tenancy(), event.id);
        let mut writes = vec![Write::put(&key, None, to_item(event)?, condition)];
        writes.extend(self.put_parts(event, before)?);
        Ok(writes)
    }

    /// Writes what takes users' time: each of them has a write, and one for each day.
    ///
    /// # Errors
    /// A conflict where that is more than one transaction takes.
    pub(crate) async fn take_time(&self, writes: Vec<Write>) -> Result<(), Failure> {
        if writes.len() > MOST_WRITES {
            let detail = "this takes the time of too many users of the organization on too many \
                          days to be written at once: name fewer, or choose a shorter date";
            return Err(Error::from(Conflict::new(detail)).into());
        }
        self.store.transact(writes).await
    }

    /// Writes the parts that are not as they were. The event's own condition
    /// holds them to what was read.
    pub(crate) fn put_parts(&self, event: &Event, before: Option<&Event>) -> Result<Vec<Write>> {
        let had = before.map_or_else(BTreeMap::new, |before| self.parts(before));
        let has = self.parts(event);
        let mut writes = Vec::new();
        for (user, (key, _, _)) in &had {
            if has.get(user).is_none_or(|(now, _, _)| now != key) {
                writes.push(Write::delete(key, Condition::none()));
            }
        }
        for (user, part) in &has {
            if had.get(user) != Some(part) {
                let (key, index, part) = part;
                let item = to_item(part)?;
                writes.push(Write::put(key, Some(index), item, Condition::none()));
            }
        }
        Ok(writes)
    }

    fn parts(&self, event: &Event) -> BTreeMap<UserId, Placed> {
        let organization = self.tenancy();
        let ends_at = event.ends_at();
        let part = |user: UserId| {
            let part = Part {
                event: event.id,
                title: event.title.clone(),
                confirmed: event.confirmed,
                assigned: event.assigned == user,
                cancelled: event.is_cancelled(),
                ends_at,
            };
            let key = keys::part(organization, user, ends_at, event.id);
            let index = keys::part_index(organization, user, event.confirmed, event.id);
            (user, (key, index, part))
        };
        event.users().into_iter().map(part).collect()
    }
}
