//! Keys of teams, of their people and of their public pages.

use roster_domain::{TeamId, Tenancy, UserId, text::ExternalId};

use super::{IndexKey, Key, Range, partition, partition::Partition};

/// A team, without its people.
#[must_use]
pub fn team(organization: impl Into<Tenancy>, id: TeamId) -> Key {
    Key::new(partition(organization), format!("TEAM#{id}"))
}

/// Whether a key is of a team itself, and not of one of its people.
#[must_use]
pub fn is_team(key: &Key) -> bool {
    let team = key.sk.strip_prefix("TEAM#");
    team.is_some_and(|team| !team.contains('#'))
}

/// A public team on its page.
#[must_use]
pub fn page(id: TeamId) -> IndexKey {
    IndexKey {
        pk: Partition::Page.of(id),
        sk: "TEAM".into(),
    }
}

/// A person of a team.
#[must_use]
pub fn person(organization: impl Into<Tenancy>, team: TeamId, user: UserId) -> Key {
    Key::new(partition(organization), format!("TEAM#{team}#USER#{user}"))
}

/// A member on a team's page.
#[must_use]
pub fn page_member(team: TeamId, user: UserId) -> IndexKey {
    IndexKey {
        pk: Partition::Page.of(team),
        sk: format!("USER#{user}"),
    }
}

/// A team and its members, as its page shows them.
#[must_use]
pub fn whole_page(team: TeamId) -> Range {
    Range {
        pk: Partition::Page.of(team),
        sk_prefix: String::new(),
        index: true,
    }
}

/// A team with its people.
#[must_use]
pub fn team_with_people(organization: impl Into<Tenancy>, id: TeamId) -> Range {
    Range {
        pk: partition(organization),
        sk_prefix: format!("TEAM#{id}"),
        index: false,
    }
}

/// The teams of an organization with their people, in order of creation.
#[must_use]
pub fn teams(organization: impl Into<Tenancy>) -> Range {
    Range {
        pk: partition(organization),
        sk_prefix: "TEAM#".into(),
        index: false,
    }
}

/// A key behind the last person of a team and before the next team: where the
/// list of teams goes on.
#[must_use]
pub fn behind_team(organization: impl Into<Tenancy>, id: TeamId) -> Key {
    // '~' sorts behind every character of a person's sort key.
    Key::new(partition(organization), format!("TEAM#{id}#~"))
}

/// Guard of a team's external id.
#[must_use]
pub fn team_extid_guard(organization: impl Into<Tenancy>, extid: &ExternalId) -> Key {
    Key::new(
        partition(organization),
        format!("UNIQUE#TEAM_EXTID#{extid}"),
    )
}
