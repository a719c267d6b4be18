//! Keys of the change feed.

use roster_domain::{
    OrganizationId,
    changes::{ChangeNumber, Resource},
};

use super::{
    Key, Range, Stretch,
    bookings::BEHIND,
    hooks::hook_of,
    kind::{Content, Kind},
    partition::Partition,
};

/// What the sort key of a change begins with.
const CHANGE: &str = "AT#";

fn changes_of(organization: OrganizationId) -> String {
    Partition::Changes.of(organization)
}

/// A change.
#[must_use]
pub fn change(organization: OrganizationId, ChangeNumber(number): ChangeNumber) -> Key {
    Key::new(changes_of(organization), format!("{CHANGE}{number:020}"))
}

/// The changes behind one, in their order.
#[must_use]
pub fn changes_after(organization: OrganizationId, ChangeNumber(number): ChangeNumber) -> Stretch {
    let after = number.saturating_add(1);
    Stretch {
        from: format!("{CHANGE}{after:020}"),
        to: format!("{CHANGE}{BEHIND}"),
        range: Range {
            pk: changes_of(organization),
            sk_prefix: CHANGE.to_owned(),
            index: false,
        },
    }
}

/// The number of the last change.
#[must_use]
pub fn last_change(organization: OrganizationId) -> Key {
    Key::new(changes_of(organization), "LAST")
}

/// Which change of something is the newest.
#[must_use]
pub fn newest_change(organization: OrganizationId, resource: Resource) -> Key {
    let Resource { kind, id } = resource;
    let sk = format!("OF#{}#{id}", kind.name());
    Key::new(changes_of(organization), sk)
}

/// What a change of the item with this key is a change of; none where it is told nobody.
#[must_use]
pub fn resource_of(key: &Key) -> Option<(OrganizationId, Resource)> {
    if let Some((organization, hook)) = hook_of(key) {
        return Some((organization, hook.into()));
    }
    let organization = Partition::Organization.id_in(&key.pk)?.parse().ok()?;
    let resource = match Kind::of(key, organization)? {
        Kind::User(user) => user.into(),
        Kind::Team(team) | Kind::Person(team, _) => team.into(),
        Kind::Other(Content::Event) => super::event_of(key)?.1.into(),
        _ => return None,
    };
    Some((organization, resource))
}
