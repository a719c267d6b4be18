//! Where the bodies of `/api/v1` have the fields that an error is about.

use roster_domain::{Field, Location};

/// Where a field is: an address is given as the login name.
#[must_use]
pub fn location(field: Field) -> Option<Location> {
    let pointer = match field {
        Field::ExternalId => "/extid",
        Field::Nickname => "/nickname",
        Field::Email | Field::LoginName => "/username",
        Field::Password => "/password",
        _ => return None,
    };
    Some(pointer.into())
}
