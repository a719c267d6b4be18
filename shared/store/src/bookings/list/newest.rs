//! Finding a team's events among the newest of its organization.
//!
//! Where most of an organization's events are of one team, as in most organizations, one
//! query of them is a fraction of what finding them by the parts of each member costs.

use roster_domain::{EventId, Result, bookings::event::Event};

use super::{EventQuery, ListedEvents, MOST_BYTES, TeamOfEvents};
use crate::{
    Page, Tenant,
    dynamodb::{
        item::from_item,
        item_size,
        table::{Freshness, query::Order},
    },
    keys,
};

/// Events that tell whether the newest are the team's, for the most part.
const SAMPLE: usize = 16;
/// At least one of so many must be.
const ONE_OF: usize = 2;

/// Where a list of events begins, and how long it is.
#[derive(Debug, Clone, Copy)]
pub struct ListStart {
    /// How many events it has.
    pub limit: usize,
    /// The event behind which it begins.
    pub after: Option<EventId>,
}

/// The newest events of an organization behind one of them, as far as they were read.
#[derive(Debug, Clone)]
pub(super) struct Newest {
    after: Option<EventId>,
    events: Vec<Event>,
    has_more: bool,
    bytes: usize,
}

impl Tenant<'_> {
    /// Some of the newest events where a list begins.
    pub(super) async fn sample(&self, start: ListStart) -> Result<Newest> {
        let wanted = SAMPLE.min(start.limit.saturating_add(1));
        self.newest(start.after, wanted).await
    }

    async fn newest(&self, after: Option<EventId>, wanted: usize) -> Result<Newest> {
        let stretch = keys::events(self.tenancy(), after);
        // The event that they come behind is read with them.
        let limit = Some(wanted + usize::from(after.is_some()));
        let table = &self.store.table;
        let order = Order::Descending;
        let found = table.query_stretch(order, &stretch, None, limit, Freshness::Eventual);
        let found = found.await?;
        let (mut events, mut bytes) = (Vec::with_capacity(found.items.len()), 0);
        for item in found.items {
            bytes += item_size::of(&item);
            let event: Event = from_item(item)?;
            if after != Some(event.id) {
                events.push(event);
            }
        }
        Ok(Newest {
            after,
            events,
            has_more: found.next.is_some(),
            bytes,
        })
    }

    /// As [`Tenant::events_of`], of a team: among the newest events as long as they are the
    /// team's for the most part, and by the parts of its members from there on.
    pub async fn events_of_team(
        &self,
        team: &TeamOfEvents,
        query: &EventQuery<'_>,
        limit: usize,
        after: Option<EventId>,
    ) -> Result<ListedEvents> {
        let users = team.users();
        if query.selects() {
            return self.events_of(&users, query, limit, after).await;
        }
        let sampled = team.newest.as_ref().filter(|newest| newest.after == after);
        let mut newest = match sampled {
            Some(newest) => newest.clone(),
            None => self.sample(ListStart { limit, after }).await?,
        };
        let (mut items, mut looked, mut bytes) = (Vec::new(), 0, 0);
        let mut last = after;
        loop {
            let Newest { events, .. } = newest;
            looked += events.len();
            bytes += newest.bytes;
            last = events.last().map(|event| event.id).or(last);
            let now = self.store.now;
            items.extend(events.into_iter().filter(|event| query.has(event, now)));
            let is_full = items.len() > limit;
            if is_full || !newest.has_more || bytes > MOST_BYTES {
                // What it looked at and did not choose need not be looked at again.
                let next = last.filter(|_| newest.has_more && !is_full);
                return Ok(page(items, limit, next));
            }
            if items.len() * ONE_OF < looked {
                break;
            }
            // As many as it takes where the rest is like what was looked at.
            let missing = limit + 1 - items.len();
            let wanted = (missing * looked).div_ceil(items.len().max(1));
            newest = self.newest(last, wanted).await?;
        }
        let missing = limit + 1 - items.len();
        let rest = self.events_of(&users, query, missing, last).await?;
        items.extend(rest.page.items);
        Ok(ListedEvents {
            stopped: rest.stopped && items.len() <= limit,
            ..page(items, limit, rest.page.next)
        })
    }
}

/// A page of what was found, and where the next begins where it is not full.
fn page(mut items: Vec<Event>, limit: usize, next: Option<EventId>) -> ListedEvents {
    let is_full = items.len() > limit;
    items.truncate(limit);
    let last = items.last().map(|event| event.id);
    ListedEvents {
        page: Page {
            next: if is_full { last } else { next },
            items,
        },
        stopped: false,
    }
}
