//! Why a write did not happen, and what the failed condition of one stands for.

use roster_domain::Error;

use crate::dynamodb::item::Item;

/// Makes the error that a request gets from the item that stands in its way.
pub type MakeError = Box<dyn Fn(Option<&Item>) -> Error + Send + Sync>;

/// What a failed condition stands for.
pub enum Meaning {
    /// What the decision was made from has changed: read and decide again.
    Stale,
    /// The request cannot be served; the error is made from the item that stands in the way.
    Final(MakeError),
}

/// Why a transaction did not happen.
#[derive(Debug)]
pub enum Failure {
    /// Read and decide again.
    Stale,
    /// Final.
    Error(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}
