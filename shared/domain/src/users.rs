//! A user: who they are, and what their booking page and directory entry say.

pub mod booking_page;
pub mod calendar;
pub mod change;
pub mod directory;
pub mod full_name;
mod happened;
pub mod language;
pub mod login;
pub mod mail_topic;
pub mod profile;
pub mod signup;
pub mod user;

pub use happened::happened_to_user;
