//! What happened in an organization, in order: the change feed (`/v2/changes`), which
//! webhooks are told from.

pub mod action;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    EventId, TeamId, UserId,
    changes::action::Action,
    id::{HookId, ObjectId},
};

/// The kind of what a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResourceKind {
    /// A user.
    User,
    /// A team.
    Team,
    /// An event.
    Event,
    /// A hook.
    Hook,
}

impl ResourceKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::User, Self::Team, Self::Event, Self::Hook];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Team => "team",
            Self::Event => "event",
            Self::Hook => "hook",
        }
    }
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Resource {
    /// Its kind.
    pub kind: ResourceKind,
    /// Its id.
    #[serde(rename = "_id")]
    pub id: ObjectId,
}

macro_rules! resources {
    ($($Id:ident => $kind:ident),*) => { $(
        impl From<$Id> for Resource {
            fn from(id: $Id) -> Self {
                Self {
                    kind: ResourceKind::$kind,
                    id: ObjectId::from_bytes(id.bytes()),
                }
            }
        }
    )* };
}
resources!(UserId => User, TeamId => Team, EventId => Event, HookId => Hook);

/// The place of a change in its organization's feed: 1, 2, 3 and so on.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ChangeNumber(pub u64);

impl ChangeNumber {
    /// The bytes of a cursor behind it.
    #[must_use]
    pub fn bytes(self) -> [u8; 12] {
        let mut bytes = [0; 12];
        let (_, number) = bytes.split_at_mut(4);
        number.copy_from_slice(&self.0.to_be_bytes());
        bytes
    }

    /// The number with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 12]) -> Self {
        let [_, _, _, _, number @ ..] = bytes;
        Self(u64::from_be_bytes(number))
    }
}

/// That something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its place in the feed.
    pub number: ChangeNumber,
    /// When it was made.
    pub at: Timestamp,
    /// What happened: at least one thing.
    pub actions: Vec<Action>,
    /// To what.
    pub resource: Resource,
    /// Whether that is gone since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_of_numbers_sort_as_they_do() {
        let numbers = [0, 1, 255, 256, 1 << 40, u64::MAX].map(ChangeNumber);
        for pair in numbers.windows(2) {
            let [before, after] = pair else {
                unreachable!("pairs")
            };
            assert!(before.bytes() < after.bytes());
            assert_eq!(ChangeNumber::from_bytes(after.bytes()), *after);
        }
    }
}
