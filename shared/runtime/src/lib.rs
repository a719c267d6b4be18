//! What every function shares: configuration, routes, reading requests,
//! writing answers and problems, logging, and the Lambda loop.

pub mod answer;
pub mod app;
pub mod aws;
pub mod call;
pub mod caller;
pub mod claim;
pub mod clock;
pub mod cursor;
pub mod deployment;
pub mod event;
pub mod from_json;
mod gateway;
pub mod gzip;
pub mod json;
pub mod json_array;
pub mod list;
pub mod log;
pub mod oversized;
pub mod problem;
pub mod repeats;
pub mod reply;
pub mod route;
#[cfg(feature = "schema")]
pub mod schema;
pub mod serve;
pub mod strict_json;
pub mod tag;
pub mod wire;

pub use app::App;
pub use call::Call;
pub use clock::Clock;
pub use repeats::Repeats;
pub use reply::Reply;
pub use route::{Access, Route};
