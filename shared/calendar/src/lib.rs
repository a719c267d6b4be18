//! Events as calendars read them (iCalendar, RFC 5545).
//!
//! Writing it is the work of a crate that nothing else knows; what stands in an event is
//! said here.
//!
//! - An event has one `UID` for ever, and its `SEQUENCE` rises with each change of what a
//!   calendar shows.
//! - Its `ORGANIZER` is the event's own address, which stays when another member gets the
//!   event: calendars refuse another organizer of an event that they have. Its name is that
//!   of who holds it.
//! - Instants are in UTC, so that no reader needs a zone. What lasts all day is dates.

pub mod entry;
pub mod feed;
mod fold;
pub mod freebusy;
pub mod invitation;
mod vevent;

pub use invitation::{Invitation, Method};

/// Who writes these calendars.
const PRODID: &str = "-//Roster//Roster//EN";
