//! `teams` of a user in a body (`/v2/users`): teams that the user is added to.

use std::collections::HashSet;

use roster_domain::{
    TeamId,
    team::{MAX_TEAMS_PER_USER, TeamLink, TeamReference, TeamRole},
    text::{ExternalId, Name},
};
use roster_runtime::{
    body,
    json::read::Node,
    wire::members::{Optional, OrDefault, Readable},
};

body! {
    /// A team to add the user to.
    struct TeamLinkBody {
        "_id" => id: Optional<TeamId>,
        /// A team that does not exist is created.
        "extid" => extid: Optional<ExternalId>,
        /// Name of the team. Renames an existing team.
        "name" => name: Optional<Name>,
        /// Whether the user is an admin of the team.
        "admin" => admin: OrDefault<Optional<bool>>,
        /// Whether the user is a member of the team. Default: true, or false for an admin.
        "member" => member: Optional<bool>,
    }
}

/// The names that a team may have in a body: one of them.
const REFERENCE_NAMES: [&str; 2] = ["_id", "extid"];

/// Teams to add a user to: none of them twice.
#[derive(Debug)]
pub(super) struct TeamLinks;

impl Readable for TeamLinks {
    type Read = Vec<TeamLink>;

    fn read(node: Node<'_>) -> Option<Vec<TeamLink>> {
        let mut seen = HashSet::new();
        node.elements(MAX_TEAMS_PER_USER, |node| {
            let link = team_link(&node)?;
            let name = match &link.team {
                TeamReference::Id(id) => format!("id {id}"),
                TeamReference::External(extid) => format!("extid {extid}"),
            };
            if !seen.insert(name) {
                node.unacceptable("names the same team as another entry");
            }
            Some(link)
        })
    }
}

fn team_link(node: &Node<'_>) -> Option<TeamLink> {
    let object = node.object()?;
    let link = TeamLinkBody::members(&object);
    let given = REFERENCE_NAMES.iter().filter(|name| object.has(name));
    let is_named_once = given.count() == 1;
    object.end();
    if !is_named_once {
        node.unacceptable("must have either an extid or the _id of a team");
    }
    let admin = link.admin;
    // `/v2/users`: as admin when admin is true, otherwise as member. Answers show both.
    let member = link.member.unwrap_or(!admin);
    if !admin && !member {
        node.unacceptable("must make the user an admin or a member");
    }
    let id = link.id.map(TeamReference::Id);
    Some(TeamLink {
        location: node.pointer.as_str().into(),
        id_location: format!("{}/_id", node.pointer).into(),
        name_location: format!("{}/name", node.pointer).into(),
        team: id.or_else(|| link.extid.map(TeamReference::External))?,
        name: link.name,
        role: TeamRole { member, admin },
    })
}

#[cfg(feature = "schema")]
mod schema {
    use roster_domain::team::MAX_TEAM_LINKS;
    use roster_runtime::schema::{
        Fields, Part, Parts, Taken, about, add, array_of, exactly_one, named,
    };

    use super::{MAX_TEAMS_PER_USER, REFERENCE_NAMES, TeamLinkBody, TeamLinks};

    const LINK: &str = "TeamLinkBody";

    impl Taken for TeamLinks {
        fn taken() -> Part {
            let text = format!(
                "Teams to add the user to. Other teams do not change. A request can change \
                 the user's role in at most {MAX_TEAM_LINKS} teams."
            );
            about(array_of(named(LINK), MAX_TEAMS_PER_USER), &text)
        }

        fn collect(parts: &mut Parts) {
            let link = exactly_one(&REFERENCE_NAMES, TeamLinkBody::fields);
            add(parts, LINK, about(link, "A team to add the user to."));
        }
    }
}
