//! The JSON of `/v2`, in and out. Nothing else knows its names.

pub mod assignment_json;
pub mod decision_out;
pub mod event_in;
pub mod event_out;
pub mod fields;
pub mod key_json;
pub mod organization_json;
pub mod team_json;
pub mod user_in;
pub mod user_out;

use jiff::Timestamp;
use roster_domain::OrganizationId;
use roster_runtime::json::read::Object;
use serde::{Serialize, Serializer};

/// The organization that a body names: held to the form of an id, so that
/// anything else is refused with its place rather than as a foreign one.
fn organization(object: &Object<'_>) -> Option<String> {
    let id: Option<OrganizationId> = object.optional("organization");
    id.map(|id| id.to_string())
}

/// An instant as `/v2` shows it: UTC, with milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Instant(pub Timestamp);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

#[cfg(feature = "schema")]
impl roster_runtime::schema::Described for Instant {
    fn part() -> roster_runtime::schema::Part {
        roster_runtime::schema::named("Instant")
    }
}
