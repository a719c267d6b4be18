//! The rules of Roster: types that cannot hold a wrong value, and the errors
//! that say why a value was refused. Knows neither HTTP nor AWS.
//!
//! Where a doc names `/v2/users`, `/v2/teams`, `/api/v2` or `/api/v1`, it means the
//! document that defines that wire format; docs/contract.md lists them.

pub mod actor;
pub mod agenda;
pub mod assignment;
pub mod assignment_change;
pub mod availability;
pub mod booking_page;
pub mod calendar;
pub mod ceiling;
pub mod directory;
pub mod error;
pub mod event;
pub mod full_name;
pub mod id;
pub mod key;
pub mod language;
pub mod mail;
pub mod organization;
pub mod password;
pub mod patch;
pub mod permission;
pub mod secret;
pub mod team;
pub mod text;
pub mod user;
pub mod zone;

pub use actor::Actor;
pub use error::{Conflict, Error, Place, Result, Violation};
pub use id::{EventId, KeyId, MailId, OrganizationId, TeamId, UserId};
pub use patch::Patch;
pub use permission::{Permission, Permissions};
