//! What guests see: booking pages, and the page of an event that they take part in.

pub mod booking;
pub mod event;
pub mod routes;
