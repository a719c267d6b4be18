//! The whole API on one machine: a gateway that turns HTTP into the events of
//! API Gateway, the authorizer and its cache, an embedded DynamoDB engine, and an
//! event source that hands new mails from its stream to the function that sends
//! them. What runs behind the gateway is the code that runs in Lambda.

pub mod dynamodb;
pub mod event_source;
pub mod gateway;
pub mod hooks_page;
pub mod mail_page;
pub mod recorder;
mod routes;
pub mod server;
pub mod setup;
pub mod start;

pub use routes::routes;
pub use start::{Follows, Options, Running, Storage, start};
