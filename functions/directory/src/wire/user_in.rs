//! Bodies that create and change a user.

use roster_domain::{
    Patch, Result,
    text::{Email, LoginName},
    users::directory::DirectoryDetailsChange,
};
use roster_runtime::json::read::{FromJson, Node, Object, read_object};
use serde_json::Value;

use super::{same_number, user_out::NO_NUMBER};
use crate::{
    by_number::NO_ORGANIZATION,
    user_change::{NewUser, UserChange},
};

/// Reads the body that creates a user.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_new(body: &Value) -> Result<NewUser> {
    read_object(body, |object| {
        let username = object.required("username");
        refuse_lost_plus(object, username.as_ref());
        let password = object.required("password");
        let first_name = object.required("first_name");
        let last_name = object.required("last_name");
        let active = given(object, "status", |node| read_status(&node));
        let organization = given(object, "org_id", |node| node.read());
        let details = read_details(object);
        Some(NewUser {
            username: username?,
            password: password?,
            first_name: first_name?,
            last_name: last_name?,
            active: active.unwrap_or(true),
            organization: organization.unwrap_or(NO_ORGANIZATION),
            details,
        })
    })
}

/// Reads the body that changes the user with this number. What an answer shows
/// may be sent back.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_update(body: &Value, number: u64) -> Result<UserChange> {
    read_object(body, |object| {
        same_number(object, &["id", "user_id"], number);
        object.read_only(&["created_at", "updated_at", "last_login"]);
        Some(UserChange {
            username: read_shown(object, "username"),
            password: given(object, "password", |node| node.read()),
            first_name: read_shown(object, "first_name"),
            last_name: read_shown(object, "last_name"),
            company: read_shown(object, "company"),
            active: given(object, "status", |node| read_status(&node)),
            deleted: given(object, "is_deleted", |node| read_status(&node)),
            organization: given(object, "org_id", |node| node.read()),
            details: read_details(object),
        })
    })
}

/// A plus in a form arrives as a blank: with one, an address would become the
/// login name of nobody's.
fn refuse_lost_plus(object: &Object<'_>, username: Option<&LoginName>) {
    let is_lost = username.is_some_and(|name| {
        let with_plus = name.as_str().replace(' ', "+");
        with_plus != name.as_str() && with_plus.parse::<Email>().is_ok()
    });
    if is_lost {
        let detail = "must not be an address with a blank: a plus must be sent as %2B in a form";
        object.violations().unacceptable("/username", detail);
    }
}

fn read_status(node: &Node<'_>) -> Option<bool> {
    node.integer(&(0..=1)).map(|status| status == 1)
}

/// A value that cannot be cleared: left empty, as forms have it, it is not
/// given.
fn given<'a, T>(
    object: &Object<'a>,
    name: &'static str,
    read: impl FnOnce(Node<'a>) -> Option<T>,
) -> Option<T> {
    if object.is_empty(name) {
        None
    } else {
        object.optional_with(name, read)
    }
}

/// A text that answers show empty where there is none: what is sent back empty
/// is no wrong value by itself.
fn read_shown<T: FromJson>(object: &Object<'_>, name: &'static str) -> Patch<T> {
    let read = |node: Node<'_>| {
        if node.value == "" {
            Some(Patch::Clear)
        } else {
            node.read().map(Patch::Set)
        }
    };
    object.optional_with(name, read).unwrap_or_default()
}

fn read_details(object: &Object<'_>) -> DirectoryDetailsChange {
    DirectoryDetailsChange {
        mobile: read_detail(object, "mobile", Some(NO_NUMBER)),
        mobile_provider: read_detail(object, "mobile_provider", Some(NO_NUMBER)),
        sp_num: read_detail(object, "sp_num", Some(NO_NUMBER)),
        extra_email: read_detail(object, "extra_email", None),
        suppress_emails: read_detail(object, "suppress_emails", None),
    }
}

/// A value that null clears, an empty text, and what answers show for `none`.
fn read_detail<T: FromJson>(
    object: &Object<'_>,
    name: &'static str,
    none: Option<&str>,
) -> Patch<T> {
    object
        .node(name)
        .map_or(Patch::Keep, |node| match node.value {
            Value::Null => Patch::Clear,
            Value::String(text) if text.is_empty() || none == Some(text) => Patch::Clear,
            Value::Number(number) if none == Some(&*number.to_string()) => Patch::Clear,
            _ => node.read().map_or(Patch::Keep, Patch::Set),
        })
}
