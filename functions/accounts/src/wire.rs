//! The JSON of S3, in and out. Nothing else knows its names.

use roster_domain::{
    Patch, Permission, Permissions, Result,
    language::{AccountsLanguage, Language},
    text::Email,
    user::{ProfileChange, User},
};
use roster_runtime::json::read_object;
use secrecy::SecretString;
use serde_json::{Map, Value, json};

/// Zone of a user for whom none was set.
const DEFAULT_ZONE: &str = "UTC";

/// A user as S3 shows it: six fields, always all of them.
#[must_use]
pub fn render_user(user: &User) -> Value {
    let profile = &user.profile;
    let name = |name: &Option<roster_domain::text::Name>| {
        name.as_ref().map_or("", |name| name.as_str()).to_owned()
    };
    json!({
        "_id": user.number,
        "firstName": name(&profile.first_name),
        "lastName": name(&profile.last_name),
        "email": profile.email.as_ref().map_or("", Email::as_str),
        "locale": profile.language.unwrap_or(Language::DEFAULT).code(),
        "timezone": profile.timezone.as_ref().map_or(DEFAULT_ZONE, |zone| zone.as_str()),
    })
}

/// The five permissions.
#[must_use]
pub fn render_permissions(permissions: &Permissions) -> Value {
    let granted = |permission: Permission| {
        let name = permission.name().to_owned();
        (name, permissions.has(permission).into())
    };
    Value::Object(Map::from_iter(Permission::ALL.map(granted)))
}

/// An operation that has nothing to show.
#[must_use]
pub fn render_success(message: &str) -> Value {
    json!({ "error": false, "message": message, "statusCode": 200 })
}

/// Whom to invite.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_invitation(body: &Value) -> Result<Email> {
    read_object(body, |object| object.required("email"))
}

/// What is to become of the user with this number.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_user(body: &Value, number: u64) -> Result<ProfileChange> {
    read_object(body, |object| {
        let _: Option<()> = object.optional_with("_id", |node| {
            let named: u64 = node.read()?;
            if named != number {
                node.unacceptable("must be the number in the path");
            }
            Some(())
        });
        let locale: Patch<AccountsLanguage> = object.patch("locale");
        // S3 knows a user by the address: it can be another, and not none.
        let email = object.optional("email").map_or(Patch::Keep, Patch::Set);
        Some(ProfileChange {
            email,
            first_name: object.patch("firstName"),
            last_name: object.patch("lastName"),
            language: locale.map(|AccountsLanguage(language)| language),
            timezone: object.patch("timezone"),
            ..ProfileChange::default()
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

/// A body of an operation that has no fields.
///
/// # Errors
/// Where it has one all the same.
pub fn read_nothing(body: &Value) -> Result<()> {
    read_object(body, |_| Some(()))
}

/// Name and password of a login, as they were typed.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_login(body: &Value) -> Result<(String, SecretString)> {
    read_object(body, |object| {
        let name = object.required("email");
        let password: Option<String> = object.required("password");
        Some((name?, SecretString::from(password?)))
    })
}
