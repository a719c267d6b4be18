//! Reading and writing the table: items, conditions, transactions, retries.

pub(crate) mod attempts;
pub mod capacity;
pub mod condition;
pub(crate) mod counters;
pub mod failure;
pub(crate) mod item_size;
pub mod page;
pub mod retry;
pub mod schema;
pub mod schema_version;
pub mod table;
pub mod transaction;
