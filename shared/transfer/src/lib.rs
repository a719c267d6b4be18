//! Moving a tenant from one table to another, through a file: see
//! [`export`] and [`import`].
//!
//! The file has one JSON value a line. The first says what it is
//! ([`line::Header`]); each of the others puts or removes one item
//! ([`line::Line`]), and the last one for a key wins; the last line of all
//! ([`line::End`]) proves that nothing is missing or damaged.

mod allocation;
mod conflicts;
pub mod export;
pub mod import;
mod last_writes;
pub mod line;
mod replace;
pub mod sealed;

use std::{
    collections::HashMap,
    fmt, io,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use roster_domain::{Error, Result};
use roster_store::{
    Table,
    dynamodb::{item::Item, retry::Backoff, table::Freshness},
    keys::{Key, Range},
    raw::{self, Found},
};

/// Keys that are looked up at once.
pub(crate) const KEYS_AT_ONCE: usize = 1_000;
/// Writes that are under way at once.
pub(crate) const AT_ONCE: usize = 16;

/// Why a tenant was not moved. Each text says what to do.
#[derive(Debug)]
pub enum TransferError {
    /// A file cannot be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The table cannot be reached, or refuses.
    Table(Error),
    /// It cannot be done, or not like this.
    Refused(String),
    /// The target has something else in these places. Nothing was written.
    Conflicts(Vec<String>),
    /// Whoever watches the progress said to stop.
    Stopped,
}

impl TransferError {
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |cause| Self::File {
            path: path.to_owned(),
            cause,
        }
    }
}

impl fmt::Display for TransferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, cause } => write!(f, "{}: {cause}", path.display()),
            Self::Table(Error::Busy(cause) | Error::Unavailable(cause)) => write!(
                f,
                "the table is busy or cannot be reached; run the same command again, it goes on \
                 where it stopped: {cause}"
            ),
            Self::Table(Error::Internal(cause)) => write!(f, "the table: {cause}"),
            Self::Table(error) => write!(f, "the table: {error}"),
            Self::Refused(text) => f.write_str(text),
            Self::Stopped => f.write_str("stopped; the same command goes on where it stopped"),
            Self::Conflicts(all) => {
                write!(f, "nothing was written; {} in the way:", things(all.len()))?;
                all.iter().try_for_each(|one| write!(f, "\n  {one}"))
            }
        }
    }
}

fn things(count: usize) -> String {
    match count {
        1 => "1 thing is".to_owned(),
        count => format!("{count} things are"),
    }
}

impl std::error::Error for TransferError {}

impl From<Error> for TransferError {
    fn from(error: Error) -> Self {
        Self::Table(error)
    }
}

/// What an export or an import is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Reads the table for the `pass`th time; `items` so far, of which
    /// `changed` since the pass before.
    Reading {
        /// Which pass, from 1.
        pass: u32,
        /// Items read in this pass.
        items: u64,
        /// Items written to the file in this pass.
        changed: u64,
    },
    /// Reads the file: this many lines so far.
    Validating {
        /// Lines read.
        lines: u64,
    },
    /// Looks for what is in the way.
    Comparing {
        /// Items looked at.
        items: u64,
        /// Items in all.
        of: u64,
    },
    /// Removes what the organization has in the target.
    Removing {
        /// Items removed.
        items: u64,
    },
    /// Writes the target.
    Writing {
        /// Items written, or found written before.
        items: u64,
        /// Items in all.
        of: u64,
    },
}

/// Is told the progress, and says whether to go on.
pub type Watch<'a> = &'a mut (dyn FnMut(Progress) -> ControlFlow<()> + Send);

/// Tells the progress.
pub(crate) fn tell(watch: Watch<'_>, progress: Progress) -> Result<(), TransferError> {
    match watch(progress) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(TransferError::Stopped),
    }
}

/// Makes a call again while the table is busy, as long as [`Backoff`] allows.
pub(crate) async fn patiently<T>(mut call: impl AsyncFnMut() -> Result<T>) -> Result<T> {
    let mut backoff = Backoff::default();
    loop {
        match call().await {
            Err(error) if error.is_passing() => {
                let waited = backoff.wait().await;
                waited.map_err(|_| error)?;
            }
            other => return other,
        }
    }
}

/// An item, as [`patiently`] reads it.
pub(crate) async fn item(table: &Table, key: &Key) -> Result<Option<Item>> {
    patiently(async || raw::get(table, key, Freshness::Strong).await).await
}

/// Items by key, as [`patiently`] reads them.
pub(crate) async fn items(
    table: &Table,
    keys: impl Iterator<Item = Key> + Clone,
) -> Result<HashMap<Key, Item>> {
    patiently(async || raw::batch_get(table, keys.clone(), Freshness::Strong).await).await
}

/// A page of a range, as [`patiently`] reads it.
pub(crate) async fn page(
    table: &Table,
    range: &Range,
    start: Option<Item>,
    freshness: Freshness,
) -> Result<Found> {
    patiently(async || raw::query(table, range, start.clone(), freshness).await).await
}
