//! Who books with a team next, where several want to at once.
//!
//! Each booking moves the team's ledger on from where it was read, so of those that run
//! at once one is made and the others have read in vain. Whoever has lost once, and could
//! still book, takes a ticket, and reads and writes again when it is their turn: who waits
//! longest goes first, and a booking is decided three times at most, however many want
//! one. Where nobody is free any more, there is nothing to wait for.
//!
//! A turn orders, and guards nothing: that nobody is booked twice is what the conditions
//! of the transaction are for. So a turn that does not come, as the one before has died,
//! is passed over after a while.

use std::time::{Duration, Instant};

use roster_domain::{Error, Result, TeamId};

use crate::{
    Tenant,
    dynamodb::{item::Item, retry::pause, table::Freshness, write_failure::Failure},
    keys::{self, Key},
};

/// Attribute: the last ticket that was taken.
pub(crate) const TAKEN: &str = "taken";
/// Attribute: the last ticket whose turn is over.
pub(crate) const SERVED: &str = "served";

/// How long tickets are remembered after the last was taken: a day, in seconds.
const KEPT_SECONDS: i64 = 24 * 60 * 60;
/// How long nobody's turn may end before the next is begun all the same, for each ticket
/// that is ahead.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long a turn takes at least, in milliseconds: how soon it is worth looking again,
/// for each ticket that is ahead but the one whose turn it is.
const TURN_MILLISECONDS: u64 = 8;
/// How soon it is worth looking again where only that one is ahead, in milliseconds.
const SHORTEST_MILLISECONDS: u64 = 2;
/// Longest wait before looking again, in milliseconds.
const LONGEST_MILLISECONDS: u64 = 400;
/// Longest time to wait for a turn: below the functions' own timeout, so that the caller
/// still gets an answer that says what to do.
const LONGEST_WAIT: Duration = Duration::from_secs(6);

/// A request's place among those that book with a team.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    tenant: Tenant<'a>,
    key: Key,
    has_lost: bool,
    /// Whether it must wait before it can write.
    must_wait: bool,
    /// The ticket whose turn it is.
    on: Option<u64>,
    /// Tickets that were taken behind this one, as far as is known.
    behind: u64,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(tenant: Tenant<'a>, team: TeamId) -> Self {
        Self {
            key: keys::turns(tenant.tenancy(), team),
            tenant,
            has_lost: false,
            must_wait: false,
            on: None,
            behind: 0,
        }
    }

    /// How many wait behind this request. What is written with the ledger, so that who
    /// comes now takes a ticket at once.
    pub(crate) fn behind(&self) -> u64 {
        self.behind
    }

    /// How fresh what is read must be: once something was stale, there is no sparing.
    pub(crate) fn freshness(&self) -> Freshness {
        if self.has_lost {
            Freshness::Strong
        } else {
            Freshness::Eventual
        }
    }

    /// Whether it is this request's turn.
    pub(crate) fn is_on(&self) -> bool {
        self.on.is_some()
    }

    /// Lets a request write, where `waiting` others wait for their turns.
    ///
    /// # Errors
    /// [`Failure::Stale`] where it is to wait as well.
    pub(crate) fn admit(&mut self, waiting: u64) -> Result<(), Failure> {
        self.must_wait = self.on.is_none() && (self.has_lost || waiting > 0);
        if self.must_wait {
            return Err(Failure::Stale);
        }
        Ok(())
    }

    /// Waits for the turn that the attempt before was not admitted without.
    ///
    /// # Errors
    /// [`Error::Busy`] where it takes too long.
    pub(crate) async fn begin(&mut self) -> Result<()> {
        if self.must_wait {
            self.on = Some(self.wait().await?);
            self.must_wait = false;
        }
        Ok(())
    }

    /// Notes what came of an attempt.
    pub(crate) fn made<T>(&mut self, made: Result<T, Failure>) -> Result<T, Failure> {
        self.has_lost |= matches!(made, Err(Failure::Stale));
        made
    }

    async fn wait(&mut self) -> Result<u64> {
        let table = self.tenant.store.table;
        let end = self.tenant.store.now.as_second() + KEPT_SECONDS;
        let ticket = table.add(&self.key, TAKEN, 1, Some(end)).await?;
        let begun = Instant::now();
        let (mut served, mut since) = (None, begun);
        loop {
            let item = table.get(&self.key, Freshness::Eventual).await?;
            let number = |name| number(item.as_ref(), name);
            let now_served = number(SERVED);
            self.behind = number(TAKEN).saturating_sub(ticket);
            let ahead = ticket.saturating_sub(now_served + 1);
            if served != Some(now_served) {
                (served, since) = (Some(now_served), Instant::now());
            }
            let patience = PATIENCE.saturating_mul(u32::try_from(ahead).unwrap_or(u32::MAX));
            if ahead == 0 || since.elapsed() > patience {
                return Ok(ticket);
            }
            if begun.elapsed() > LONGEST_WAIT {
                let detail = format!("{ahead} others still book with the team first");
                return Err(Error::Busy(detail));
            }
            let turns = TURN_MILLISECONDS.saturating_mul(ahead - 1);
            let wait = LONGEST_MILLISECONDS.min(SHORTEST_MILLISECONDS + turns);
            let wait = u32::try_from(wait).unwrap_or(u32::MAX);
            pause(wait, wait / 4).await;
        }
    }

    /// Lets the next one go on, whatever came of this turn.
    pub(crate) async fn end(&mut self) {
        let Some(ticket) = self.on.take() else {
            return;
        };
        let table = self.tenant.store.table;
        if let Err(error) = table.raise_to(&self.key, SERVED, ticket).await {
            // The next one goes on as if this one had died.
            tracing::warn!(%error, "the end of a turn was not noted");
        }
    }
}

fn number(item: Option<&Item>, name: &str) -> u64 {
    let value = item.and_then(|item| item.get(name)?.as_n().ok());
    value.and_then(|text| text.parse().ok()).unwrap_or_default()
}
