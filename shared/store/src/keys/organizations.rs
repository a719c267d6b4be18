//! Keys of organizations.

use roster_domain::{OrganizationId, Tenancy};

use super::{IndexKey, Key, Range, partition, partition::Partition};

/// An organization.
#[must_use]
pub fn organization(id: impl Into<Tenancy>) -> Key {
    Key::new(partition(id), "ORG")
}

/// The organization whose partition a key is in; none where it is in another.
#[must_use]
pub fn organization_of(key: &Key) -> Option<OrganizationId> {
    let of = |partition: Partition| partition.id_in(&key.pk)?.parse().ok();
    of(Partition::Organization).or_else(|| of(Partition::Hooks))
}

/// An organization in the list of all.
#[must_use]
pub fn organization_index(id: OrganizationId) -> IndexKey {
    IndexKey {
        pk: Partition::Organizations.of(""),
        sk: id.to_string(),
    }
}

/// All organizations.
#[must_use]
pub fn organizations() -> Range {
    Range {
        pk: Partition::Organizations.of(""),
        sk_prefix: String::new(),
        index: true,
    }
}

/// Guard of an organization's number.
#[must_use]
pub fn organization_number_guard(number: u64) -> Key {
    Key::new(Partition::OrganizationNumber.of(number), "NUMBER")
}

/// The counter that numbers organizations.
#[must_use]
pub fn organization_counter() -> Key {
    Key::new(Partition::Counter.of(""), "ORG")
}
