//! What can be wrong with what somebody enters on an event's page.

use roster_domain::users::language::Language;

use crate::event::texts::texts;

/// A reason not to do what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No vote at all.
    VoteMissing,
    /// No message.
    MessageMissing,
    /// A message that is no [`Message`](roster_domain::text::Message).
    MessageInvalid,
    /// No date to suggest, or one that is none.
    SuggestionMissing,
    /// A date to suggest that has begun.
    SuggestionPast,
    /// No date to move to, or one that is none.
    MoveMissing,
    /// A date to move to that has begun.
    MovePast,
    /// Who holds the event, or must attend, is not free for a date that it is moved to.
    NotFree,
    /// Who looks at the page must attend, and is not free.
    Busy,
    /// The event is not as it was shown.
    Changed,
}

impl Problem {
    /// The id of what it is about.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::VoteMissing => "vote",
            Self::MessageMissing | Self::MessageInvalid => "message",
            Self::SuggestionMissing | Self::SuggestionPast => "suggestion",
            Self::MoveMissing | Self::MovePast | Self::NotFree => "new-date",
            Self::Busy | Self::Changed => "event",
        }
    }

    /// What to do about it.
    pub(crate) fn message(self, language: Language) -> &'static str {
        let texts = texts(language);
        match self {
            Self::VoteMissing => texts.vote_missing,
            Self::MessageMissing => texts.message_missing,
            Self::MessageInvalid => texts.message_invalid,
            Self::SuggestionMissing | Self::MoveMissing => texts.start_missing,
            Self::SuggestionPast | Self::MovePast => texts.start_past,
            Self::NotFree => texts.not_free,
            Self::Busy => texts.busy,
            Self::Changed => texts.changed,
        }
    }
}
