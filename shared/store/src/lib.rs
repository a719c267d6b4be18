//! Roster's one table: every key, every access pattern, every transaction.
//!
//! A [`Tenant`] is built from the caller's organization and is the only way to
//! an organization's items; it cannot form another partition's key.

pub(crate) mod agenda_items;
pub mod api_keys;
pub(crate) mod attempts;
pub(crate) mod attribute_updates;
pub mod backoff;
pub mod booking;
pub(crate) mod booking_event;
pub(crate) mod booking_scene;
pub mod condition;
pub(crate) mod event_items;
pub mod event_migration;
pub(crate) mod event_readers;
pub mod events;
pub mod failure;
pub mod idempotency;
pub mod invitations;
pub(crate) mod item_size;
pub mod keys;
pub mod ledger_items;
pub mod mail_limits;
pub mod meter;
pub mod numbers;
pub mod organization_edit;
pub mod organizations;
pub mod outbox;
pub mod page;
pub mod public_teams;
pub mod reassign;
pub(crate) mod refusal;
pub mod schema;
pub mod schema_version;
pub mod seal;
pub mod sessions;
pub mod sign_in;
pub mod sign_in_limits;
pub mod sign_up;
pub mod standing;
pub mod table;
pub mod team_edit;
pub mod team_items;
pub mod team_plan;
pub mod team_references;
pub mod teams;
pub mod transaction;
pub mod transfer;
pub(crate) mod user_commit;
pub mod user_edit;
pub mod user_guards;
pub mod user_leave;
pub mod user_links;
pub mod user_lookup;
pub mod user_numbers;
pub mod user_write;
pub mod users;

use jiff::Timestamp;
use roster_domain::OrganizationId;

pub use page::Page;
use standing::Authority;
pub use table::Table;

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
