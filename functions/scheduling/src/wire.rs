//! The JSON of `/v2`, in and out. Nothing else knows its names.

pub mod assignment_json;
pub mod availability_in;
pub mod booking_page_in;
pub mod event_in;
pub mod event_out;
pub mod key_json;
pub mod organization_json;
pub mod team_json;
pub mod user_in;
pub mod user_out;

use jiff::Timestamp;
use roster_domain::OrganizationId;
use roster_runtime::json::Object;

/// The organization that a body names: held to the form of an id, so that
/// anything else is refused with its place rather than as a foreign one.
fn organization(object: &Object<'_>) -> Option<String> {
    let id: Option<OrganizationId> = object.optional("organization");
    id.map(|id| id.to_string())
}

/// An instant as `/v2/users` shows it: UTC, with milliseconds.
#[must_use]
pub fn instant(instant: Timestamp) -> String {
    format!("{instant:.3}")
}
