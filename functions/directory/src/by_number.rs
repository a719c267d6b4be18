//! Where users and organizations are that a request names by number.

use roster_domain::{Error, Result, Tenancy};
use roster_runtime::{Call, request::caller::Caller};
use roster_store::{
    dynamodb::table::Freshness,
    users::{by_number::Located, leave::is_deleted},
};

/// The number that `/api/v1` shows for no organization.
pub const NO_ORGANIZATION: u64 = 0;

/// Where the user with a number is.
///
/// # Errors
/// [`Error::NotFound`] alike for a number that nobody has and for a user of
/// another organization than the caller's.
pub async fn locate(call: &Call<'_>, number: u64) -> Result<Located> {
    let located = call.store.locate(number).await?;
    let reached = match call.caller()? {
        Caller::Operator { .. } => true,
        Caller::Organization { organization, .. } | Caller::User { organization, .. } => {
            located.tenancy == organization.into()
        }
    };
    if reached {
        Ok(located)
    } else {
        Err(Error::NotFound("user"))
    }
}

/// What it means that a user is not where its number says: it was deleted, or
/// moved since the number was looked up. Other errors stay as they are.
pub async fn explain(call: &Call<'_>, number: u64, located: Located, error: Error) -> Error {
    if !matches!(error, Error::NotFound("user")) {
        return error;
    }
    let tenant = call.store.tenant(located.tenancy);
    match tenant.member_or_deleted(located.user).await {
        Ok(member) if member.user.deleted_at.is_some() => is_deleted(number),
        Ok(_) | Err(Error::NotFound(_)) => {
            Error::Busy(format!("user {number} moved while it was looked at"))
        }
        Err(error) => error,
    }
}

/// The organization that a body's `org_id` names.
///
/// # Errors
/// [`unknown_organization`] where none has the number.
pub async fn organization(call: &Call<'_>, number: u64) -> Result<Tenancy> {
    if number == NO_ORGANIZATION {
        return Ok(Tenancy::None);
    }
    let found = call.store.organization_id(number, Freshness::Strong).await;
    found
        .map(Tenancy::from)
        .map_err(|error| unknown_organization(error, number))
}

/// An organization that is not there was named in the body, not in the path.
#[must_use]
pub fn unknown_organization(error: Error, number: u64) -> Error {
    match error {
        Error::NotFound("organization") => Error::at(
            "/org_id",
            format!("no organization has the number {number}"),
        ),
        other => other,
    }
}
