//! Organizations of `/api/v1`.

use roster_domain::{Result, organization::Organization, text::Name};
use roster_runtime::{
    answer, body,
    json::read::read_object,
    wire::{
        self,
        members::{Optional, Required},
    },
};
use serde_json::Value;

use super::{Digits, Time, same_number};

body! {
    /// A new organization.
    pub struct NewOrganizationBody as "NewDirectoryOrganization" {
        "name" => name: Required<Name>,
    }

    /// A change of an organization.
    pub struct OrganizationBody as "DirectoryOrganizationBody" {
        "name" => name: Required<Name>,
        also "id": Optional<u64> = "The organization's number. It cannot be changed.",
        also "org_id": Optional<u64> = "The organization's number. It cannot be changed.",
        ignored ["created_at", "updated_at"],
    }
}

/// The name of a new organization.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_new(body: &Value) -> Result<Name> {
    read_object(body, |object| NewOrganizationBody::members(object).name)
}

/// The name that the organization with this number is to have. What an answer
/// shows may be sent back.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_update(body: &Value, number: u64) -> Result<Name> {
    read_object(body, |object| {
        same_number(object, &["id", "org_id"], number);
        OrganizationBody::members(object).name
    })
}

answer! {
    /// An organization.
    pub struct OrganizationAnswer<'a> as "DirectoryOrganization" {
        "id" => id: Digits,
        "name" => name: &'a Name,
        "created_at" => created_at: Time,
        "updated_at" => updated_at: Time,
    }
}

/// An organization.
#[must_use]
pub fn render(organization: &Organization) -> Value {
    wire::value(OrganizationAnswer {
        id: Digits(organization.number),
        name: &organization.name,
        created_at: Time(organization.created_at),
        updated_at: Time(organization.updated_at),
    })
}
