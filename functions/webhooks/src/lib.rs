//! What happens after a change: it gets its number in the organization's change feed, and
//! webhooks are told of it.
//!
//! One function follows the table's stream: it numbers changes, puts deliveries beside
//! them, and hands deliveries that are new to a queue. Another takes them from the queue
//! and sends them. Waiting is the queue's.

pub mod client;
pub mod deliver;
pub mod follow;
pub mod queue;
mod resource;

pub use client::Client;
pub use deliver::Courier;
pub use follow::Follower;
pub use queue::{Queue, Queued};
