//! The Team object of `/v2/teams`, in and out.

use roster_domain::{
    Result, TeamId,
    team::{Face, MAX_PEOPLE, PublicTeam, References, Team, TeamChange, UserReference},
};
use roster_runtime::json::{Node, Violations};
use serde_json::{Map, Value, json};

use super::assignment_json;

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

/// A team as `/v2/teams` shows it.
#[must_use]
pub fn render(team: &Team) -> Value {
    let mut out = Map::from_iter([
        ("_id".to_owned(), team.id.to_string().into()),
        (
            "organization".to_owned(),
            team.organization.to_string().into(),
        ),
        ("extid".to_owned(), team.extid.as_str().into()),
        ("name".to_owned(), team.name.as_str().into()),
        ("public".to_owned(), team.public.into()),
        (
            "assignment".to_owned(),
            assignment_json::render(&team.assignment),
        ),
        ("admins".to_owned(), json!(team.admins)),
        ("members".to_owned(), json!(team.members)),
    ]);
    if let Some(level_name) = &team.level_name {
        out.insert("level_name".to_owned(), level_name.as_str().into());
    }
    Value::Object(out)
}

/// A public team as `/v2/teams` shows it: nothing more than its table lists.
#[must_use]
pub fn render_public(team: &PublicTeam) -> Value {
    json!({
        "_id": team.id.to_string(),
        "name": team.name.as_str(),
        "members": team.members.iter().map(render_face).collect::<Vec<_>>(),
    })
}

fn render_face(face: &Face) -> Value {
    json!({
        "_id": face.user.to_string(),
        "first_name": face.first_name.as_ref().map_or("", |name| name.as_str()),
        "last_name": face.last_name.as_ref().map_or("", |name| name.as_str()),
        "picture_url": face.picture_url.as_ref().map_or("", |url| url.as_str()),
    })
}
