//! Where mails go.

use crate::{Mailbox, render::Rendered, ses::Ses};

/// Where mails go.
#[derive(Debug)]
pub enum Sender {
    /// To their recipients, through Amazon SES.
    Ses(Ses),
    /// Into the mailbox of the local gateway, whoever they are for.
    Mailbox(Mailbox),
}

/// What came of sending a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is on its way, under this id.
    Accepted {
        /// The id that the service gave it.
        message_id: String,
    },
    /// It was not taken, for certain, and may be later.
    Later {
        /// Why: a short code that names nobody.
        code: String,
    },
    /// It was not taken and never will be.
    Refused {
        /// Why: a short code that names nobody.
        code: String,
    },
    /// Nobody knows whether it was taken.
    Unknown {
        /// What went wrong: a short code that names nobody.
        code: String,
    },
}

impl Sender {
    /// Sends a mail once. Nothing beneath this tries again.
    pub async fn send(&self, mail: &Rendered) -> Verdict {
        match self {
            Self::Ses(ses) => ses.send(mail).await,
            Self::Mailbox(mailbox) => Verdict::Accepted {
                message_id: mailbox.deliver(mail),
            },
        }
    }
}
