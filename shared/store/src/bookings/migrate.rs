//! Events as they were kept before there were parts: a whole copy for each user
//! who takes part. Lists do not look at the copies, so a table that has some is
//! migrated once.

use std::collections::BTreeSet;

use roster_domain::{EventId, OrganizationId, Result, bookings::event::Event};

use crate::{
    Store, Tenant,
    dynamodb::{
        condition::Condition,
        item::{from_item, key_of},
        retry::retry,
        table::Freshness,
        transaction::Write,
    },
    keys::{self, Key},
};

/// Gives every event of a table the parts that lists find it by, and removes
/// the copies there were instead. Answers how many events it changed. May be
/// interrupted and repeated, and run while the table is in use.
///
/// # Errors
/// When the table cannot be reached.
pub async fn migrate_events(store: &Store<'_>) -> Result<u64> {
    let mut migrated = 0;
    for item in store
        .table
        .query_all(&keys::organizations(), Freshness::Eventual)
        .await?
    {
        let id: Option<OrganizationId> = key_of(&item)?
            .pk
            .strip_prefix("ORG#")
            .and_then(|id| id.parse().ok());
        if let Some(id) = id {
            migrated += store.tenant(id).migrate_copies().await?;
        }
    }
    Ok(migrated)
}

impl Tenant<'_> {
    async fn migrate_copies(&self) -> Result<u64> {
        let range = keys::involvements(self.tenancy());
        let mut done = BTreeSet::new();
        let mut start = None;
        loop {
            let table = &self.store.table;
            let found = table.query(&range, start, None, Freshness::Strong).await?;
            for item in &found.items {
                let copy = key_of(item)?;
                if let Some(event) = keys::involved_event(&copy) {
                    self.migrate_copy(&copy, event).await?;
                    done.insert(event);
                }
            }
            start = found.next;
            if start.is_none() {
                return Ok(done.len() as u64);
            }
        }
    }

    async fn migrate_copy(&self, copy: &Key, id: EventId) -> Result<()> {
        let key = keys::event(self.tenancy(), id);
        retry!(async {
            let mut writes = vec![Write::delete(copy, Condition::none())];
            let item = self.store.table.get(&key, Freshness::Strong).await?;
            if let Some(item) = item {
                let event: Event = from_item(item)?;
                writes.extend(self.put_parts(&event, None)?);
                // The parts are those of the event as it was read.
                writes.push(Write::check(&key, Condition::version(event.version)));
            }
            self.store.transact(writes).await
        })
    }
}
