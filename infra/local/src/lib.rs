//! The whole API on one machine: a gateway that turns HTTP into the events of
//! API Gateway, the authorizer and its cache, an embedded DynamoDB engine, and
//! a courier that brings new mails from its stream to where they are sent. What runs behind the gateway is the code that runs in Lambda.

pub mod authorizer_cache;
pub mod courier;
pub mod data_folder;
pub mod engine;
pub mod event;
pub mod gateway;
pub mod mail_page;
pub mod recorder;
pub mod router;
pub mod setup;
pub mod start;
pub mod stream;

pub use start::{Options, Running, Storage, start};
