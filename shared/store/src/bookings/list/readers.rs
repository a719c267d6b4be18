//! Finding events by the parts of those who take part, newest first.

use std::{
    collections::{BTreeSet, VecDeque},
    mem,
};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::Timestamp;
use roster_domain::{Error, EventId, Result, UserId, bookings::event::Event, text::Title};

use crate::{
    Tenant,
    bookings::event_items::Part,
    dynamodb::{
        capacity::branch,
        item::{Item, from_item},
        table::{
            Freshness,
            query::{Found, Order},
        },
    },
    keys::{self, Stretch},
};

/// Queries that run at once: two for each member of a large team, so that its
/// list is few round trips.
pub(super) const AT_ONCE: usize = 200;
/// Parts that a request reads about, where it must look for those it shows.
pub(super) const MOST_PARTS: usize = 3_000;
/// Parts that one query reads at most, and at least.
const PAGE: std::ops::RangeInclusive<usize> = 16..=1_024;
/// Parts of what is ahead that are put in order at once, of all members.
const MOST_AHEAD: usize = 10_000;
/// The same of one member.
const PAGE_AHEAD: std::ops::RangeInclusive<usize> = 16..=500;

/// Which events are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// All of them.
    Any,
    /// Those that are confirmed, and not cancelled.
    Confirmed,
    /// Those that are not over, and not cancelled.
    Upcoming,
    /// Those that are not over, cancelled or not.
    Future,
}

impl Only {
    /// Whether an event is one of them.
    #[must_use]
    pub fn has(self, event: &Event, now: Timestamp) -> bool {
        match self {
            Self::Any => true,
            Self::Confirmed => event.confirmed && !event.is_cancelled(),
            Self::Upcoming => event.is_upcoming(now),
            Self::Future => event.is_ahead(now),
        }
    }
}

/// What chooses events.
#[derive(Clone, Copy)]
pub struct EventQuery<'a> {
    /// By how far they are.
    pub only: Only,
    /// By their title.
    pub title: Option<&'a (dyn Fn(&Title) -> bool + Sync)>,
    /// By all that is known of them.
    pub event: Option<&'a (dyn Fn(&Event) -> bool + Sync)>,
}

/// Events that were found, by id, newest first.
pub(crate) struct FoundEvents {
    pub(crate) ids: Vec<EventId>,
    /// Where more may be: behind this event.
    pub(crate) next: Option<EventId>,
    /// Whether this request has looked at as much as it may.
    pub(crate) stopped: bool,
}

/// Parts in the order of their events' creation, newest first, as far as they
/// were read.
struct Reader {
    stretch: Stretch,
    read: VecDeque<Part>,
    next: Option<Item>,
    done: bool,
    /// How many the next query reads: twice as many each time.
    page: usize,
}

impl Reader {
    fn must_read(&self) -> bool {
        !self.done && self.read.is_empty()
    }
}

impl EventQuery<'_> {
    /// Whether it passes over some events of those it is asked about.
    pub(super) fn selects(&self) -> bool {
        self.only != Only::Any || self.title.is_some()
    }

    /// Whether it chooses an event.
    pub(crate) fn has(&self, event: &Event, now: Timestamp) -> bool {
        self.only.has(event, now)
            && self.title.is_none_or(|matches| matches(&event.title))
            && self.event.is_none_or(|matches| matches(event))
    }

    /// Whether it may choose the event of a part.
    fn matches(&self, part: &Part, now: Timestamp) -> bool {
        let is_ahead = part.ends_at.is_none_or(|end| end > now);
        let is_in = match self.only {
            Only::Any => true,
            Only::Confirmed => part.confirmed && !part.cancelled,
            Only::Upcoming => is_ahead && !part.cancelled,
            Only::Future => is_ahead,
        };
        is_in && self.title.is_none_or(|matches| matches(&part.title))
    }
}

impl Tenant<'_> {
    /// Finds events of these members, behind `after`: one round trip, and more
    /// where one member has most of what is shown.
    pub(crate) async fn find_events(
        &self,
        members: &[UserId],
        query: &EventQuery<'_>,
        limit: usize,
        after: Option<EventId>,
    ) -> Result<FoundEvents> {
        let (mut readers, selects) = match query.only {
            Only::Any => {
                let start = |confirmed| move |user: &UserId| (*user, confirmed);
                let sources = members
                    .iter()
                    .map(start(true))
                    .chain(members.iter().map(start(false)));
                (self.in_order(sources, after), query.title.is_some())
            }
            Only::Confirmed => {
                let sources = members.iter().map(|user| (*user, true));
                (self.in_order(sources, after), query.title.is_some())
            }
            Only::Upcoming | Only::Future => self.ahead(members, after).await?,
        };
        let count = readers.len().max(1);
        let wanted = if selects {
            MOST_PARTS / 3
        } else {
            4 * (limit + 2)
        };
        for reader in &mut readers {
            reader.page = clamp(&PAGE, wanted / count).min(reader.page);
        }
        let mut found = FoundEvents {
            ids: Vec::new(),
            next: None,
            stopped: false,
        };
        let (mut seen, mut last, mut read) = (None, None, 0);
        // One more than asked for tells whether more is left.
        while found.ids.len() <= limit {
            if readers.iter().any(Reader::must_read) {
                if selects && read >= MOST_PARTS && last.is_some() {
                    found.next = last;
                    found.stopped = true;
                    return Ok(found);
                }
                read += self.read_on(&mut readers, after).await?;
                continue;
            }
            let newest = readers
                .iter_mut()
                .max_by_key(|reader| reader.read.front().map(|part| part.event));
            let Some(part) = newest.and_then(|reader| reader.read.pop_front()) else {
                break;
            };
            last = Some(part.event);
            // An event of several members comes several times in a row.
            if seen != last && query.matches(&part, self.store.now) {
                seen = last;
                found.ids.push(part.event);
            }
        }
        if found.ids.len() > limit {
            found.ids.truncate(limit);
            found.next = found.ids.last().copied();
        }
        Ok(found)
    }

    fn in_order(
        &self,
        sources: impl Iterator<Item = (UserId, bool)>,
        after: Option<EventId>,
    ) -> Vec<Reader> {
        let reader = |(user, confirmed)| Reader {
            stretch: keys::parts_in_order(self.tenancy(), user, confirmed, after),
            read: VecDeque::new(),
            next: None,
            done: false,
            page: *PAGE.end(),
        };
        sources.map(reader).collect()
    }

    /// What is ahead of each member, in the order of creation. It stands in the
    /// order of its ends, so all of it is read where that is not much; else the
    /// member's events are looked through. Also answers whether they are.
    async fn ahead(
        &self,
        members: &[UserId],
        after: Option<EventId>,
    ) -> Result<(Vec<Reader>, bool)> {
        let page = page_ahead(members.len());
        let now = self.store.now;
        let read = members.iter().copied().map(|user| {
            branch(async move {
                let stretch = keys::parts_after(self.tenancy(), user, now);
                let found = self.read_parts(&stretch, None, page).await?;
                Ok::<_, Error>((user, stretch, found))
            })
        });
        let read: Vec<_> = stream::iter(read)
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        let (mut readers, mut selects) = (Vec::new(), false);
        for (user, stretch, found) in read {
            if found.next.is_some() {
                selects = true;
                readers.extend(self.in_order([(user, true), (user, false)].into_iter(), after));
                continue;
            }
            let parts = found.items.into_iter().map(from_item);
            let mut parts = parts.collect::<Result<Vec<Part>>>()?;
            parts.retain(|part| after.is_none_or(|after| part.event < after));
            parts.sort_unstable_by_key(|part| std::cmp::Reverse(part.event));
            readers.push(Reader {
                stretch,
                read: parts.into(),
                next: None,
                done: true,
                page,
            });
        }
        Ok((readers, selects))
    }

    /// Reads on for every member whose parts were all looked at; answers how
    /// many it read.
    async fn read_on(&self, readers: &mut Vec<Reader>, after: Option<EventId>) -> Result<usize> {
        let refilled = mem::take(readers).into_iter().map(|mut reader| {
            branch(async move {
                if !reader.must_read() {
                    return Ok((reader, 0));
                }
                let start = reader.next.take();
                let found = self.read_parts(&reader.stretch, start, reader.page).await?;
                reader.done = found.next.is_none();
                reader.next = found.next;
                reader.page = (reader.page * 2).min(*PAGE.end());
                let read = found.items.len();
                for item in found.items {
                    let part: Part = from_item(item)?;
                    if after.is_none_or(|after| part.event < after) {
                        reader.read.push_back(part);
                    }
                }
                Ok::<_, Error>((reader, read))
            })
        });
        let refilled: Vec<(Reader, usize)> = stream::iter(refilled)
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        let (all, read): (Vec<_>, Vec<_>) = refilled.into_iter().unzip();
        *readers = all;
        Ok(read.into_iter().sum())
    }

    async fn read_parts(
        &self,
        stretch: &Stretch,
        start: Option<Item>,
        limit: usize,
    ) -> Result<Found> {
        let (table, order) = (&self.store.table, Order::Descending);
        let limit = Some(limit);
        table
            .query_stretch(order, stretch, start, limit, Freshness::Eventual)
            .await
    }

    /// Events that are not over, of those that a user is assigned to, as every
    /// write that was answered left them.
    pub(crate) async fn assigned_ahead(&self, user: UserId) -> Result<BTreeSet<EventId>> {
        let stretch = keys::parts_after(self.tenancy(), user, self.store.now);
        let (mut events, mut start) = (BTreeSet::new(), None);
        loop {
            let found = self
                .store
                .table
                .query_stretch(Order::Ascending, &stretch, start, None, Freshness::Strong)
                .await?;
            for item in found.items {
                let part: Part = from_item(item)?;
                if part.assigned && !part.cancelled {
                    events.insert(part.event);
                }
            }
            start = found.next;
            if start.is_none() {
                return Ok(events);
            }
        }
    }
}

/// Parts of what is ahead that one query reads, of each of so many members.
pub(super) fn page_ahead(members: usize) -> usize {
    clamp(&PAGE_AHEAD, MOST_AHEAD / members.max(1))
}

fn clamp(range: &std::ops::RangeInclusive<usize>, value: usize) -> usize {
    value.clamp(*range.start(), *range.end())
}
