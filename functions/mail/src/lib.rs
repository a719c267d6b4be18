//! Sends the mails of the outbox ([`roster_store::mail::outbox`]): what the table's
//! stream brings is claimed, written out, sent, and marked.

pub mod deliver;
pub mod event;
pub mod event_mail;
mod hook_mail;
pub mod mailbox;
pub mod queues;
pub mod render;
pub mod sender;
pub mod ses;
mod unlinked;
pub mod wording;

pub use deliver::Delivery;
pub use mailbox::Mailbox;
pub use queues::Queues;
pub use sender::Sender;
