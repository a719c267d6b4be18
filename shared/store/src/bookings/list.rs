//! Listing events.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use roster_domain::{Error, EventId, Result, TeamId, UserId, bookings::event::Event};

use self::newest::Newest;
pub use self::{
    newest::ListStart,
    readers::{EventQuery, Only},
};
use crate::{
    Page, Tenant,
    bookings::ledger::LedgerItem,
    dynamodb::{
        capacity::{branch, join},
        item::from_item,
        item_size,
        table::Freshness,
    },
    keys,
};

pub(crate) mod all;
mod feed;
mod newest;
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

/// A team, as far as events are its own: those that its members take part in, and those
/// that were booked with it, whoever has left since.
#[derive(Debug, Clone)]
pub struct TeamOfEvents {
    team: TeamId,
    members: BTreeSet<UserId>,
    holders: BTreeSet<UserId>,
    /// The newest events of the organization, where its list begins.
    newest: Option<Newest>,
}

impl TeamOfEvents {
    /// Everybody who takes part in some of its events.
    #[must_use]
    pub fn users(&self) -> Vec<UserId> {
        self.members.union(&self.holders).copied().collect()
    }

    /// Whether an event in which one of them takes part is the team's.
    #[must_use]
    pub fn has(&self, event: &Event) -> bool {
        let takes_part = |user| self.members.contains(user);
        self.is_of(event) || event.users().iter().any(takes_part)
    }

    /// Whether an event was booked with it.
    #[must_use]
    pub fn is_of(&self, event: &Event) -> bool {
        event.team == Some(self.team)
    }
}

impl Tenant<'_> {
    /// Whose events are a team's, and some of the newest events where its list begins: one
    /// round trip.
    ///
    /// # Errors
    /// [`roster_domain::Error::NotFound`] where there is no such team, and never was one
    /// with bookings.
    pub async fn team_of_events(
        &self,
        team: TeamId,
        list: Option<ListStart>,
    ) -> Result<TeamOfEvents> {
        let ledger = keys::ledger(self.tenancy(), team);
        let table = &self.store.table;
        let newest = async {
            match list {
                Some(start) => self.sample(start).await.map(Some),
                None => Ok(None),
            }
        };
        let team_and_ledger = join(
            self.stored_team(team, Freshness::Eventual),
            table.get(&ledger, Freshness::Eventual),
        );
        let ((stored, ledger), newest) = join(team_and_ledger, newest).await;
        let ledger = LedgerItem::read(ledger?)?;
        let members: BTreeSet<UserId> = match stored {
            Ok(stored) => stored.members().into_iter().collect(),
            Err(Error::NotFound(_)) if ledger.ledger.bookings > 0 => BTreeSet::new(),
            Err(error) => return Err(error),
        };
        Ok(TeamOfEvents {
            team,
            holders: ledger.ledger.holders().collect(),
            newest: newest?,
            members,
        })
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
        items.retain(|event| query.has(event, self.store.now));
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

    /// The events with these ids, as far as they are there.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn events_by_id(&self, ids: &BTreeSet<EventId>) -> Result<Vec<Event>> {
        let ids: Vec<EventId> = ids.iter().copied().collect();
        let (events, _) = self.read_events(&ids, Freshness::Strong).await?;
        Ok(events)
    }

    /// The events that are assigned to a user and not over, in the order of
    /// their creation.
    pub async fn events_to_reassign(&self, user: UserId) -> Result<Vec<Event>> {
        self.events_of_holders(&[user]).await
    }

    /// The same of several users: two round trips.
    pub(crate) async fn events_of_holders(&self, users: &[UserId]) -> Result<Vec<Event>> {
        let read = users.iter().copied();
        let read = read.map(|user| branch(self.assigned_ahead(user)));
        let read = stream::iter(read).buffer_unordered(readers::AT_ONCE);
        let found: Vec<BTreeSet<EventId>> = read.try_collect().await?;
        let ids: BTreeSet<EventId> = found.into_iter().flatten().collect();
        let ids: Vec<EventId> = ids.into_iter().collect();
        let (mut events, _) = self.read_events(&ids, Freshness::Strong).await?;
        let now = self.store.now;
        events.retain(|event| users.contains(&event.assigned) && event.is_upcoming(now));
        Ok(events)
    }
}
