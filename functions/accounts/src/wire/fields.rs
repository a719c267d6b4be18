//! Where the bodies of `/api/v2` have the fields that an error is about.

use roster_domain::{Field, Location};

/// Where a field is; nothing where the surface does not have it.
#[must_use]
pub fn location(field: Field) -> Option<Location> {
    let pointer = match field {
        Field::Email => "/email",
        Field::ExternalId => "/extid",
        Field::Nickname => "/nickname",
        Field::LoginName => "/username",
        Field::Password => "/password",
        _ => return None,
    };
    Some(pointer.into())
}
