//! Booking with a team: events, agendas, the ledger, decisions.

pub(crate) mod agenda;
pub mod book;
pub(crate) mod draft;
pub(crate) mod event_items;
pub mod holds;
pub mod ledger;
pub mod life;
pub mod list;
pub mod migrate;
pub mod schedules;
pub(crate) mod snapshot;
pub(crate) mod turns;
