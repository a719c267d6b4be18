//! Listing events.

use std::collections::{BTreeSet, VecDeque};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use roster_domain::{EventId, Result, TeamId, UserId, event::Event};

use crate::{
    Page, Tenant, keys,
    meter::branch,
    table::{Freshness, Item, Order, from_item, with_key},
};

/// Queries that run at once: as many as a large team has members, so that its
/// list is two round trips.
const AT_ONCE: usize = 100;

/// A member's events, newest first, as far as they were read.
struct Reader {
    member: UserId,
    read: VecDeque<Event>,
    next: Option<Item>,
    done: bool,
}

impl Tenant<'_> {
    /// Events in which a current member of the team takes part and which
    /// `matches`, newest first, each once: the team, then one query for each
    /// member at once, and more only while the filter leaves too few.
    pub async fn team_events(
        &self,
        team: TeamId,
        limit: usize,
        after: Option<EventId>,
        matches: impl Fn(&Event) -> bool,
    ) -> Result<Page<Event, EventId>> {
        let stored = self.stored_team(team, Freshness::Eventual).await?;
        let members = stored.members();
        let start = |member: &UserId| Reader {
            member: *member,
            read: VecDeque::new(),
            next: after.map(|id| {
                with_key(
                    Item::new(),
                    &keys::involved(self.organization_id(), *member, id),
                )
            }),
            done: false,
        };
        let mut readers: Vec<Reader> = members.iter().map(start).collect();
        let mut items: Vec<Event> = Vec::new();
        let mut seen = BTreeSet::new();
        // One more than asked for tells whether more is left.
        while items.len() <= limit {
            self.refill(&mut readers, limit + 1).await?;
            let newest = readers
                .iter_mut()
                .max_by_key(|reader| reader.read.front().map(|event| event.id));
            let Some(event) = newest.and_then(|reader| reader.read.pop_front()) else {
                break;
            };
            if seen.insert(event.id) && matches(&event) {
                items.push(event);
            }
        }
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|event| event.id);
        Ok(Page { items, next })
    }

    /// Reads on for every member whose events were all looked at.
    async fn refill(&self, readers: &mut Vec<Reader>, limit: usize) -> Result<()> {
        if readers
            .iter()
            .all(|reader| reader.done || !reader.read.is_empty())
        {
            return Ok(());
        }
        let refilled = std::mem::take(readers).into_iter().map(|mut reader| {
            branch(async move {
                if reader.done || !reader.read.is_empty() {
                    return Ok(reader);
                }
                let range = keys::involvements(self.organization_id(), reader.member);
                let start = reader.next.take();
                let found = self
                    .store
                    .table
                    .query_in(
                        Order::Descending,
                        &range,
                        start,
                        Some(limit),
                        Freshness::Eventual,
                    )
                    .await?;
                reader.done = found.next.is_none();
                reader.next = found.next;
                reader.read = found
                    .items
                    .into_iter()
                    .map(from_item)
                    .collect::<Result<_>>()?;
                Ok::<_, roster_domain::Error>(reader)
            })
        });
        *readers = stream::iter(refilled)
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(())
    }

    /// The events that are assigned to a user and not over.
    pub async fn events_to_reassign(&self, user: UserId) -> Result<Vec<Event>> {
        let range = keys::involvements(self.organization_id(), user);
        let items = self
            .store
            .table
            .query_all(&range, Freshness::Strong)
            .await?;
        let events = items
            .into_iter()
            .map(from_item)
            .collect::<Result<Vec<Event>>>()?;
        let now = self.store.now;
        let mine = |event: &Event| event.assigned == user && event.is_upcoming(now);
        Ok(events.into_iter().filter(mine).collect())
    }
}
