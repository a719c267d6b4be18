//! Users as `/api/v1` shows them.

use roster_domain::{organization::Organization, text::Name, users::user::User};
use roster_runtime::{answer, choice, wire};
use roster_store::users::edit::Member;
use serde_json::Value;

use super::{Digits, Time, TimeOrNone};
use crate::by_number::NO_ORGANIZATION;

/// What `/api/v1` shows where a number was never set.
pub const NO_NUMBER: &str = "0";

choice! {
    /// Whether something holds.
    struct Flag of ["0", "1"];
}

answer! {
    /// A user of an organization, or of none.
    pub struct UserAnswer<'a> as "DirectoryUser" {
        "id" => id: Digits,
        /// The login name, or else the email address. Empty if there is neither.
        "username" => username: &'a str,
        "first_name" => first_name: &'a str,
        "last_name" => last_name: &'a str,
        /// The name of the organization.
        "company" => company: &'a str,
        "status" => status: Flag,
        /// 0 for none.
        "mobile" => mobile: String,
        /// 0 for none.
        "mobile_provider" => mobile_provider: Digits,
        /// 0 for none.
        "sp_num" => sp_num: Digits,
        /// 0 for none.
        "org_id" => organization: Digits,
        "extra_email" => extra_email: String,
        "suppress_emails" => suppress_emails: String,
        "created_at" => created_at: Time,
        "updated_at" => updated_at: Time,
        "last_login" => last_login: TimeOrNone,
    }

    /// A user who was asked for by number: one that was deleted is shown too.
    pub struct UserWithDeletionAnswer<'a> as "DirectoryUserWithDeletion" {
        "is_deleted" => is_deleted: Flag,
        ..user: UserAnswer<'a>,
    }

    /// A new password: shown this once.
    pub struct PasswordAnswer<'a> as "DirectoryPassword" {
        "id" => id: Digits,
        "password" => password: &'a str,
    }
}

impl<'a> UserAnswer<'a> {
    fn of(user: &'a User, organization: Option<&'a Organization>) -> Self {
        let name = |name: Option<&'a Name>| name.map_or("", Name::as_str);
        let details = &user.directory;
        let mobile = details.mobile.as_ref().map(ToString::to_string);
        let text = |text: Option<String>| text.unwrap_or_default();
        Self {
            id: Digits(user.number),
            username: user.username().unwrap_or_default(),
            first_name: name(user.profile.first_name.as_ref()),
            last_name: name(user.profile.last_name.as_ref()),
            company: name(organization.map(|found| &found.name)),
            status: flag(user.deactivated_at.is_none()),
            mobile: mobile.unwrap_or_else(|| NO_NUMBER.to_owned()),
            mobile_provider: Digits(details.mobile_provider.unwrap_or_default().into()),
            sp_num: Digits(details.sp_num.unwrap_or_default().into()),
            organization: Digits(organization.map_or(NO_ORGANIZATION, |found| found.number)),
            extra_email: text(details.extra_email.as_ref().map(ToString::to_string)),
            suppress_emails: text(details.suppress_emails.as_ref().map(ToString::to_string)),
            created_at: Time(user.created_at),
            updated_at: Time(user.updated_at),
            last_login: TimeOrNone(user.last_login.map(Time)),
        }
    }
}

/// A user of an organization, or of none.
#[must_use]
pub fn render(user: &User, organization: Option<&Organization>) -> Value {
    wire::value(UserAnswer::of(user, organization))
}

/// A user who was asked for by number: one that was deleted is shown too.
#[must_use]
pub fn render_with_deletion(member: &Member) -> Value {
    wire::value(UserWithDeletionAnswer {
        is_deleted: flag(member.user.deleted_at.is_some()),
        user: UserAnswer::of(&member.user, member.organization.as_ref()),
    })
}

/// A new password: shown this once.
#[must_use]
pub fn render_password(user: &User, password: &str) -> Value {
    wire::value(PasswordAnswer {
        id: Digits(user.number),
        password,
    })
}

fn flag(set: bool) -> Flag {
    Flag(if set { "1" } else { "0" })
}
