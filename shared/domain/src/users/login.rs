//! What a user logs in with.

use serde::{Deserialize, Serialize};

use crate::{
    access::{
        ceiling::Ceiling,
        password::{Password, PasswordHashed},
    },
    text::{Email, LoginName},
};

/// What a user logs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// Unique across organizations without regard to case.
    pub username: LoginName,
    /// The password's hash.
    pub password: PasswordHashed,
    /// What sessions can do at most: bound where somebody else set the
    /// password.
    #[serde(default, skip_serializing_if = "Ceiling::is_none")]
    pub ceiling: Ceiling,
    /// The address whose reader chose the password, where a link that was mailed
    /// there led to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed_to: Option<Email>,
}

impl Login {
    /// A name and a password, unbound.
    #[must_use]
    pub fn new(username: LoginName, password: PasswordHashed) -> Self {
        Self {
            username,
            password,
            ceiling: Ceiling::NONE,
            mailed_to: None,
        }
    }
}

/// New credentials in a request.
#[derive(Clone, Debug, Default)]
pub struct LoginChange {
    /// Replaces the name.
    pub username: Option<LoginName>,
    /// Replaces the password.
    pub password: Option<Password>,
}
