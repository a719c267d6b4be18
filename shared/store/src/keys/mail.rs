//! Keys of mails, and of how many were sent.

use roster_domain::{MailId, OrganizationId, Tenancy, access::secret::SecretDigest};

use super::{Key, partition, partition::Partition};

/// How much was mailed on a day. The digest is of what is limited, so that the
/// table does not list who was mailed.
#[must_use]
pub fn mails_of_day(subject: &SecretDigest, day: i64) -> Key {
    Key::new(Partition::Mails.of(subject.as_hex()), day.to_string())
}

/// What the sort key of a mail begins with. infra/template.yaml names it too.
pub(super) const MAIL: &str = "MAIL#";

/// A mail.
#[must_use]
pub fn mail(organization: impl Into<Tenancy>, id: MailId) -> Key {
    Key::new(partition(organization), format!("{MAIL}{id}"))
}

/// The mail that a key is of; none where it is the key of something else.
#[must_use]
pub fn mail_of(key: &Key) -> Option<(OrganizationId, MailId)> {
    let organization = key.pk.strip_prefix("ORG#")?.parse().ok()?;
    let id = key.sk.strip_prefix(MAIL)?.parse().ok()?;
    Some((organization, id))
}
