//! The table, and the calls to it: counted, with their errors told apart.

pub(crate) mod attempts;
mod connect;
pub(crate) mod counters;
pub mod page;
pub(crate) mod query;
pub(crate) mod read;
pub(crate) mod transact;

use aws_sdk_dynamodb::Client;

/// How fresh a read must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Half the price; may miss the writes of the last moments.
    Eventual,
    /// Sees every write that was answered before. What a write depends on is
    /// read like this.
    Strong,
}

/// The table.
#[derive(Debug, Clone)]
pub struct Table {
    pub(crate) client: Client,
    pub(crate) name: String,
}

impl Table {
    /// The table of this name.
    #[must_use]
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self {
            client,
            name: name.into(),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The client that reaches it.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }
}
