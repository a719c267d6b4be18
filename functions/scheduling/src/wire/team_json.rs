//! The Team object of `/v2/teams`, in and out.

use roster_domain::{
    OrganizationId, Result, TeamId, UserId,
    team::{Face, MAX_PEOPLE, PublicTeam, References, Team, TeamChange, UserReference},
    text::{ExternalId, Name},
};
use roster_runtime::{
    answer,
    json::read::{Node, Violations},
    wire::{self, Exactly},
};
use serde_json::Value;

use super::assignment_json::{self, RulesAnswer};

/// What a body says.
#[derive(Debug, Default)]
pub struct TeamBody {
    /// The organization that it names.
    pub organization: Option<String>,
    /// What is to become of the team.
    pub change: TeamChange,
}

/// Reads the body that creates a team, or changes `team`. A changed team's body
/// may be the one that a `GET` answered.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(body: &Value, team: Option<TeamId>) -> Result<TeamBody> {
    let violations = Violations::default();
    let read = read_body(&Node::body(body, &violations), team);
    violations.check(read).map(Option::unwrap_or_default)
}

fn read_body(node: &Node<'_>, team: Option<TeamId>) -> Option<TeamBody> {
    let object = node.object()?;
    if team.is_none() {
        object.require("extid");
        object.require("name");
    }
    let body = TeamBody {
        organization: super::organization(&object),
        change: TeamChange {
            extid: object.optional("extid"),
            name: object.optional("name"),
            level_name: object.patch("level_name"),
            public: object.optional("public"),
            assignment: object.patch_with("assignment", assignment_json::read),
            admins: object.optional_with("admins", references),
            members: object.optional_with("members", references),
        },
    };
    if let Some(team) = team
        && let Some(node) = object.node("_id")
        && node.read::<TeamId>().is_some_and(|id| id != team)
    {
        node.unacceptable("must be the id in the path");
    }
    object.end();
    Some(body)
}

fn references(node: Node<'_>) -> Option<References> {
    node.elements(MAX_PEOPLE, |node| {
        Some((node.pointer.clone(), reference(&node)?))
    })
}

/// An id, or an object with one of `_id`, `email` and `extid`.
fn reference(node: &Node<'_>) -> Option<UserReference> {
    if node.value.is_string() {
        return node.read().map(UserReference::Id);
    }
    let object = node.object()?;
    let given = ["_id", "email", "extid"]
        .iter()
        .filter(|name| object.has(name))
        .count();
    let id = object.optional("_id").map(UserReference::Id);
    let email = object.optional("email").map(UserReference::Email);
    let extid = object.optional("extid").map(UserReference::External);
    object.end();
    if given != 1 {
        node.unacceptable("must have one of _id, email and extid");
    }
    id.or(email).or(extid)
}

answer! {
    /// A team as `/v2/teams` shows it.
    pub struct TeamAnswer<'a> as "Team" {
        "_id" => id: TeamId,
        "organization" => organization: OrganizationId,
        "extid" => extid: &'a ExternalId,
        "name" => name: &'a Name,
        "level_name" [optional] => level_name: &'a Name,
        "public" => public: bool,
        "admins" => admins: &'a [UserId],
        "members" => members: &'a [UserId],
        "assignment" => assignment: RulesAnswer,
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

/// A team as `/v2/teams` shows it.
#[must_use]
pub fn render(team: &Team) -> Value {
    wire::value(TeamAnswer {
        id: team.id,
        organization: team.organization,
        extid: &team.extid,
        name: &team.name,
        level_name: team.level_name.as_ref(),
        public: team.public,
        admins: &team.admins,
        members: &team.members,
        assignment: assignment_json::answer(&team.assignment),
    })
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
