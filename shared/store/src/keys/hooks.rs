//! Keys of webhooks and their deliveries.

use roster_domain::{DeliveryId, HookId, OrganizationId};

use super::{Key, Range, partition::Partition};

/// What the sort key of a hook begins with, and that of a delivery.
const HOOK: &str = "HOOK#";
/// What the sort key of a body begins with.
const BODY: &str = "BODY#";

/// A hook.
#[must_use]
pub fn hook(organization: OrganizationId, id: HookId) -> Key {
    Key::new(Partition::Hooks.of(organization), format!("{HOOK}{id}"))
}

/// The hook that a key is of; none where it is the key of something else.
#[must_use]
pub fn hook_of(key: &Key) -> Option<(OrganizationId, HookId)> {
    let organization = Partition::Hooks.id_in(&key.pk)?.parse().ok()?;
    let id = key.sk.strip_prefix(HOOK)?.parse().ok()?;
    Some((organization, id))
}

/// The hooks of an organization, in order of creation.
#[must_use]
pub fn hooks(organization: OrganizationId) -> Range {
    Range {
        pk: Partition::Hooks.of(organization),
        sk_prefix: HOOK.to_owned(),
        index: false,
    }
}

/// How many hooks an organization has.
#[must_use]
pub fn hook_count(organization: OrganizationId) -> Key {
    Key::new(Partition::Hooks.of(organization), "COUNT")
}

/// A delivery to a hook.
#[must_use]
pub fn delivery(organization: OrganizationId, hook: HookId, id: DeliveryId) -> Key {
    let sk = format!("{HOOK}{hook}#{id}");
    Key::new(Partition::Deliveries.of(organization), sk)
}

/// The delivery that a key is of; none where it is the key of something else.
#[must_use]
pub fn delivery_of(key: &Key) -> Option<(OrganizationId, HookId, DeliveryId)> {
    let organization = Partition::Deliveries.id_in(&key.pk)?.parse().ok()?;
    let (hook, id) = key.sk.strip_prefix(HOOK)?.split_once('#')?;
    Some((organization, hook.parse().ok()?, id.parse().ok()?))
}

/// The deliveries to a hook, in order of creation.
#[must_use]
pub fn deliveries(organization: OrganizationId, hook: HookId) -> Range {
    Range {
        pk: Partition::Deliveries.of(organization),
        sk_prefix: format!("{HOOK}{hook}#"),
        index: false,
    }
}

/// What is told of a resource: the deliveries of one change share it.
#[must_use]
pub fn body(organization: OrganizationId, id: DeliveryId) -> Key {
    let sk = format!("{BODY}{id}");
    Key::new(Partition::Deliveries.of(organization), sk)
}
