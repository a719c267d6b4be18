//! Starting an API of one's own, and calling it as different callers.
//!
//! This is `mod.rs`, as the benchmark includes it by its path.

pub mod answer;
pub mod api;
pub mod aws;
pub mod client;
pub mod contract;
pub mod engine;
pub mod fixtures;
pub mod furnished;
pub mod gate;
pub mod proxy;
mod turns;

pub use answer::{Answer, Cost, ErrorStyle};
pub use api::Api;
pub use client::Client;
pub use engine::{excused, faults, patiently};
