//! Webhooks: an organization names an address, and is told there what happens
//! (`/hooks` and `/v2/hooks`; deliveries follow Standard Webhooks).

pub mod delivery;
pub mod public_address;
pub mod retry;
pub mod signing;
pub mod target;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    OrganizationId,
    changes::action::Action,
    hooks::{signing::PreviousSecret, target::TargetUrl},
    id::{DeliveryId, HookId},
};

/// Most hooks of an organization.
pub const MAX_HOOKS: usize = 50;
/// Longest time for which the secret before a rotation still signs, in seconds: seven days.
pub const MAX_OVERLAP_SECONDS: u32 = 7 * 24 * 60 * 60;

/// What a hook is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscription {
    /// Everything.
    All,
    /// One action.
    One(Action),
}

impl Subscription {
    /// What stands for everything.
    pub const ALL: &str = "*";

    /// Its name: that of the action, or `*`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::All => Self::ALL,
            Self::One(action) => action.name(),
        }
    }

    /// Reads a name back.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if name == Self::ALL {
            return Some(Self::All);
        }
        Action::named(name).map(Self::One)
    }

    /// Whether an action is told. A ping is for the hook that asked for it alone.
    #[must_use]
    pub fn covers(self, action: Action) -> bool {
        match self {
            Self::All => action != Action::Ping,
            Self::One(one) => one == action,
        }
    }
}

impl Serialize for Subscription {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Subscription {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let unknown = || serde::de::Error::custom(format!("no action is named {name}"));
        Self::named(&name).ok_or_else(unknown)
    }
}

/// Why a hook is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PauseReason {
    /// The receiver answered 410: it does not want to hear of anything again.
    Gone,
    /// Nothing arrived for as long as a delivery is tried.
    Failing,
    /// Somebody paused it.
    Asked,
}

impl PauseReason {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Gone, Self::Failing, Self::Asked];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Failing => "failing",
            Self::Asked => "asked",
        }
    }
}

/// Since when a hook is told nothing, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub reason: PauseReason,
}

/// Where an organization is told what happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: HookId,
    /// The organization.
    pub organization: OrganizationId,
    /// What it is told.
    pub action: Subscription,
    /// Where.
    pub target_url: TargetUrl,
    /// What signs its deliveries, sealed.
    pub sealed_secret: String,
    /// The secret before the last rotation, for as long as it still signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<PreviousSecret>,
    /// Since when it is told nothing; none while it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<Pause>,
    /// Since when no delivery arrived that was tried; none where the last one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// How often it was changed.
    #[serde(rename = "__v")]
    pub version: u64,
}

impl Hook {
    /// Whether it is told of an action now.
    #[must_use]
    pub fn is_told(&self, action: Action) -> bool {
        self.paused.is_none() && self.action.covers(action)
    }

    /// Whether it is to be paused, once a delivery was given up that was made then: where
    /// nothing has arrived for as long as it was tried.
    #[must_use]
    pub fn fails_since(&self, made: Timestamp, now: Timestamp) -> bool {
        let since = self.failing_since.filter(|since| *since <= now);
        // The first try follows what is told by moments.
        let latest = made + SignedDuration::from_mins(15);
        self.paused.is_none() && since.is_some_and(|since| since <= latest)
    }
}

/// What the id of a message is in the header `webhook-id`: the same in each try and each
/// replay, so that a receiver knows what it has had.
#[must_use]
pub fn message_id(delivery: DeliveryId) -> String {
    format!("msg_{delivery}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_told_everything_but_pings() {
        assert!(Subscription::All.covers(Action::EventCreated));
        assert!(!Subscription::All.covers(Action::Ping));
        let one = Subscription::named("event.created").expect("an action");
        assert!(one.covers(Action::EventCreated) && !one.covers(Action::EventUpdated));
        assert_eq!(Subscription::named("ping"), None);
        assert_eq!(Subscription::named("event.exploded"), None);
    }
}
