//! Roster's one table: every key, every access pattern, every transaction.
//!
//! A [`Tenant`] is built from the caller's organization and is the only way to
//! an organization's items; it cannot form another partition's key.

pub mod access;
pub mod bookings;
pub mod dynamodb;
#[cfg(test)]
mod golden;
pub mod idempotency;
pub mod keys;
pub mod mail;
pub mod organizations;
pub mod raw;
pub mod teams;
pub mod users;

use jiff::Timestamp;
use roster_domain::OrganizationId;

use access::standing::Authority;
pub use dynamodb::table::{Table, page::Page};

/// The table as one request sees it.
#[derive(Debug)]
pub struct Store<'a> {
    pub(crate) table: &'a Table,
    /// When the request came in: the one clock of everything that it writes.
    pub now: Timestamp,
    pub(crate) authority: Authority,
}

impl<'a> Store<'a> {
    /// For one request. Times are kept to the millisecond, which is what the
    /// wire formats show.
    #[must_use]
    pub fn new(table: &'a Table, now: Timestamp) -> Self {
        let now = now.round(jiff::Unit::Millisecond).unwrap_or(now);
        Self {
            table,
            now,
            authority: Authority::default(),
        }
    }

    /// The items of one organization.
    #[must_use]
    pub fn tenant(&self, organization: OrganizationId) -> Tenant<'_> {
        Tenant {
            store: self,
            organization,
        }
    }
}

/// The items of one organization.
#[derive(Debug, Clone, Copy)]
pub struct Tenant<'a> {
    pub(crate) store: &'a Store<'a>,
    organization: OrganizationId,
}

impl Tenant<'_> {
    /// The organization.
    #[must_use]
    pub fn organization_id(&self) -> OrganizationId {
        self.organization
    }
}
