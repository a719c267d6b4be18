//! Users as `/api/v1` shows them.

use roster_domain::{organization::Organization, text::Name, user::User};
use roster_store::users::edit::Member;
use serde_json::{Map, Value, json};

use super::time;
use crate::places::NO_ORGANIZATION;

/// What `/api/v1` shows where a number was never set.
pub const NO_NUMBER: &str = "0";

/// A user of an organization, or of none.
#[must_use]
pub fn render(user: &User, organization: Option<&Organization>) -> Map<String, Value> {
    let name = |name: &Option<Name>| name.as_ref().map_or("", Name::as_str).to_owned();
    let text = |text: Option<String>| text.unwrap_or_default();
    let number = |number: Option<String>| number.unwrap_or_else(|| NO_NUMBER.to_owned());
    let details = &user.directory;
    let organization_number = organization.map_or(NO_ORGANIZATION, |found| found.number);
    Map::from_iter(
        [
            ("id", user.number.to_string()),
            ("username", user.username().unwrap_or_default().to_owned()),
            ("first_name", name(&user.profile.first_name)),
            ("last_name", name(&user.profile.last_name)),
            (
                "company",
                name(&organization.map(|found| found.name.clone())),
            ),
            ("status", flag(user.deactivated_at.is_none())),
            (
                "mobile",
                number(details.mobile.as_ref().map(ToString::to_string)),
            ),
            (
                "mobile_provider",
                number(details.mobile_provider.map(|id| id.to_string())),
            ),
            (
                "sp_num",
                number(details.sp_num.map(|limit| limit.to_string())),
            ),
            ("org_id", organization_number.to_string()),
            (
                "extra_email",
                text(details.extra_email.as_ref().map(ToString::to_string)),
            ),
            (
                "suppress_emails",
                text(details.suppress_emails.as_ref().map(ToString::to_string)),
            ),
            ("created_at", time(user.created_at)),
            ("updated_at", time(user.updated_at)),
            ("last_login", text(user.last_login.map(time))),
        ]
        .map(|(field, value)| (field.to_owned(), value.into())),
    )
}

/// A user who was asked for by number: one that was deleted is shown too.
#[must_use]
pub fn render_with_deletion(member: &Member) -> Value {
    let mut out = render(&member.user, member.organization.as_ref());
    let deleted = flag(member.user.deleted_at.is_some());
    out.insert("is_deleted".to_owned(), deleted.into());
    Value::Object(out)
}

/// A new password: shown this once.
#[must_use]
pub fn render_password(user: &User, password: &str) -> Value {
    json!({ "id": user.number.to_string(), "password": password })
}

fn flag(set: bool) -> String {
    u8::from(set).to_string()
}
