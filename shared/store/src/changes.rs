//! The change feed: every change of an organization's users, teams, events and webhooks
//! gets a number, in an order that whoever reads it can go on from.
//!
//! The table's stream brings what changed; a transaction numbers it. The newest change of
//! each thing stays for ever, and the ones before it for a while: who begins with nothing
//! learns of everything that there is, and who was away, however long, of everything that
//! became different. One item for each thing says which of its changes is the newest, and
//! from where in the stream, so that a change which the stream brings again gets no second
//! number.

mod existing;
pub(crate) mod note;
mod observed;
mod read;

pub use existing::note_existing;
pub(crate) use note::Body;
pub use note::{NewChange, Sequence};
pub use observed::{Observed, State};
pub use read::{Changed, Shown};
