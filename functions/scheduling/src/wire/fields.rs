//! Where the bodies of `/v2` have the fields that an error is about.

use roster_domain::{Field, Location};

/// Where a field is as a rule; [`UserRequest::told`](super::user_in::UserRequest::told)
/// knows where a user's body had it.
#[must_use]
pub fn location(field: Field) -> Option<Location> {
    let pointer = match field {
        Field::UserId => "/user/_id",
        Field::Email => "/user/email",
        Field::ExternalId => "/user/account/organization/extid",
        Field::Nickname => "/vyteme/nickname",
        Field::LoginName => "/login/credentials/username",
        Field::Password => "/login/credentials/password",
        Field::FinishSignup => "/finish_signup_with",
        Field::TeamExternalId => "/extid",
        Field::TeamName => "/name",
        Field::OrganizationId => "/_id",
        Field::KeyUser | Field::NewMember => "/user",
        Field::BookedMember => "/created_by/user",
        Field::AssignmentMember(user) => {
            return Some(format!("/assignment/members/{user}").into());
        }
        Field::ConfirmedDate => return Some(Location::query("d")),
        Field::ConfirmedPlace => return Some(Location::query("p")),
        Field::Invitee => "/invitee",
        Field::NewDateEnd => "/end_date",
        Field::TimeOffEnd => "/to",
        Field::DateId(index) => return Some(format!("/dates/{index}/_id").into()),
        Field::PlaceId(index) => return Some(format!("/places/{index}/_id").into()),
        Field::Required(index) => return Some(format!("/invitees/{index}/required").into()),
        Field::NewRequired(index) => return Some(format!("/{index}/required").into()),
        Field::Dates => "/dates",
        Field::Hold => "/hold",
        Field::HeldUsers => "/users",
        Field::Organizer => "/created_by/email",
        Field::DateEnd(index) => return Some(format!("/dates/{index}/end_date").into()),
    };
    Some(pointer.into())
}
