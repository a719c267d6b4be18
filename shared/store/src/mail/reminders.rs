//! Reminders: what stands in the table until its time has come. A schedule of an engine asks
//! what is due; nothing here waits.
//!
//! A reminder is no promise: it names an event and when that starts. An event that was
//! moved or cancelled since is found another by then, and nobody is reminded.

use jiff::{SignedDuration, Timestamp};
use roster_domain::{
    Error, EventId, OrganizationId, Result,
    bookings::event::{Event, reminders},
};
use serde::{Deserialize, Serialize};

use super::notices::Reason;
use crate::{
    Store, Tenant,
    dynamodb::{
        condition::Condition,
        item::{from_item, key_of, to_item},
        table::{Freshness, query::Order},
        transaction::Write,
        write_failure::Failure,
    },
    keys::{self, hour_of},
};

/// How long a reminder is looked for that should have been sent: as long as a mail is tried.
const LONGEST_DELAY: SignedDuration = SignedDuration::from_hours(6);
/// Most reminders that are looked at in one go, of each hour.
const MOST: usize = 1_000;
/// Seconds that a reminder stays in the table which nobody looked at.
const KEPT_SECONDS: i64 = 2 * 24 * 60 * 60;

/// A reminder that waits.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Reminder {
    organization: OrganizationId,
    event: EventId,
    /// When the event starts.
    starts: Timestamp,
    /// Seconds since 1970; the table's time to live.
    expires_at: i64,
}

impl Tenant<'_> {
    /// Puts a reminder of an event so many hours before it starts, unless that is past.
    pub(crate) async fn put_reminder(&self, event: &Event, hours: u32) -> Result<()> {
        let Some(span) = event.reserved().filter(|_| !event.no_emails) else {
            return Ok(());
        };
        let due = span.start - SignedDuration::from_hours(hours.into());
        if due <= self.store.now {
            return Ok(());
        }
        let organization = self.organization_id()?;
        let reminder = Reminder {
            organization,
            event: event.id,
            starts: span.start,
            expires_at: due.as_second() + KEPT_SECONDS,
        };
        let key = keys::reminder(due, organization, event.id);
        let (table, item) = (&self.store.table, to_item(&reminder)?);
        // One that is there is the same.
        let put = table.put_if(&key, item, Condition::none()).await;
        put.map(drop)
    }

    async fn remind(&self, reminder: &Reminder) -> Result<usize> {
        let event = match self.event(reminder.event, Freshness::Strong).await {
            Ok(event) => event,
            Err(Error::NotFound(_)) => return Ok(0),
            Err(error) => return Err(error),
        };
        let starts = event.reserved().map(|span| span.start);
        if starts != Some(reminder.starts) || reminder.starts <= self.store.now {
            return Ok(0);
        }
        let found = reminders(&event);
        let known = self.known(&event, &found).await?;
        let reason = Reason::Reminder(reminder.starts);
        self.queue_all(&event, &found, &known, reason).await
    }
}

/// Puts mails in the outbox for the reminders that are due, and takes these away. Answers
/// how many mails.
///
/// # Errors
/// When the table cannot be reached: what is left is due the next time, too.
pub async fn send_due(store: &Store<'_>) -> Result<usize> {
    let mut queued = 0;
    for hour in hour_of(store.now - LONGEST_DELAY)..=hour_of(store.now) {
        let due = keys::reminders_due(hour, store.now);
        let table = &store.table;
        let order = Order::Ascending;
        let found = table.query_stretch(order, &due, None, Some(MOST), Freshness::Strong);
        for item in found.await?.items {
            let key = key_of(&item)?;
            let reminder: Reminder = from_item(item)?;
            queued += store
                .tenant(reminder.organization)
                .remind(&reminder)
                .await?;
            let taken = vec![Write::delete(&key, Condition::none())];
            if let Err(Failure::Error(error)) = store.transact(taken).await {
                return Err(error);
            }
        }
    }
    Ok(queued)
}
