//! Keys of people's own calendars: apart from everything else of their organization, so that
//! few functions can reach their addresses.

use jiff::Timestamp;
use roster_domain::{OrganizationId, UserId};

use super::{
    IndexKey, Key, Range, Stretch,
    bookings::{BEHIND, sortable},
    partition::Partition,
};

const USER: &str = "USER#";
/// Parts of the index among which calendars that are to be read are spread, so that none is
/// written by everybody.
pub const SHARDS: u8 = 4;

/// The calendars of a user.
#[must_use]
pub fn calendars(organization: OrganizationId, user: UserId) -> Key {
    let pk = Partition::Calendars.of(organization);
    Key::new(pk, format!("{USER}{user}"))
}

/// Whose calendars a key is of; none where it is the key of something else.
#[must_use]
pub fn calendars_of(key: &Key) -> Option<(OrganizationId, UserId)> {
    let organization = Partition::Calendars.id_in(&key.pk)?.parse().ok()?;
    let user = key.sk.strip_prefix(USER)?.parse().ok()?;
    Some((organization, user))
}

/// Where calendars that are to be read at an instant stand in the index.
#[must_use]
pub fn due_calendars(user: UserId, due: Timestamp) -> IndexKey {
    let [.., last] = user.bytes();
    IndexKey {
        pk: Partition::DueCalendars.of(last % SHARDS),
        sk: format!("{}#{user}", sortable(due)),
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
