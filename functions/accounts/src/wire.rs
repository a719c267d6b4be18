//! The JSON of `/api/v2`, in and out. Nothing else knows its names.

pub mod fields;

use roster_domain::{
    Error, Patch, Permission, Permissions, Result,
    error::{Location, Violation},
    text::{Email, Name},
    users::language::{AccountsLanguage, Language, ShownLanguage},
    users::profile::{Profile, ProfileChange},
    users::user::User,
    zone::ZoneName,
};
use roster_runtime::{
    answer, body,
    json::read::read_object,
    wire::{
        self, Always, Exactly,
        members::{Emptied, EmptiedLanguageOf, Optional, OrEmpty, Required},
    },
};
use secrecy::SecretString;
use serde_json::Value;

/// What `/api/v2` shows of a profile for what is not set.
fn shown() -> Profile {
    Profile {
        language: Some(Language::DEFAULT),
        timezone: Some(ZoneName::utc()),
        ..Profile::default()
    }
}

answer! {
    /// A user as `/api/v2` shows it: six fields, always all of them.
    pub struct UserAnswer<'a> as "AccountsUser" {
        /// The user's number.
        "_id" => number: u64,
        /// Empty if unknown.
        "firstName" => first_name: &'a str,
        /// Empty if unknown.
        "lastName" => last_name: &'a str,
        /// Empty if there is none.
        "email" => email: &'a str,
        "locale" => locale: Language,
        "timezone" => timezone: ZoneName,
    }

    /// The five permissions.
    pub struct PermissionsAnswer as "Permissions" {
        "accountManagement" => account_management: bool,
        "userManagement" => user_management: bool,
        "addBeacons" => add_beacons: bool,
        "toggleBeacons" => toggle_beacons: bool,
        "viewMetrics" => view_metrics: bool,
    }

    /// An operation that has nothing to show.
    pub struct SuccessAnswer<'a> as "Success",
        "The result of an operation of `/api/v2` that returns no data."
    {
        "error" => error: Always<false>,
        "message" => message: &'a str,
        "statusCode" => status: Exactly<200>,
    }

    /// A session that begins.
    pub struct SessionAnswer<'a> as "Session" {
        /// The value for `Authorization`.
        "token" => token: &'a str,
    }
}

/// A user as `/api/v2` shows it.
#[must_use]
pub fn render_user(user: &User) -> Value {
    let profile = &user.profile;
    wire::value(UserAnswer {
        number: user.number,
        first_name: profile.first_name.as_ref().map_or("", Name::as_str),
        last_name: profile.last_name.as_ref().map_or("", Name::as_str),
        email: profile.email.as_ref().map_or("", Email::as_str),
        locale: profile.language.unwrap_or(Language::DEFAULT),
        timezone: profile.timezone.clone().unwrap_or_else(ZoneName::utc),
    })
}

/// The five permissions.
#[must_use]
pub fn render_permissions(permissions: &Permissions) -> Value {
    wire::value(PermissionsAnswer {
        account_management: permissions.has(Permission::AccountManagement),
        user_management: permissions.has(Permission::UserManagement),
        add_beacons: permissions.has(Permission::AddBeacons),
        toggle_beacons: permissions.has(Permission::ToggleBeacons),
        view_metrics: permissions.has(Permission::ViewMetrics),
    })
}

/// A session that begins.
#[must_use]
pub fn render_session(token: &str) -> Value {
    wire::value(SessionAnswer { token })
}

/// An operation that has nothing to show.
#[must_use]
pub fn render_success(message: &str) -> Value {
    wire::value(SuccessAnswer {
        error: Always,
        message,
        status: Exactly,
    })
}

body! {
    /// A change of a user.
    pub struct UserBody as "AccountsUserBody" {
        /// The user's number. It cannot be changed.
        "_id" => number: Optional<u64>,
        "firstName" => first_name: Emptied<Name>,
        "lastName" => last_name: Emptied<Name>,
        /// The address can be changed but not removed. Empty only if the user has none.
        "email" => email: OrEmpty<Email>,
        /// A language that `/api/v2` does not accept is allowed if the user already has it.
        "locale" => language: EmptiedLanguageOf<AccountsLanguage>,
        "timezone" => timezone: Emptied<ZoneName>,
    }

    /// Whom to invite.
    pub struct InvitationBody as "InvitationBody" {
        "email" => email: Required<Email>,
    }

    /// A login.
    pub struct LoginBody as "LoginRequestBody" {
        /// The login name, often an email address.
        "email" => name: Required<String>,
        "password" => password: Required<String>,
    }
}

/// Whom to invite.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_invitation(body: &Value) -> Result<Email> {
    read_object(body, |object| InvitationBody::members(object).email)
}

/// What is to become of a user.
#[derive(Clone, Debug)]
pub struct UserChange {
    profile: ProfileChange,
    /// A language of another surface, as answers show it.
    shown_language: Option<ShownLanguage>,
}

impl UserChange {
    /// Makes the change.
    ///
    /// # Errors
    /// Everything that this user does not allow.
    pub fn apply(&self, user: &mut User) -> Result<()> {
        let mut violations = Vec::new();
        if let Some(shown) = &self.shown_language {
            violations.extend(shown.check(user.profile.language).err());
        }
        let mut change = self.profile.clone();
        // `/api/v2` knows a user by the address: it can be another, and not none.
        if change.email == Patch::Clear {
            if user.profile.email.is_some() {
                let location = Location::body("/email");
                violations.push(Violation::unacceptable(location, "must not be empty"));
            }
            change.email = Patch::Keep;
        }
        if !violations.is_empty() {
            return Err(Error::Invalid(violations));
        }
        change.apply_over(&shown(), &mut user.profile);
        Ok(())
    }
}

/// What is to become of the user with this number. What an answer shows may be
/// sent back.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_user(body: &Value, number: u64) -> Result<UserChange> {
    read_object(body, |object| {
        let user = UserBody::members(object);
        if user.number.is_some_and(|named| named != number) {
            let detail = "must be the number in the path";
            object.violations().unacceptable("/_id", detail);
        }
        Some(UserChange {
            profile: ProfileChange {
                email: user.email,
                first_name: user.first_name,
                last_name: user.last_name,
                language: user.language.own,
                timezone: user.timezone,
                ..ProfileChange::default()
            },
            shown_language: user.language.shown,
        })
    })
}

/// Which permissions are granted (true) and withdrawn (false).
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_permissions(body: &Value) -> Result<Vec<(Permission, bool)>> {
    read_object(body, |object| {
        let named = |permission: Permission| {
            let granted = object.optional(permission.name())?;
            Some((permission, granted))
        };
        Some(Permission::ALL.into_iter().filter_map(named).collect())
    })
}

/// Name and password of a login, as they were typed.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_login(body: &Value) -> Result<(String, SecretString)> {
    read_object(body, |object| {
        let login = LoginBody::members(object);
        Some((login.name?, SecretString::from(login.password?)))
    })
}
