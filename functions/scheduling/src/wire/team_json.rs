//! The Team object of `/v2/teams`, in and out.

use roster_domain::{
    OrganizationId, Result, TeamId, UserId,
    team::{
        Face, MAX_PEOPLE, MAX_REMINDER_HOURS, PublicTeam, References, Team, TeamChange,
        UserReference,
    },
    text::{Email, ExternalId, Name},
};
use roster_runtime::{
    answer, body,
    json::read::{Node, read_object},
    wire::{
        self, Exactly,
        members::{Optional, Patched, Readable, Required, Whole},
    },
};
use serde_json::Value;

use super::assignment_json::{self, AssignmentBody, RulesAnswer};

/// What a request says of a team.
#[derive(Debug)]
pub struct TeamRequest {
    /// The organization that it names.
    pub organization: Option<OrganizationId>,
    /// What is to become of the team.
    pub change: TeamChange,
}

body! {
    /// The body that creates a team.
    pub struct NewTeamBody as "NewTeamBody" {
        /// Unique in the organization.
        "extid" => extid: Required<ExternalId>,
        "name" => name: Required<Name>,
        ..settings: SettingsBody,
    }

    /// The body that changes a team. It may be the one that a `GET` answered.
    pub struct TeamBody as "TeamBody" {
        /// The team's `_id`.
        "_id" => id: Optional<TeamId>,
        /// Unique in the organization.
        "extid" => extid: Optional<ExternalId>,
        "name" => name: Optional<Name>,
        ..settings: SettingsBody,
    }

    /// The body that puts a user in a team.
    pub struct MemberBody as "MemberBody" {
        /// The `_id` of the user.
        "user" => user: Required<UserId>,
    }

    /// What both have.
    struct SettingsBody {
        /// The organization, if the query does not name it.
        "organization" => organization: Optional<OrganizationId>,
        /// The kind of team, in your own words.
        "level_name" => level_name: Patched<Name>,
        /// How many hours before it starts people are reminded of an event of the team.
        /// Default: no reminder.
        "reminder_hours" => reminder_hours: Patched<Whole<1, MAX_REMINDER_HOURS>>,
        /// Whether the team's page is public.
        "public" => public: Optional<bool>,
        "assignment" => assignment: Patched<AssignmentBody>,
        "admins" => admins: Optional<People>,
        /// In round-robin order.
        "members" => members: Optional<People>,
    }

    /// The names that a user may have here: one of them.
    struct UserReferenceBody {
        "_id" => id: Optional<UserId>,
        "email" => email: Optional<Email>,
        "extid" => extid: Optional<ExternalId>,
    }
}

/// Reads the body that creates a team.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_new(body: &Value) -> Result<TeamRequest> {
    read_object(body, |object| {
        let team = NewTeamBody::members(object);
        Some(request(team.extid, team.name, team.settings))
    })
}

/// The user who is to be a member.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_member(body: &Value) -> Result<UserId> {
    read_object(body, |object| MemberBody::members(object).user)
}

/// Reads the body that changes the team with this id.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_update(body: &Value, id: TeamId) -> Result<TeamRequest> {
    read_object(body, |object| {
        let team = TeamBody::members(object);
        if team.id.is_some_and(|named| named != id) {
            let violations = object.violations();
            violations.unacceptable("/_id", "must be the id in the path");
        }
        Some(request(team.extid, team.name, team.settings))
    })
}

fn request(extid: Option<ExternalId>, name: Option<Name>, settings: SettingsBody) -> TeamRequest {
    TeamRequest {
        organization: settings.organization,
        change: TeamChange {
            expected: None,
            extid,
            name,
            level_name: settings.level_name,
            reminder_hours: settings.reminder_hours,
            public: settings.public,
            assignment: settings.assignment,
            admins: settings.admins,
            members: settings.members,
        },
    }
}

/// Users, each with where the body names them.
#[derive(Debug)]
struct People;

impl Readable for People {
    type Read = References;

    fn read(node: Node<'_>) -> Option<References> {
        node.elements(MAX_PEOPLE, |node| {
            Some((node.pointer.clone(), reference(&node)?))
        })
    }
}

/// An id, or an object with one of `_id`, `email` and `extid`.
fn reference(node: &Node<'_>) -> Option<UserReference> {
    if node.value.is_string() {
        return node.read().map(UserReference::Id);
    }
    let object = node.object()?;
    let user = UserReferenceBody::members(&object);
    let given = REFERENCE_NAMES.iter().filter(|name| object.has(name));
    let is_named_once = given.count() == 1;
    object.end();
    if !is_named_once {
        node.unacceptable("must have one of _id, email and extid");
    }
    let id = user.id.map(UserReference::Id);
    let email = user.email.map(UserReference::Email);
    id.or(email)
        .or_else(|| user.extid.map(UserReference::External))
}

/// The names that a user may have in a body.
const REFERENCE_NAMES: [&str; 3] = ["_id", "email", "extid"];

#[cfg(feature = "schema")]
mod schema {
    use roster_runtime::schema::{
        Fields, Part, Parts, Taken, about, add, any_of, array_of, exactly_one, named,
    };

    use super::{MAX_PEOPLE, People, REFERENCE_NAMES, UserId, UserReferenceBody};

    const REFERENCE: &str = "UserReference";

    impl Taken for People {
        fn taken() -> Part {
            array_of(named(REFERENCE), MAX_PEOPLE)
        }

        fn collect(parts: &mut Parts) {
            let one_name = exactly_one(&REFERENCE_NAMES, UserReferenceBody::fields);
            let text = "A user of the organization, by `_id`, email address or external ID.";
            let reference = about(any_of([UserId::taken(), one_name]), text);
            add(parts, REFERENCE, reference);
        }
    }
}

answer! {
    /// A team as `/v2/teams` shows it.
    pub struct TeamAnswer<'a> as "Team" {
        "_id" => id: TeamId,
        "organization" => organization: OrganizationId,
        "extid" => extid: &'a ExternalId,
        "name" => name: &'a Name,
        "level_name" [optional] => level_name: &'a Name,
        /// How many hours before it starts people are reminded of an event of the team.
        "reminder_hours" [optional] => reminder_hours: u32,
        "public" => public: bool,
        "admins" => admins: &'a [UserId],
        "members" => members: &'a [UserId],
        "assignment" => assignment: RulesAnswer,
    }

    /// A team that somebody left.
    pub struct LeftTeamAnswer<'a> as "LeftTeam" {
        /// The upcoming events that the member has of the team.
        "events_to_reassign" => events: Vec<Listed>,
        ..team: TeamAnswer<'a>,
    }

    /// A public team as `/v2/teams` shows it: nothing more than its table lists.
    pub struct PublicTeamAnswer<'a> as "PublicTeam" {
        "_id" => id: TeamId,
        "name" => name: &'a Name,
        "members" => members: Vec<FaceAnswer<'a>>,
    }

    struct FaceAnswer<'a> {
        "_id" => id: UserId,
        /// Empty if unknown.
        "first_name" => first_name: &'a str,
        /// Empty if unknown.
        "last_name" => last_name: &'a str,
        /// Empty if there is none.
        "picture_url" => picture_url: &'a str,
    }

    /// That a team was deleted.
    pub struct DeletedAnswer {
        "n" => n: Exactly<1>,
        "ok" => ok: Exactly<1>,
    }
}

/// An event, as lists show it.
#[derive(Debug, serde::Serialize)]
#[serde(transparent)]
pub struct Listed(Value);

impl Listed {
    /// Of an event that was rendered so.
    #[must_use]
    pub fn of(event: Value) -> Self {
        Self(event)
    }
}

#[cfg(feature = "schema")]
impl roster_runtime::schema::Described for Listed {
    fn part() -> roster_runtime::schema::Part {
        roster_runtime::schema::named("ListedEvent")
    }
}

/// A team that somebody left, with the events that they leave behind, as lists show them.
#[must_use]
pub fn render_left(team: &Team, events: Vec<Value>) -> Value {
    wire::value(LeftTeamAnswer {
        events: events.into_iter().map(Listed).collect(),
        team: answer(team),
    })
}

/// A team as `/v2/teams` shows it.
#[must_use]
pub fn render(team: &Team) -> Value {
    wire::value(answer(team))
}

pub(crate) fn answer(team: &Team) -> TeamAnswer<'_> {
    TeamAnswer {
        id: team.id,
        organization: team.organization,
        extid: &team.extid,
        name: &team.name,
        level_name: team.level_name.as_ref(),
        reminder_hours: team.reminder_hours,
        public: team.public,
        admins: &team.admins,
        members: &team.members,
        assignment: assignment_json::answer(&team.assignment),
    }
}

/// A public team as `/v2/teams` shows it.
#[must_use]
pub fn render_public(team: &PublicTeam) -> Value {
    wire::value(PublicTeamAnswer {
        id: team.id,
        name: &team.name,
        members: team.members.iter().map(face).collect(),
    })
}

fn face(face: &Face) -> FaceAnswer<'_> {
    FaceAnswer {
        id: face.user,
        first_name: face.first_name.as_ref().map_or("", |name| name.as_str()),
        last_name: face.last_name.as_ref().map_or("", |name| name.as_str()),
        picture_url: face.picture_url.as_ref().map_or("", |url| url.as_str()),
    }
}

/// That a team was deleted.
#[must_use]
pub fn render_deleted() -> Value {
    wire::value(DeletedAnswer {
        n: Exactly,
        ok: Exactly,
    })
}
