//! The mailbox of the local gateway: where mails end on a machine that sends
//! none.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use roster_domain::access::secret;
use secrecy::ExposeSecret;
use serde::Serialize;

use crate::{event_mail::CalendarPart, render::Rendered};

/// Most mails that are kept; the oldest go first.
const KEPT: usize = 1_000;

/// The last mails since it was made, in memory: a link in one is as secret as a
/// password, so none is written to the disk.
#[derive(Clone, Default)]
pub struct Mailbox(Arc<Mutex<VecDeque<Delivered>>>);

impl std::fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mailbox")
    }
}

/// A mail in the mailbox.
#[derive(Clone, Serialize)]
pub struct Delivered {
    /// Address of the recipient.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// The part that is plain text.
    pub text: String,
    /// The part that is HTML.
    pub html: String,
    /// The link in it; empty where it has none.
    pub link: String,
    /// Where answers go; none where they go nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// What the recipient's calendar is told: what it is to do, and the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarPart>,
    /// When it came.
    pub sent_at: Timestamp,
}

impl Mailbox {
    /// Puts a mail in, and answers an id for it.
    #[expect(
        clippy::disallowed_methods,
        reason = "shown to whoever looks at the mailbox, and read by no code"
    )]
    pub fn deliver(&self, mail: &Rendered) -> String {
        let threaded = mail.threaded.as_ref();
        let delivered = Delivered {
            to: mail.to.to_string(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
            link: mail
                .link
                .as_ref()
                .map_or("", |link| link.expose_secret())
                .to_owned(),
            reply_to: threaded.map(|threaded| threaded.reply_to.clone()),
            calendar: threaded.and_then(|threaded| threaded.calendar.clone()),
            sent_at: Timestamp::now(),
        };
        let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mails.push_front(delivered);
        mails.truncate(KEPT);
        format!("local-{}", secret::random_base62(16))
    }

    /// The mails, the newest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Delivered> {
        let mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mails.iter().cloned().collect()
    }
}
