//! Keys of people's own calendars: apart from everything else of their organization, so that
//! few functions can reach their addresses.

use jiff::Timestamp;
use roster_domain::{OrganizationId, whose::Whose};

use super::{
    IndexKey, Key, Range, Stretch,
    bookings::{BEHIND, sortable},
    partition::Partition,
};

const USER: &str = "USER#";
const TEAM: &str = "TEAM#";
const ORGANIZATION: &str = "ORGANIZATION#";
/// Parts of the index among which calendars that are to be read are spread, so that none is
/// written by everybody.
pub const SHARDS: u8 = 4;

/// The calendars of a user, a team or an organization.
#[must_use]
pub fn calendars(organization: OrganizationId, whose: Whose) -> Key {
    let pk = Partition::Calendars.of(organization);
    let kind = match whose {
        Whose::User(_) => USER,
        Whose::Team(_) => TEAM,
        Whose::Organization(_) => ORGANIZATION,
    };
    Key::new(pk, format!("{kind}{whose}"))
}

/// Whose calendars a key is of; none where it is the key of something else.
#[must_use]
pub fn calendars_of(key: &Key) -> Option<(OrganizationId, Whose)> {
    let organization = Partition::Calendars.id_in(&key.pk)?.parse().ok()?;
    let whose = if let Some(user) = key.sk.strip_prefix(USER) {
        Whose::User(user.parse().ok()?)
    } else if let Some(team) = key.sk.strip_prefix(TEAM) {
        Whose::Team(team.parse().ok()?)
    } else {
        Whose::Organization(key.sk.strip_prefix(ORGANIZATION)?.parse().ok()?)
    };
    Some((organization, whose))
}

/// Where calendars that are to be read at an instant stand in the index.
#[must_use]
pub fn due_calendars(whose: Whose, due: Timestamp) -> IndexKey {
    let [.., last] = whose.bytes();
    IndexKey {
        pk: Partition::DueCalendars.of(last % SHARDS),
        sk: format!("{}#{whose}", sortable(due)),
    }
}

/// The calendars of one part of the index that are due by an instant, the longest due first.
#[must_use]
pub fn calendars_due_by(shard: u8, now: Timestamp) -> Stretch {
    Stretch {
        from: "0".to_owned(),
        to: format!("{}#{BEHIND}", sortable(now)),
        range: Range {
            pk: Partition::DueCalendars.of(shard),
            sk_prefix: String::new(),
            index: true,
        },
    }
}
