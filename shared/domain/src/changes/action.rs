//! What can happen, by the names that webhooks ask for it (`/hooks`, and ours beyond it).

use serde::{Deserialize, Serialize};

macro_rules! actions {
    ($($(#[doc = $doc:literal])* $action:ident = $name:literal,)*) => {
        /// Something that happened.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Action {
            $(
                $(#[doc = $doc])*
                #[serde(rename = $name)]
                $action,
            )*
            /// Somebody asked for a delivery, to see whether it arrives.
            #[serde(rename = "ping")]
            Ping,
        }

        impl Action {
            /// Those that a hook can ask for.
            pub const ALL: &[Self] = &[$(Self::$action,)*];

            /// Its name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$action => $name,)*
                    Self::Ping => "ping",
                }
            }

            /// What it means, in a sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$action => concat!($($doc),*),)*
                    Self::Ping => "",
                }
            }

            /// The action with this name, of those that a hook can ask for.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                let mut all = Self::ALL.iter();
                all.find(|action| action.name() == name).copied()
            }
        }
    };
}

actions! {
    /// An event was created or booked.
    EventCreated = "event.created",
    /// The date of an event is certain, for the first time or again.
    EventConfirmed = "event.confirmed",
    /// An event was changed in a way that has no action of its own.
    EventUpdated = "event.updated",
    /// An event was cancelled.
    EventCancelled = "event.cancelled",
    /// Somebody said which dates or places suit.
    EventVoted = "event.voted",
    /// Somebody was invited to an event.
    EventNewInvitee = "event.new_invitee",
    /// An event was moved to another time.
    EventRescheduled = "event.rescheduled",
    /// Somebody else holds an event.
    EventReassigned = "event.reassigned",
    /// A guest declined an event.
    EventDeclined = "event.declined",
    /// Somebody wrote to everybody in an event.
    EventMessage = "event.message",
    /// It was noted that nobody came to an event.
    EventNoShow = "event.no_show",
    /// A user joined the organization.
    UserJoined = "user.joined",
    /// A user was changed.
    UserUpdated = "user.updated",
    /// A user logged in.
    UserLoggedIn = "user.logged_in",
    /// A user left the organization.
    UserLeft = "user.left",
    /// The booking page of a user was changed.
    VytemeUpdated = "vyteme.updated",
    /// A team was created.
    TeamCreated = "team.created",
    /// A team, or who is in it, was changed.
    TeamUpdated = "team.updated",
    /// A team was deleted.
    TeamDeleted = "team.deleted",
    /// A hook was created.
    HookCreated = "hook.created",
    /// A hook was changed, paused or resumed.
    HookUpdated = "hook.updated",
    /// A hook was deleted.
    HookDeleted = "hook.deleted",
}
