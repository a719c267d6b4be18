//! Reading the audit log.

use jiff::Timestamp;
use roster_domain::{
    AuditId, Result,
    audit::{AuditEntry, AuditOutcome},
    id::ObjectId,
};

use crate::{
    Tenant,
    dynamodb::{
        item::{from_item, with_key},
        table::{Freshness, query::Order},
    },
    keys,
};

/// Entries that one answer looks through at most: where few of them are asked for, an
/// answer has few and says where to go on.
const MOST: usize = 5_000;
/// Entries that are read at once, at least.
const LEAST: usize = 200;

/// Which entries are asked for. None: all.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Of this key, session or user.
    pub actor: Option<ObjectId>,
    /// About what has this id.
    pub resource: Option<String>,
    /// Of this operation.
    pub operation: Option<String>,
    /// With this outcome.
    pub outcome: Option<AuditOutcome>,
    /// Since this instant.
    pub from: Option<Timestamp>,
    /// Until this instant.
    pub to: Option<Timestamp>,
}

impl AuditFilter {
    fn has(&self, entry: &AuditEntry) -> bool {
        let key = entry.actor.key.map(|key| key.bytes());
        let user = entry.actor.user.map(|user| user.bytes());
        let is_actor = |actor: ObjectId| key == Some(actor.bytes()) || user == Some(actor.bytes());
        let is_about = |id: &String| entry.resource.as_ref().is_some_and(|one| one.id == *id);
        self.actor.is_none_or(is_actor)
            && self.resource.as_ref().is_none_or(is_about)
            && self
                .operation
                .as_ref()
                .is_none_or(|operation| *operation == entry.operation)
            && self.outcome.is_none_or(|outcome| outcome == entry.outcome)
    }
}

/// Entries, and where to go on.
#[derive(Debug)]
pub struct Audits {
    /// The entries, newest first.
    pub entries: Vec<AuditEntry>,
    /// Behind which entry to go on, where there may be more: when it was made, and its id.
    pub next: Option<(Timestamp, AuditId)>,
}

impl Tenant<'_> {
    /// The entries that a filter chooses, newest first, behind one. There may be fewer than
    /// `limit` and more behind them.
    pub async fn audit(
        &self,
        filter: &AuditFilter,
        limit: usize,
        after: Option<(Timestamp, AuditId)>,
    ) -> Result<Audits> {
        let stretch = keys::audit_entries(self.tenancy(), filter.from, filter.to);
        let start = after.map(|(at, id)| {
            let key = keys::audit_entry(self.tenancy(), at, id);
            with_key(crate::dynamodb::item::Item::new(), &key)
        });
        let (mut start, mut looked_through) = (start, 0);
        let mut entries = Vec::new();
        loop {
            let page = limit.max(LEAST);
            let found = self.store.table.query_stretch(
                Order::Descending,
                &stretch,
                start,
                Some(page),
                Freshness::Eventual,
            );
            let found = found.await?;
            let mut last = None;
            for item in found.items {
                looked_through += 1;
                let entry: AuditEntry = from_item(item)?;
                last = Some((entry.at, entry.id));
                if filter.has(&entry) {
                    entries.push(entry);
                }
                if entries.len() == limit {
                    return Ok(Audits {
                        entries,
                        next: last,
                    });
                }
            }
            start = found.next;
            if start.is_none() {
                let next = None;
                return Ok(Audits { entries, next });
            }
            if looked_through >= MOST {
                return Ok(Audits {
                    entries,
                    next: last,
                });
            }
        }
    }
}
