//! An event's page, `/e/{event_id}?k=…`: what those who were invited see of it, and do
//! with it.

pub mod action;
pub mod entered;
pub mod event;
pub mod page;
mod problem;
pub mod routes;
mod texts;
