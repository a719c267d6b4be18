//! What members have reserved: items of four weeks each, so that a booking
//! reads and writes as much for a member with thousands of bookings as for one
//! with none.
//!
//! The item is the overlap guard: a booking writes it only as it was read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use roster_domain::{
    EventId, Result, UserId, bookings::agenda::TimeSpan, bookings::assignment::Rules,
};
use serde::{Deserialize, Serialize};

use crate::{
    Tenant,
    dynamodb::{
        condition::Condition,
        item::{Item, from_item, to_item},
        transaction::Write,
    },
    keys::{self, Key},
};

const BUCKET_SECONDS: i64 = 28 * 24 * 60 * 60;
/// How far around a date its decision looks: a day of buffer, and the day that it is on
/// in any zone.
const DAY: SignedDuration = SignedDuration::from_hours(2 * 24);
/// How far where a member has a cap for the week: the week that it is in, in any zone.
const WEEK: SignedDuration = SignedDuration::from_hours(9 * 24);

/// Four weeks of what a member has reserved.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Bucket {
    entries: Vec<Entry>,
    #[serde(rename = "__v")]
    version: u64,
}

impl Bucket {
    /// Grows with each write that frees something, and with no other: one that
    /// reserves adds one entry.
    fn releases(&self) -> u64 {
        self.version.saturating_sub(self.entries.len() as u64)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    event: EventId,
    span: TimeSpan,
}

/// The buckets of one member that were read.
#[derive(Debug, Clone)]
pub(crate) struct Agenda {
    user: UserId,
    /// None: there is no item yet.
    buckets: BTreeMap<i64, Option<Bucket>>,
}

fn bucket_of(instant: Timestamp) -> i64 {
    instant.as_second().div_euclid(BUCKET_SECONDS)
}

/// The buckets that a decision by these rules about these dates needs.
pub(crate) fn buckets_around(spans: &[TimeSpan], rules: &Rules) -> BTreeSet<i64> {
    let has_weeks = (rules.members.values()).any(|member| member.max_per_week.is_some());
    let margin = if has_weeks { WEEK } else { DAY };
    let mut buckets = BTreeSet::new();
    for span in spans {
        let from = span.start.saturating_sub(margin).unwrap_or(Timestamp::MIN);
        let to = span.end.saturating_add(margin).unwrap_or(Timestamp::MAX);
        buckets.extend(bucket_of(from)..=bucket_of(to));
    }
    buckets
}

impl Agenda {
    /// The keys of a member's buckets.
    pub(crate) fn keys(
        tenant: Tenant<'_>,
        user: UserId,
        buckets: &BTreeSet<i64>,
    ) -> impl Iterator<Item = Key> {
        let organization = tenant.tenancy();
        buckets
            .iter()
            .map(move |bucket| keys::agenda(organization, user, *bucket))
    }

    /// A member's buckets among the items that were read.
    pub(crate) fn read(
        tenant: Tenant<'_>,
        user: UserId,
        buckets: &BTreeSet<i64>,
        found: &HashMap<Key, Item>,
    ) -> Result<Self> {
        let read = |bucket: &i64| {
            let key = keys::agenda(tenant.tenancy(), user, *bucket);
            let item = found.get(&key).cloned().map(from_item).transpose()?;
            Ok((*bucket, item))
        };
        Ok(Self {
            user,
            buckets: buckets.iter().map(read).collect::<Result<_>>()?,
        })
    }

    fn numbers(&self) -> BTreeSet<i64> {
        self.buckets.keys().copied().collect()
    }

    /// The same buckets among items that were read later.
    pub(crate) fn again(&self, tenant: Tenant<'_>, found: &HashMap<Key, Item>) -> Result<Self> {
        Self::read(tenant, self.user, &self.numbers(), found)
    }

    /// The keys of these buckets.
    pub(crate) fn own_keys(&self, tenant: Tenant<'_>) -> Vec<Key> {
        Self::keys(tenant, self.user, &self.numbers()).collect()
    }

    /// Whether anything was freed before the items were read, though it may be
    /// reserved again by then.
    pub(crate) fn has_released(
        &self,
        tenant: Tenant<'_>,
        found: &HashMap<Key, Item>,
    ) -> Result<bool> {
        let now = self.again(tenant, found)?;
        let releases = |agenda: &Self| -> Vec<_> {
            let buckets = agenda.buckets.values();
            buckets
                .map(|bucket| bucket.as_ref().map_or(0, Bucket::releases))
                .collect()
        };
        Ok(releases(self) != releases(&now))
    }

    /// What is reserved, but by this event itself.
    pub(crate) fn reservations(&self, except: Option<EventId>) -> Vec<TimeSpan> {
        let entries = self
            .buckets
            .values()
            .flatten()
            .flat_map(|bucket| &bucket.entries);
        let spans = entries
            .filter(|entry| Some(entry.event) != except)
            .map(|entry| entry.span);
        // A date that crosses buckets stands in each of them.
        let spans: BTreeSet<_> = spans.collect();
        spans.into_iter().collect()
    }

    /// Writes that reserve a date.
    pub(crate) fn reserve(
        &self,
        tenant: Tenant<'_>,
        event: EventId,
        span: TimeSpan,
    ) -> Result<Vec<Write>> {
        self.change(tenant, |number, bucket| {
            let touched = (bucket_of(span.start)..=bucket_of(span.end)).contains(&number);
            if touched {
                bucket.entries.push(Entry { event, span });
            }
            touched
        })
    }

    /// Writes that free what an event reserved.
    pub(crate) fn release(&self, tenant: Tenant<'_>, event: EventId) -> Result<Vec<Write>> {
        self.change(tenant, |_, bucket| {
            let before = bucket.entries.len();
            bucket.entries.retain(|entry| entry.event != event);
            bucket.entries.len() != before
        })
    }

    /// Writes the buckets that `change` says it changed.
    fn change(
        &self,
        tenant: Tenant<'_>,
        mut change: impl FnMut(i64, &mut Bucket) -> bool,
    ) -> Result<Vec<Write>> {
        let mut writes = Vec::new();
        for (number, read) in &self.buckets {
            let mut bucket = read.clone().unwrap_or_default();
            if change(*number, &mut bucket) {
                let condition = match read {
                    Some(read) => Condition::version(read.version),
                    None => Condition::absent(),
                };
                bucket.version += 1;
                let key = keys::agenda(tenant.tenancy(), self.user, *number);
                writes.push(Write::put(&key, None, to_item(&bucket)?, condition));
            }
        }
        Ok(writes)
    }
}

#[cfg(test)]
mod tests;
