//! A booking: when a member is free, whose turn it is, and the event that it makes.

pub mod agenda;
pub mod assignment;
pub mod assignment_change;
pub mod availability;
pub mod event;
pub mod hold;
pub mod slots;
pub mod time_off;
