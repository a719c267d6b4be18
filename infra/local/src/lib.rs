//! The whole API on one machine: a gateway that turns HTTP into the events of
//! API Gateway, the authorizer and its cache, and an embedded DynamoDB
//! engine. What runs behind the gateway is the code that runs in Lambda.

pub mod authorizer_cache;
pub mod engine;
pub mod event;
pub mod gateway;
pub mod router;
pub mod setup;
pub mod start;

pub use start::{Options, Running, Storage, start};
