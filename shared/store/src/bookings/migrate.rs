//! What earlier releases kept in another form, and this one does not look at: a table
//! that has some is migrated once.
//!
//! Before there were parts, each user who takes part in an event had a whole copy of it.
//! Before agendas had days, they had items of four weeks.

use std::collections::BTreeSet;

use roster_domain::{
    EventId, Result, UserId,
    bookings::{agenda::TimeSpan, event::Event},
};
use serde::{Deserialize, Serialize};

use crate::{
    Store, Tenant,
    bookings::agenda::{Agenda, Taken, days_of},
    dynamodb::{
        condition::Condition,
        item::{from_item, key_of},
        retry::retry,
        table::Freshness,
        transaction::Write,
        write_failure::Failure,
    },
    keys::{self, Key},
};

/// How many were migrated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Migrated {
    /// Events that got the parts that lists find them by.
    pub events: u64,
    /// Reserved dates that were put into the days of their member's agenda.
    pub reservations: u64,
}

/// Gives every event of a table the parts that lists find it by, and every reserved date
/// its days. Removes what there was instead, unless `keeps` says that a release which
/// reads it still serves. May be interrupted and repeated, and run while the table is in
/// use.
///
/// # Errors
/// When the table cannot be reached.
pub async fn migrate(store: &Store<'_>, keeps: bool) -> Result<Migrated> {
    let mut migrated = Migrated::default();
    for id in store.organization_ids().await? {
        let tenant = store.tenant(id);
        if !keeps {
            migrated.events += tenant.migrate_copies().await?;
        }
        migrated.reservations += tenant.migrate_agendas(keeps).await?;
    }
    Ok(migrated)
}

/// Four weeks of what a member has reserved.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Weeks {
    entries: Vec<Entry>,
    #[serde(rename = "__v")]
    version: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    event: EventId,
    span: TimeSpan,
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

    async fn migrate_agendas(&self, keeps: bool) -> Result<u64> {
        let range = keys::agenda_weeks(self.tenancy());
        let (mut done, mut start) = (0, None);
        loop {
            let table = &self.store.table;
            let found = table.query(&range, start, None, Freshness::Strong).await?;
            for item in found.items {
                let key = key_of(&item)?;
                let Some(user) = keys::agenda_weeks_user(&key) else {
                    continue;
                };
                let weeks: Weeks = from_item(item)?;
                for entry in weeks.entries {
                    done += u64::from(self.migrate_reservation(user, entry.event).await?);
                }
                if !keeps {
                    let is_as_read = Condition::version(weeks.version);
                    let delete = vec![Write::delete(&key, is_as_read)];
                    match self.store.transact(delete).await {
                        // What was reserved meanwhile, the next run finds.
                        Ok(()) | Err(Failure::Stale) => {}
                        Err(Failure::Error(error)) => return Err(error),
                    }
                }
            }
            start = found.next;
            if start.is_none() {
                return Ok(done);
            }
        }
    }

    /// Puts what an event reserves of its member's time into the days that lack it.
    /// Answers whether some did.
    async fn migrate_reservation(&self, user: UserId, id: EventId) -> Result<bool> {
        let key = keys::event(self.tenancy(), id);
        retry!(async {
            let item = self.store.table.get(&key, Freshness::Strong).await?;
            let event: Option<Event> = item.map(from_item).transpose()?;
            let event = event.filter(|event| event.assigned == user);
            let Some((event, span)) =
                event.and_then(|event| Some((event.version, event.reserved()?)))
            else {
                return Ok(false);
            };
            let mut agenda = Agenda::unread(user);
            let days: BTreeSet<_> = days_of(&span).collect();
            let wanted: Vec<_> = days.iter().map(|day| agenda.key(*self, *day)).collect();
            let found = self
                .store
                .table
                .batch_get(wanted, Freshness::Strong)
                .await?;
            agenda.add(*self, days.iter().copied(), &found)?;
            if agenda.has(id, &days) {
                return Ok(false);
            }
            let mut writes = agenda.change(*self, id, Some(Taken::Reserved(span)), &days)?;
            writes.push(Write::check(&key, Condition::version(event)));
            self.store.transact(writes).await?;
            Ok(true)
        })
    }
}
