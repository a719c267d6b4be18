//! A team (`/v2/teams`).

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    bookings::assignment::Rules,
    bookings::assignment_change::AssignmentChange,
    error::Location,
    id::{ObjectId, OrganizationId, TeamId, UserId},
    patch::Patch,
    text::{Email, ExternalId, Name},
    users::mail_topic::MailPreferences,
};

/// Most members and most admins a team can have.
pub const MAX_PEOPLE: usize = 1_000;

/// Most teams a user can be in: a change of a user's name is written to each of
/// them in one transaction.
pub const MAX_TEAMS_PER_USER: usize = 40;

/// Most hours before an event that people are reminded of it: a week.
pub const MAX_REMINDER_HOURS: u32 = 168;

/// Most teams that one request can put a user in (`/v2/users`'s `teams`).
pub const MAX_TEAM_LINKS: usize = 15;

/// What a user is in a team. Admins need not be members (`/v2/teams`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamRole {
    /// Whether the user is one of the team's members.
    pub member: bool,
    /// Whether the user is one of the team's admins.
    pub admin: bool,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// The organization it belongs to.
    pub organization: OrganizationId,
    /// Its id in the caller's own system; unique in the organization.
    pub extid: ExternalId,
    /// Its name.
    pub name: Name,
    /// What kind of team it is, in the organization's own words.
    pub level_name: Option<Name>,
    /// Whether anybody may see its name and its members' names and photos.
    pub public: bool,
    /// How many hours before an event starts those who take part are reminded of it; none:
    /// they are not.
    pub reminder_hours: Option<u32>,
    /// How bookings are assigned to its members.
    pub assignment: Rules,
    /// Who administers it, in the order given.
    pub admins: Vec<UserId>,
    /// Who belongs to it, in the order given.
    pub members: Vec<UserId>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed by a request on the team.
    pub updated_at: Timestamp,
    /// How often a request on the team wrote it since.
    pub version: u64,
}

/// Which mails about its members' events go to a team's admins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminPreferences {
    /// Their id.
    #[serde(rename = "_id")]
    pub id: ObjectId,
    /// What the admins are mailed about.
    pub email: MailPreferences,
    /// When something was first set.
    pub created_at: Timestamp,
    /// When something was last set.
    pub updated_at: Timestamp,
}

/// One of the ways in which `/v2/teams` names a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserReference {
    /// By id.
    Id(UserId),
    /// By address.
    Email(Email),
    /// By the id in the caller's own system.
    External(ExternalId),
}

/// As the request named them: for the error that says that they are unknown.
impl fmt::Display for UserReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "_id {id}"),
            Self::Email(email) => write!(f, "email {email}"),
            Self::External(extid) => write!(f, "extid {extid}"),
        }
    }
}

/// A list of people as a request gives it: each with the JSON pointer at which
/// it stands, so that an unknown one can be named.
pub type References = Vec<(String, UserReference)>;

/// A new team, or a change to one.
#[derive(Clone, Debug, Default)]
pub struct TeamChange {
    /// The version that the team must be in, where the request says one.
    pub expected: Option<u64>,
    /// Its id in the caller's own system.
    pub extid: Option<ExternalId>,
    /// Its name.
    pub name: Option<Name>,
    /// What kind of team it is.
    pub level_name: Patch<Name>,
    /// Whether anybody may see it.
    pub public: Option<bool>,
    /// How many hours before it starts people are reminded of an event.
    pub reminder_hours: Patch<u32>,
    /// How bookings are assigned; cleared: by the defaults.
    pub assignment: Patch<AssignmentChange>,
    /// Replaces the admins.
    pub admins: Option<References>,
    /// Replaces the members.
    pub members: Option<References>,
}

/// A team that a user is put in (`/v2/users`'s `teams`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamLink {
    /// Where the link stands in the body.
    pub location: Location,
    /// Where it names the team's id.
    pub id_location: Location,
    /// Where it names the team.
    pub name_location: Location,
    /// The team.
    pub team: TeamReference,
    /// The name the team gets, where one is given.
    pub name: Option<Name>,
    /// What the user becomes there.
    pub role: TeamRole,
}

/// How a link names its team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TeamReference {
    /// A team that exists.
    Id(TeamId),
    /// A team by the id in the caller's own system; created when missing.
    External(ExternalId),
}

/// What anybody may see of a public team (`/v2/teams`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicTeam {
    /// Its id.
    pub id: TeamId,
    /// The organization that it is of: nobody is told.
    pub organization: OrganizationId,
    /// Its name.
    pub name: Name,
    /// Its members who are active, in the team's order.
    pub members: Vec<Face>,
}

/// What anybody may see of a member of a public team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// The member's id.
    pub user: UserId,
    /// First name.
    pub first_name: Option<Name>,
    /// Last name.
    pub last_name: Option<Name>,
    /// Photo.
    pub picture_url: Option<crate::text::WebUrl>,
}
