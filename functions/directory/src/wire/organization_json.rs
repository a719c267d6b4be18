//! Organizations of `/api/v1`.

use roster_domain::{Result, organization::Organization, text::Name};
use roster_runtime::json::read_object;
use serde_json::{Value, json};

use super::{same_number, time};

/// The name of a new organization.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_new(body: &Value) -> Result<Name> {
    read_object(body, |object| object.required("name"))
}

/// The name that the organization with this number is to have. What an answer
/// shows may be sent back.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_update(body: &Value, number: u64) -> Result<Name> {
    read_object(body, |object| {
        same_number(object, &["id", "org_id"], number);
        object.read_only(&["created_at", "updated_at"]);
        object.required("name")
    })
}

/// An organization.
#[must_use]
pub fn render(organization: &Organization) -> Value {
    json!({
        "id": organization.number.to_string(),
        "name": organization.name.as_str(),
        "created_at": time(organization.created_at),
        "updated_at": time(organization.updated_at),
    })
}
