//! An organization: the tenant (the Organization object of `/v2/users`'s unlink sample).

use jiff::{Span, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    bookings::time_off::TimeOff,
    error::{Conflict, Result, Unacceptable},
    id::{ObjectId, OrganizationId},
    text::Name,
    users::language::Language,
};

/// `plan` of an organization and, through it, of its users (`/v2/users`: free or pro).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "`/v2/users` names the two and no more")]
pub enum Plan {
    Free,
    #[default]
    Pro,
}

impl std::str::FromStr for Plan {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "free" => Ok(Self::Free),
            "pro" => Ok(Self::Pro),
            _ => Err(Unacceptable::new("must be free or pro")),
        }
    }
}

/// A free trial (`/v2/users`'s `free_trial_*`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// Length in days; 1 to 3,650.
    pub days: u32,
    /// When it began.
    pub started: Timestamp,
}

impl Trial {
    /// When it ends: its days, of 24 hours each, after it began.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.started
            .to_zoned(TimeZone::UTC)
            .checked_add(Span::new().days(i64::from(self.days)))
            .map_or(Timestamp::MAX, |end| end.timestamp())
    }
}

/// A tenant. All its users and teams live in one partition of the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Organization {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: OrganizationId,
    /// Its number: small, increasing, never reused (`/api/v1`'s `id`).
    pub number: u64,
    /// Its name.
    pub name: Name,
    /// Language of the organization.
    pub lang: Language,
    /// Plan that its users have.
    pub plan: Plan,
    /// Whether it is private.
    pub private: bool,
    /// The team of its superadmins, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superadmin_team: Option<ObjectId>,
    /// Its branding, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<ObjectId>,
    /// Its free trial, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<Trial>,
    /// When everybody is away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub time_off: Vec<TimeOff>,
    /// Since when it is being deleted (`/api/v1`): nobody joins it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// How often it was written since.
    #[serde(rename = "__v")]
    pub version: u64,
}

impl Organization {
    /// Whether a user can be added.
    ///
    /// # Errors
    /// A conflict while the organization is being deleted.
    pub fn can_be_joined(&self) -> Result<()> {
        match self.closing_at {
            None => Ok(()),
            Some(_) => Err(Conflict::new("the organization is being deleted").into()),
        }
    }
}
