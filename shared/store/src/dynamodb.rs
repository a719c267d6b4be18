//! Reading and writing the table: items, conditions, transactions, retries.

pub mod capacity;
pub mod condition;
pub mod failure;
pub(crate) mod guard;
pub mod item;
pub(crate) mod item_size;
pub mod json;
pub mod retry;
pub mod schema;
pub mod schema_version;
pub mod table;
pub mod transaction;
pub mod write_failure;
