//! Reading people's own calendars on demand: what a request asks of the function that reads
//! them, which alone may open their addresses.

use std::fmt::Debug;

use futures_util::future::BoxFuture;
use roster_domain::{OrganizationId, Result, UserId};
use serde::{Deserialize, Serialize};

/// Whose calendars are to be read now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadNow {
    /// Their organization.
    pub organization: OrganizationId,
    /// Who they are.
    pub users: Vec<UserId>,
    /// What was asked for more seldom than so many seconds ago is not asked again.
    pub older_than_seconds: i64,
}

/// Reads calendars for a request that waits for it.
pub trait CalendarReader: Debug + Send + Sync {
    /// Reads them, to the end, whoever waits for it. What cannot be read stays as it was, and
    /// says why.
    ///
    /// # Errors
    /// When nobody can be asked.
    fn read(&self, asked: ReadNow) -> BoxFuture<'_, Result<()>>;
}
