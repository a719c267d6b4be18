//! Keys of the audit log.

use jiff::Timestamp;
use roster_domain::{AuditId, Tenancy};

use super::{
    Key, Range, Stretch,
    bookings::{BEHIND, sortable},
    partition::Partition,
};

/// An entry of an organization's log, or of the log of what was done in none.
#[must_use]
pub fn audit_entry(organization: impl Into<Tenancy>, at: Timestamp, id: AuditId) -> Key {
    let sk = format!("{}#{id}", sortable(at));
    Key::new(audit_of(organization), sk)
}

/// The entries from an instant to another, both included.
#[must_use]
pub fn audit_entries(
    organization: impl Into<Tenancy>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Stretch {
    let to = to.map_or_else(
        || BEHIND.to_owned(),
        |to| format!("{}#{BEHIND}", sortable(to)),
    );
    Stretch {
        from: from.map_or_else(|| "0".to_owned(), sortable),
        to,
        range: Range {
            pk: audit_of(organization),
            sk_prefix: String::new(),
            index: false,
        },
    }
}

fn audit_of(organization: impl Into<Tenancy>) -> String {
    match organization.into() {
        Tenancy::Organization(id) => Partition::Audit.of(id),
        Tenancy::None => Partition::Audit.of(0),
    }
}
