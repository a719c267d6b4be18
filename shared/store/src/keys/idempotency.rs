//! Keys of the answers to `Idempotency-Key`.

use roster_domain::{Tenancy, access::secret::SecretDigest};

use super::{Key, partition};

/// An idempotency key.
#[must_use]
pub fn idempotency(organization: impl Into<Tenancy>, key: &SecretDigest) -> Key {
    Key::new(
        partition(organization),
        format!("IDEMPOTENCY#{}", key.as_hex()),
    )
}
