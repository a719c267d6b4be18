//! Reading people's own calendars: what is due by a schedule of an engine, and leaving in
//! their agendas when they are busy. Nothing else of a calendar is kept. And writing into
//! them the events that their owners hold, where the owners want that.

mod asking;
mod caldav;
mod dav;
mod exchange;
mod ics;
mod reading;
mod refresh;
mod writing;

use std::time::{Duration, Instant};

use roster_domain::{Error, Result, hooks::target::Targets};
use roster_outgoing::Bounds;
use roster_runtime::App;

/// How long a server may take for an answer, each time that an address leads elsewhere.
const PATIENCE: Duration = Duration::from_secs(15);
/// As much of an answer as is read.
const MOST_BYTES: usize = 10 * 1024 * 1024;

/// Reads calendars.
#[derive(Debug)]
pub struct Client {
    outgoing: roster_outgoing::Client,
    bounds: Bounds,
}

impl Client {
    /// One that goes to these targets alone.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(targets: Targets) -> Result<Self> {
        Self::waiting(targets, PATIENCE)
    }

    /// As [`Client::new`], where a server may take so long for an answer.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn waiting(targets: Targets, time: Duration) -> Result<Self> {
        let outgoing = roster_outgoing::Client::new(targets);
        Ok(Self {
            outgoing: outgoing.map_err(Error::internal)?,
            bounds: Bounds {
                time,
                bytes: MOST_BYTES,
            },
        })
    }
}

/// One invocation.
#[derive(Debug)]
pub struct Refresher<'a> {
    /// Configuration and clients.
    pub app: &'a App,
    /// Reads calendars.
    pub client: &'a Client,
    /// When no more is begun.
    pub deadline: Instant,
}

/// What an invocation did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Refreshed {
    /// Users whose calendars were due.
    pub users: usize,
    /// Calendars that were asked for.
    pub calendars: usize,
    /// Those that could not be read.
    pub broken: usize,
    /// Days of agendas that were written.
    pub days: usize,
}
