//! What people are mailed about (`/v2/users/{user_id}/preferences`,
//! `/v2/teams/{team_id}/admin-preferences`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

macro_rules! topics {
    ($($(#[$doc:meta])* $topic:ident = $name:literal,)*) => {
        /// A reason to mail somebody. `…Admin` is for who holds the event.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum MailTopic {
            $(
                $(#[$doc])*
                #[serde(rename = $name)]
                $topic,
            )*
        }

        impl MailTopic {
            /// All of them, in the order of the API reference.
            pub const ALL: &[Self] = &[$(Self::$topic,)*];

            /// Its name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$topic => $name,)*
                }
            }
        }
    };
}

topics! {
    /// A guest comes.
    Attending = "attending",
    /// A guest does not come.
    Declined = "declined",
    /// An event that they are invited to is cancelled, or they are no longer invited.
    EventCancelled = "event_cancelled",
    /// An event that they hold is cancelled, or somebody else holds it.
    EventCancelledAdmin = "event_cancelled_admin",
    /// An event that they are invited to is confirmed, moved or changed, or starts soon.
    EventConfirmed = "event_confirmed",
    /// An event that they hold is confirmed, moved or changed, or starts soon.
    EventConfirmedAdmin = "event_confirmed_admin",
    /// They are invited.
    NewEvent = "new_event",
    /// They hold a new event that an organizer made.
    NewEventAdmin = "new_event_admin",
    /// Somebody wrote to everybody who takes part.
    NewMessage = "new_message",
    /// A guest suggests another date of an event that they are invited to.
    NewSuggestion = "new_suggestion",
    /// A guest suggests another date of an event that they hold.
    NewSuggestionOwn = "new_suggestion_own",
    /// A guest said which dates suit.
    VoteUpdate = "vote_update",
    /// What they said of the dates is noted.
    VoteConfirmation = "vote_confirmation",
    /// They hold a new event that was booked with a team or on a page.
    VytemeCreatedAdmin = "vyteme_created_admin",
}

/// What somebody is mailed about: what they set, the defaults for the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MailPreferences(BTreeMap<MailTopic, bool>);

/// What holds where nothing was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defaults {
    /// For a user: everything but the confirmation of a vote.
    User,
    /// For the admins of a team, about its members' events: nothing.
    TeamAdmins,
}

impl Defaults {
    /// What holds for a topic.
    #[must_use]
    pub fn of(self, topic: MailTopic) -> bool {
        match self {
            Self::User => topic != MailTopic::VoteConfirmation,
            Self::TeamAdmins => false,
        }
    }
}

impl MailPreferences {
    /// Whether nothing was set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether somebody is mailed about a topic.
    #[must_use]
    pub fn wants(&self, topic: MailTopic, defaults: Defaults) -> bool {
        let set = self.0.get(&topic).copied();
        set.unwrap_or_else(|| defaults.of(topic))
    }

    /// Sets topics. What is the default and was not set stays unset: showing it is no wish
    /// of anybody.
    ///
    /// ```
    /// # use roster_domain::users::mail_topic::{Defaults, MailPreferences, MailTopic};
    /// let mut preferences = MailPreferences::default();
    /// let shown = [(MailTopic::NewEvent, true), (MailTopic::NewMessage, false)];
    /// preferences.set(shown.into(), Defaults::User);
    /// assert!(!preferences.wants(MailTopic::NewMessage, Defaults::User));
    /// ```
    pub fn set(&mut self, topics: BTreeMap<MailTopic, bool>, defaults: Defaults) {
        for (topic, wants) in topics {
            if self.0.contains_key(&topic) || wants != defaults.of(topic) {
                self.0.insert(topic, wants);
            }
        }
    }
}
