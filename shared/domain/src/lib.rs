//! The rules of Roster: types that cannot hold a wrong value, and the errors
//! that say why a value was refused. Knows neither HTTP nor AWS.
//!
//! Where a doc names `/v2/users`, `/v2/teams`, `/api/v2` or `/api/v1`, it means the
//! document that defines that wire format; docs/contract.md lists them.

pub mod access;
pub mod audit;
pub mod bookings;
pub mod calendars;
pub mod changes;
pub mod error;
pub mod hooks;
pub mod id;
pub mod mail;
pub mod organization;
pub mod patch;
pub mod team;
pub mod text;
pub mod users;
pub mod whose;
pub mod zone;

pub use access::actor::Actor;
pub use access::permission::{Permission, Permissions};
pub use error::{Conflict, Error, Field, Location, Result, Violation};
pub use id::{
    AuditId, CalendarId, DeliveryId, EventId, HookId, KeyId, MailId, OrganizationId, TeamId,
    Tenancy, TimeOffId, UserId,
};
pub use patch::Patch;
