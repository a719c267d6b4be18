//! Roster's one table: every key, every access pattern, every transaction.
//!
//! A [`Tenant`] is built from the caller's organization and is the only way to
//! an organization's items; it cannot form another partition's key.

pub mod access;
pub mod audit;
pub mod bookings;
pub mod calendars;
pub mod changes;
pub mod dynamodb;
#[cfg(test)]
mod golden;
pub mod hooks;
pub mod idempotency;
pub mod keys;
pub mod mail;
pub mod organizations;
pub mod pages;
pub mod raw;
pub mod teams;
pub mod time_off;
pub mod users;

use jiff::Timestamp;
use roster_domain::{Error, OrganizationId, Result, Tenancy};

use access::standing::Authority;
pub use dynamodb::table::{Table, page::Page};

/// The table as one request sees it.
#[derive(Debug)]
pub struct Store<'a> {
    pub(crate) table: &'a Table,
    /// When the request came in: the one clock of everything that it writes.
    pub now: Timestamp,
    pub(crate) authority: Authority,
    pub(crate) auditing: Option<audit::Auditing>,
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
            auditing: None,
        }
    }

    /// The items of one organization, or of the users who are in none.
    pub fn tenant(&self, tenancy: impl Into<Tenancy>) -> Tenant<'_> {
        Tenant {
            store: self,
            tenancy: tenancy.into(),
        }
    }
}

/// The items of one organization, or of the users who are in none.
#[derive(Debug, Clone, Copy)]
pub struct Tenant<'a> {
    pub(crate) store: &'a Store<'a>,
    tenancy: Tenancy,
}

impl Tenant<'_> {
    /// Whose items they are.
    #[must_use]
    pub fn tenancy(&self) -> Tenancy {
        self.tenancy
    }

    /// When the request came in.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.store.now
    }

    /// The organization.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none.
    pub fn organization_id(&self) -> Result<OrganizationId> {
        let organization = self.tenancy.organization();
        organization.ok_or(Error::NotFound("organization"))
    }
}
