//! Looking through all events of an organization, newest first.

use roster_domain::{EventId, Result, UserId, bookings::event::Event, text::Email};

use super::{
    ListedEvents,
    readers::{EventQuery, MOST_PARTS},
};
use crate::{
    Page, Tenant,
    dynamodb::{
        guard::holder,
        item::from_item,
        table::{Freshness, query::Order},
    },
    keys,
};

/// Events that one query reads at least, where some are passed over.
const LEAST: usize = 50;

impl Tenant<'_> {
    /// Events of the organization that `query` chooses, newest first: one round trip where
    /// it chooses all. A page may hold fewer than `limit` and not be the last.
    pub async fn all_events(
        &self,
        query: &EventQuery<'_>,
        limit: usize,
        after: Option<EventId>,
    ) -> Result<ListedEvents> {
        let stretch = keys::events(self.tenancy(), after);
        let (mut items, mut start, mut read) = (Vec::<Event>::new(), None, 0);
        let (mut last, mut stopped) = (None, false);
        // One more than asked for tells whether more is left.
        while items.len() <= limit {
            if read >= MOST_PARTS {
                stopped = true;
                break;
            }
            let wanted = (limit + 2 - items.len()).max(LEAST.min(limit + 2));
            let found = self
                .store
                .table
                .query_stretch(
                    Order::Descending,
                    &stretch,
                    start,
                    Some(wanted),
                    Freshness::Eventual,
                )
                .await?;
            read += found.items.len();
            for item in found.items {
                let event: Event = from_item(item)?;
                if after == Some(event.id) {
                    continue;
                }
                last = Some(event.id);
                if query.has(&event, self.store.now) {
                    items.push(event);
                }
            }
            start = found.next;
            if start.is_none() {
                break;
            }
        }
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next = if has_more {
            stopped = false;
            items.last().map(|event| event.id)
        } else {
            last.filter(|_| stopped)
        };
        Ok(ListedEvents {
            page: Page { items, next },
            stopped,
        })
    }

    /// The user who has an address; none where nobody in the organization does.
    pub async fn user_with(&self, email: &Email) -> Result<Option<UserId>> {
        let guard = keys::email_guard(self.tenancy(), email);
        let guard = self.store.table.get(&guard, Freshness::Eventual).await?;
        Ok(guard.as_ref().and_then(holder::<UserId>))
    }
}
