//! Users, organizations and keys that the document shows: values as the table keeps
//! them, which the code that answers renders. What it cannot read shows as an example
//! that is null, which the test of the examples refuses.

pub(crate) mod samples;

use roster_domain::{
    access::key::{ApiKey, PresentedKey},
    organization::Organization,
    users::user::User,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::examples::samples::with;

/// A session's token.
pub(crate) const TOKEN: &str =
    "rstr_ses_5f2d28fb1e0662e70071d46b_exampleExampleExampleExample00435UHD";
/// A key of a user.
const KEY: &str = "rstr_usr_5f2d28fb1e0662e70071d46b_exampleExampleExampleExample002GeygP";

fn rendered<T: DeserializeOwned>(stored: Value, render: impl FnOnce(&T) -> Value) -> Value {
    let value = serde_json::from_value(stored);
    value.map_or(Value::Null, |value| render(&value))
}

/// A user who has what `more` says (RFC 7396), rendered.
pub(crate) fn user(more: &Value, render: impl FnOnce(&User) -> Value) -> Value {
    let user = json!({
        "_id": "5f11747afb208c814fd24bb7",
        "number": 123,
        "profile": { "email": "john@example.com", "first_name": "John", "last_name": "Doe" },
        "signedup_with": "api",
        "created_at": "2014-08-21T14:13:56Z",
        "updated_at": "2014-08-21T14:20:16Z",
        "__v": 0,
    });
    rendered(with(user, more), render)
}

/// An organization that has what `more` says (RFC 7396), rendered.
pub(crate) fn organization(more: &Value, render: impl FnOnce(&Organization) -> Value) -> Value {
    let organization = json!({
        "_id": "5f198da1c1ac5d1a30fc00f3",
        "number": 1,
        "name": "ACME",
        "lang": "en",
        "plan": "pro",
        "private": false,
        "created_at": "2020-07-23T13:16:17.125Z",
        "updated_at": "2020-07-23T13:16:17.125Z",
        "__v": 0,
    });
    rendered(with(organization, more), render)
}

/// A key of a user that has what `more` says (RFC 7396), rendered.
pub(crate) fn key(more: &Value, render: impl FnOnce(&ApiKey) -> Value) -> Value {
    let Ok(presented) = KEY.parse::<PresentedKey>() else {
        return Value::Null;
    };
    let key = json!({
        "_id": presented.id,
        "name": "Laptop",
        "role": "usr",
        "organization": "5f198da1c1ac5d1a30fc00f3",
        "user": "5f11747afb208c814fd24bb7",
        "digest": presented.digest(),
        "created_at": "2020-08-07T10:12:11.260Z",
        "created_by": { "key": "5f2d28fb1e0662e70071d46c" },
        "last_used": "2020-08-07",
        "__v": 0,
    });
    rendered(with(key, more), render)
}

/// A key with its secret, rendered.
pub(crate) fn key_with_secret(render: impl FnOnce(&ApiKey, &PresentedKey) -> Value) -> Value {
    let Ok(presented) = KEY.parse() else {
        return Value::Null;
    };
    key(&json!({ "last_used": null }), |key| render(key, &presented))
}
