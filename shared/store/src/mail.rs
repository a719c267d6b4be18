//! Mails that wait to be sent, and sealing what they hold.

pub mod limits;
pub mod notices;
pub mod outbox;
pub mod pauses;
pub mod reminders;
pub mod seal;
