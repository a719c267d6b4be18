//! Keys of mails, and of how many were sent.

use jiff::Timestamp;
use roster_domain::{EventId, MailId, OrganizationId, Tenancy, access::secret::SecretDigest};

use super::{Key, Range, Stretch, bookings::BEHIND, partition, partition::Partition};

/// How much was mailed on a day. The digest is of what is limited, so that the
/// table does not list who was mailed.
#[must_use]
pub fn mails_of_day(subject: &SecretDigest, day: i64) -> Key {
    Key::new(Partition::Mails.of(subject.as_hex()), day.to_string())
}

/// The hour of an instant, since 1970: reminders stand together by it.
#[must_use]
pub fn hour_of(instant: Timestamp) -> i64 {
    instant.as_second().div_euclid(3_600)
}

/// A reminder of an event, at the time at which it is due.
#[must_use]
pub fn reminder(due: Timestamp, organization: OrganizationId, event: EventId) -> Key {
    let sk = format!("{:012}#{organization}#{event}", due.as_second());
    Key::new(Partition::Reminders.of(hour_of(due)), sk)
}

/// The reminders of an hour that are due by now.
#[must_use]
pub fn reminders_due(hour: i64, now: Timestamp) -> Stretch {
    Stretch {
        from: String::from("0"),
        to: format!("{:012}#{BEHIND}", now.as_second()),
        range: Range {
            pk: Partition::Reminders.of(hour),
            sk_prefix: String::new(),
            index: false,
        },
    }
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
    let organization = Partition::Organization.id_in(&key.pk)?.parse().ok()?;
    let id = key.sk.strip_prefix(MAIL)?.parse().ok()?;
    Some((organization, id))
}
