//! The whole API on one machine: a gateway that turns HTTP into the events of
//! API Gateway, the authorizer and its cache, an embedded DynamoDB engine, and an
//! event source that hands new mails from its stream to the function that sends
//! them. What runs behind the gateway is the code that runs in Lambda.

pub mod authorizer_cache;
pub mod data_folder;
pub mod engine;
pub mod event;
pub mod event_source;
pub mod gateway;
pub mod mail_page;
pub mod recorder;
pub mod router;
pub mod setup;
pub mod start;
pub mod stream;

pub use start::{Options, Running, Storage, start};
