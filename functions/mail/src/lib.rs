//! Sends the mails of the outbox ([`roster_store::mail::outbox`]): what the table's
//! stream brings is claimed, written out, sent, and marked.

pub mod deliver;
pub mod mailbox;
pub mod render;
pub mod sender;
pub mod ses;
pub mod stream;
mod unlinked;
pub mod wording;

pub use deliver::Delivery;
pub use mailbox::Mailbox;
pub use sender::Sender;
