//! Who books with a team next, where several want to at once.
//!
//! Each booking moves the team's ledger on from where it was read, so of those that run
//! at once one is made and the others have read in vain. Whoever has lost once, and could
//! still book, takes a ticket, and reads and writes again when it is their turn: who waits
//! longest goes first, and a booking is decided three times at most, however many want
//! one. Who waits for long looks now and then whether anybody is free at all: where nobody
//! is any more, there is nothing to wait for.
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
/// Attribute: tickets of those who went before it was their turn.
pub(crate) const LEFT: &str = "left";

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
/// How long to wait before looking whether there is still something to wait for.
const BETWEEN_LOOKS: Duration = Duration::from_millis(1500);
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
    ticket: Option<Ticket>,
    /// Tickets that were taken behind this one, as far as is known.
    behind: u64,
}

/// A place in the line, and what its holder knows of the line.
#[derive(Debug)]
struct Ticket {
    number: u64,
    taken: Instant,
    is_on: bool,
    /// The last ticket whose turn is over, and since when it has been that one.
    served: (u64, Instant),
    /// Tickets before this one whose holders went.
    left: Vec<u64>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(tenant: Tenant<'a>, team: TeamId) -> Self {
        Self {
            key: keys::turns(tenant.tenancy(), team),
            tenant,
            has_lost: false,
            must_wait: false,
            ticket: None,
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
        self.ticket.as_ref().is_some_and(|ticket| ticket.is_on)
    }

    /// Lets a request write, where `waiting` others wait for their turns.
    ///
    /// # Errors
    /// [`Failure::Stale`] where it is to wait as well.
    pub(crate) fn admit(&mut self, waiting: u64) -> Result<(), Failure> {
        self.must_wait = !self.is_on() && (self.has_lost || waiting > 0);
        if self.must_wait {
            return Err(Failure::Stale);
        }
        Ok(())
    }

    /// Waits for the turn that the attempt before was not admitted without, or until it
    /// is time to look whether there is still something to wait for.
    ///
    /// # Errors
    /// [`Error::Busy`] where it takes too long.
    pub(crate) async fn begin(&mut self) -> Result<()> {
        if !self.must_wait {
            return Ok(());
        }
        self.must_wait = false;
        let mut ticket = match self.ticket.take() {
            Some(ticket) => ticket,
            None => self.take_ticket().await?,
        };
        let waited = self.wait(&mut ticket).await;
        self.ticket = Some(ticket);
        waited
    }

    /// Notes what came of an attempt.
    pub(crate) fn made<T>(&mut self, made: Result<T, Failure>) -> Result<T, Failure> {
        self.has_lost |= matches!(made, Err(Failure::Stale));
        made
    }

    async fn take_ticket(&self) -> Result<Ticket> {
        let end = self.tenant.store.now.as_second() + KEPT_SECONDS;
        let table = self.tenant.store.table;
        let number = table.add(&self.key, TAKEN, 1, Some(end)).await?;
        let now = Instant::now();
        Ok(Ticket {
            number,
            taken: now,
            is_on: false,
            served: (0, now),
            left: Vec::new(),
        })
    }

    async fn wait(&mut self, ticket: &mut Ticket) -> Result<()> {
        let begun = Instant::now();
        loop {
            let key = &self.key;
            let item = self.tenant.store.table.get(key, Freshness::Eventual);
            let item = item.await?;
            let item = item.as_ref();
            self.behind = number(item, TAKEN).saturating_sub(ticket.number);
            let ahead = ticket.ahead(number(item, SERVED), numbers(item, LEFT));
            if ticket.is_on {
                return Ok(());
            }
            if ticket.taken.elapsed() > LONGEST_WAIT {
                let detail = format!("{ahead} others still book with the team first");
                return Err(Error::Busy(detail));
            }
            if begun.elapsed() > BETWEEN_LOOKS {
                return Ok(());
            }
            let turns = TURN_MILLISECONDS.saturating_mul(ahead - 1);
            let wait = LONGEST_MILLISECONDS.min(SHORTEST_MILLISECONDS + turns);
            let wait = u32::try_from(wait).unwrap_or(u32::MAX);
            pause(wait, wait / 4).await;
        }
    }

    /// Lets the next one go on, whatever came of this request.
    pub(crate) async fn end(&mut self) {
        let Some(ticket) = self.ticket.take() else {
            return;
        };
        let (table, number) = (self.tenant.store.table, ticket.number);
        let noted = if ticket.is_on {
            let passed = Some((LEFT, ticket.left.as_slice()));
            table.raise_to(&self.key, SERVED, number, passed).await
        } else {
            table.insert_number(&self.key, LEFT, number).await
        };
        if let Err(error) = noted {
            // The next one goes on as if this one had died.
            tracing::warn!(%error, "the end of a turn was not noted");
        }
    }
}

impl Ticket {
    /// How many are ahead, where `served` is the last whose turn is over. With none ahead
    /// it is this one's turn, and where those ahead have done nothing for too long.
    fn ahead(&mut self, served: u64, left: Vec<u64>) -> u64 {
        self.left = left;
        self.left.retain(|left| *left < self.number);
        if self.served.0 != served {
            self.served = (served, Instant::now());
        }
        let have_left = self.left.iter().filter(|left| **left > served).count();
        let have_left = u64::try_from(have_left).unwrap_or(u64::MAX);
        let ahead = self.number.saturating_sub(served + 1);
        let ahead = ahead.saturating_sub(have_left);
        let patience = PATIENCE.saturating_mul(u32::try_from(ahead).unwrap_or(u32::MAX));
        self.is_on = ahead == 0 || self.served.1.elapsed() > patience;
        ahead
    }
}

fn number(item: Option<&Item>, name: &str) -> u64 {
    let value = item.and_then(|item| item.get(name)?.as_n().ok());
    value.and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn numbers(item: Option<&Item>, name: &str) -> Vec<u64> {
    let value = item.and_then(|item| item.get(name)?.as_ns().ok());
    let texts = value.into_iter().flatten();
    texts.filter_map(|text| text.parse().ok()).collect()
}
