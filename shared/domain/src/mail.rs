//! Mails: what one says, and what has become of it.

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::{
    bookings::event::{Event, News, Participant},
    hooks::{PauseReason, target::TargetUrl},
    id::{EventId, HookId, ObjectId, UserId},
    text::{Email, Name},
    users::language::Language,
    zone::ZoneName,
};

/// How long what is known of a mail is kept: a day longer than the link in it
/// works, in seconds.
pub const MAIL_SECONDS: i64 = 8 * 24 * 60 * 60;

/// A mail: to whom, and what it says.
#[derive(Clone, Debug)]
pub enum Mail {
    /// Asks somebody to finish their sign-up.
    Invitation(Invitation),
    /// Tells somebody what became of an event.
    Event(Box<EventMail>),
    /// Tells somebody that a webhook is paused.
    Hook(HookMail),
}

/// What kind of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailKind {
    /// [`Mail::Invitation`].
    Invitation,
    /// [`Mail::Event`].
    Event,
    /// [`Mail::Hook`].
    Hook,
}

/// Asks a user of an organization to finish the sign-up.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The user.
    pub user: UserId,
    /// The user's address.
    pub to: Email,
    /// First and last name, where anything is known of them.
    pub full_name: Option<String>,
    /// The language to write in.
    pub language: Language,
    /// Name of the organization that invites.
    pub organization: Name,
    /// Where the sign-up is finished. It holds a token that works once, so it
    /// is as secret as a password.
    pub link: SecretString,
}

/// What somebody is to be told of an event. The event itself is read when the mail is
/// sent, so that nobody is told what is no longer so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventNotice {
    /// The event.
    pub event: EventId,
    /// Who is told: as they take part, or did.
    pub to: Participant,
    /// What they are told.
    pub news: News,
    /// The participant who gave the reason; none where it is of the event itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<ObjectId>,
    /// Who is told as an admin of the event's team, and does not take part: nothing is
    /// theirs to answer, or to have in a calendar.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub as_admin: bool,
    /// How many messages the event had before.
    #[serde(default)]
    pub messages_before: usize,
    /// The language to write in.
    pub language: Language,
    /// The zone in which dates are shown.
    pub zone: ZoneName,
}

/// A notice, with what it is about.
#[derive(Clone, Debug)]
pub struct EventMail {
    /// What is told.
    pub notice: EventNotice,
    /// The event as it is now.
    pub event: Event,
    /// Name of the organization.
    pub organization: Name,
    /// The organization's id and the recipient's key: what a link to the event's page has.
    /// None for who does not take part.
    pub key: Option<String>,
}

/// That a webhook is paused, for somebody who manages the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookNotice {
    /// The webhook.
    pub hook: HookId,
    /// Who is told.
    pub user: UserId,
    /// Their address.
    pub to: Email,
    /// Where the webhook leads.
    pub target_url: TargetUrl,
    /// Why it is paused.
    pub reason: PauseReason,
    /// The language to write in.
    pub language: Language,
}

/// A notice, with what it is about.
#[derive(Clone, Debug)]
pub struct HookMail {
    /// What is told.
    pub notice: HookNotice,
    /// Name of the organization.
    pub organization: Name,
}

/// What has become of a mail. It goes from pending to sending, and from there
/// to sent, to failed, or back to pending. Sent and failed are final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "lowercase")]
pub enum MailState {
    /// It waits to be sent.
    Pending,
    /// An attempt is sending it. Where that attempt is dead, nobody knows
    /// whether it was sent, and it is not sent again.
    Sending {
        /// When the attempt began.
        since: Timestamp,
        /// The attempt: a random text.
        attempt: String,
    },
    /// The mail service took it.
    Sent {
        /// When.
        at: Timestamp,
        /// The id that the mail service gave it.
        message_id: String,
    },
    /// It is given up.
    Failed {
        /// When.
        at: Timestamp,
        /// Why: the mail service's name for the error, or [`OUTCOME_UNKNOWN`].
        /// Holds nothing about a person.
        code: String,
    },
}

/// Why a mail failed of which nobody knows whether it was sent.
pub const OUTCOME_UNKNOWN: &str = "outcome-unknown";

/// How long an attempt can be alive, in seconds: longer than a call to the mail
/// service and the writes around it take at most. After this an attempt that
/// did not say how it ended is dead.
pub const ATTEMPT_SECONDS: i64 = 60;

impl MailState {
    /// Whether an attempt began so long before `now` that it is dead.
    #[must_use]
    pub fn is_abandoned(&self, now: Timestamp) -> bool {
        match self {
            Self::Sending { since, .. } => now.as_second() - since.as_second() > ATTEMPT_SECONDS,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_attempt_that_began_long_ago_is_abandoned() {
        let at = |second| Timestamp::from_second(second).expect("in range");
        let sending = MailState::Sending {
            since: at(1_000),
            attempt: "a".to_owned(),
        };
        assert!(!sending.is_abandoned(at(1_000)));
        assert!(!sending.is_abandoned(at(1_000 + ATTEMPT_SECONDS)));
        assert!(sending.is_abandoned(at(1_001 + ATTEMPT_SECONDS)));
        let failed = MailState::Failed {
            at: at(0),
            code: OUTCOME_UNKNOWN.to_owned(),
        };
        for other in [MailState::Pending, failed] {
            assert!(!other.is_abandoned(at(1_000_000)), "{other:?}");
        }
    }
}
