//! Whom something is about that a user, a team or an organization can have.

use serde::{Deserialize, Serialize};

use crate::id::{OrganizationId, TeamId, UserId};

/// Whose it is: time off, or calendars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Whose {
    /// A user's.
    User(UserId),
    /// That of all members of a team.
    Team(TeamId),
    /// Everybody's in an organization.
    Organization(OrganizationId),
}

impl Whose {
    /// What they are.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Team(_) => "team",
            Self::Organization(_) => "organization",
        }
    }

    /// The user, where it is one's.
    #[must_use]
    pub fn user(self) -> Option<UserId> {
        match self {
            Self::User(user) => Some(user),
            Self::Team(_) | Self::Organization(_) => None,
        }
    }

    /// The id of whose it is.
    #[must_use]
    pub fn bytes(self) -> [u8; 12] {
        match self {
            Self::User(id) => id.bytes(),
            Self::Team(id) => id.bytes(),
            Self::Organization(id) => id.bytes(),
        }
    }
}

/// The id of whose it is.
impl std::fmt::Display for Whose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::User(id) => id.fmt(f),
            Self::Team(id) => id.fmt(f),
            Self::Organization(id) => id.fmt(f),
        }
    }
}
