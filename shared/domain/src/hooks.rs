//! Webhooks: an organization names an address, and is told there what happens.

pub mod public_address;
pub mod target;
