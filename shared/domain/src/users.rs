//! A user: who they are, and what their booking page and directory entry say.

pub mod booking_page;
pub mod calendar;
pub mod directory;
pub mod full_name;
pub mod language;
pub mod user;
