//! Why a write did not happen, and what the failed condition of one stands for.

use roster_domain::Error;

use crate::dynamodb::item::Item;

/// Tells what a request is refused with from the item that stands in its way.
pub type Refusal = Box<dyn Fn(Option<&Item>) -> Error + Send + Sync>;

/// What a failed condition stands for.
pub enum Meaning {
    /// What the decision was made from has changed: read and decide again.
    Stale,
    /// The request cannot be served; told from the item that stands in the way.
    Refuse(Refusal),
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
