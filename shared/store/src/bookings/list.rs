//! Listing events.

use roster_domain::{EventId, Result, TeamId, UserId, bookings::event::Event};

pub use self::readers::{EventQuery, Only};
use crate::{
    Page, Tenant,
    dynamodb::{item::from_item, item_size, table::Freshness},
    keys,
};

pub(crate) mod readers;

/// Events that are read before it is known how large they are.
const FIRST: usize = 100;
/// Bytes of events that are read at once, about.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Some of a team's events.
#[derive(Debug)]
pub struct ListedEvents {
    /// The events, newest first.
    pub page: Page<Event, EventId>,
    /// Whether the request has looked at as much as it may, however many it
    /// found: the list goes on with the next request.
    pub stopped: bool,
}

impl Tenant<'_> {
    /// The members whose events are a team's.
    ///
    /// # Errors
    /// [`roster_domain::Error::NotFound`] where there is no such team.
    pub async fn members_of(&self, team: TeamId) -> Result<Vec<UserId>> {
        let stored = self.stored_team(team, Freshness::Eventual).await?;
        Ok(stored.members())
    }

    /// Events in which one of these users takes part and which `query` chooses,
    /// newest first, each once: their parts, then the events. A page may hold
    /// fewer than `limit` and not be the last.
    pub async fn events_of(
        &self,
        users: &[UserId],
        query: &EventQuery<'_>,
        limit: usize,
        after: Option<EventId>,
    ) -> Result<ListedEvents> {
        let found = self.find_events(users, query, limit, after).await?;
        let (first, rest) = found.ids.split_at(found.ids.len().min(FIRST));
        let (mut items, bytes) = self.read_events(first, Freshness::Eventual).await?;
        // What a page holds at once is bounded, however large its events are.
        let each = bytes / first.len().max(1);
        let fit = MOST_BYTES.checked_div(each).unwrap_or(rest.len());
        let fitting = rest.get(..fit.max(FIRST)).unwrap_or(rest);
        let (more, _) = self.read_events(fitting, Freshness::Eventual).await?;
        items.extend(more);
        // A part may have been read from before a change of its event.
        let now = self.store.now;
        items.retain(|event| {
            let is_in = match query.only {
                Only::Any => true,
                Only::Confirmed => event.confirmed,
                Only::Upcoming => event.is_upcoming(now),
            };
            is_in && query.title.is_none_or(|matches| matches(&event.title))
        });
        let is_whole = fitting.len() == rest.len();
        let next = if is_whole {
            found.next
        } else {
            fitting.last().copied()
        };
        Ok(ListedEvents {
            page: Page { items, next },
            stopped: found.stopped && is_whole,
        })
    }

    /// Reads events, in the order of their ids as given; also answers how large
    /// their items are.
    async fn read_events(
        &self,
        ids: &[EventId],
        freshness: Freshness,
    ) -> Result<(Vec<Event>, usize)> {
        let key = |id: &EventId| keys::event(self.tenancy(), *id);
        let mut found = self
            .store
            .table
            .batch_get(ids.iter().map(key), freshness)
            .await?;
        let items = ids.iter().filter_map(|id| found.remove(&key(id)));
        let (mut events, mut bytes) = (Vec::with_capacity(ids.len()), 0);
        for item in items {
            bytes += item_size::of(&item);
            events.push(from_item(item)?);
        }
        Ok((events, bytes))
    }

    /// The events that are assigned to a user and not over, in the order of
    /// their creation.
    pub async fn events_to_reassign(&self, user: UserId) -> Result<Vec<Event>> {
        let ids: Vec<EventId> = self.assigned_ahead(user).await?.into_iter().collect();
        let (mut events, _) = self.read_events(&ids, Freshness::Strong).await?;
        let now = self.store.now;
        events.retain(|event| event.assigned == user && event.is_upcoming(now));
        Ok(events)
    }
}
