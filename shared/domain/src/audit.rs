//! The audit log: who did what to what, from where, and when (`/v2/audit`).

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AuditId, KeyId, UserId};

/// Most names of fields that an entry keeps.
pub const MAX_FIELDS: usize = 30;

/// What kind of caller did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// The operator.
    Operator,
    /// The organization, with a key of its own.
    Organization,
    /// A user, with a key that acts as them.
    User,
    /// A user who logged in.
    Session,
    /// A guest, with the link to an event.
    Guest,
    /// Somebody who signs up, with the link of an invitation.
    SignUp,
    /// Somebody who logs in.
    Login,
}

impl ActorKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Operator,
        Self::Organization,
        Self::User,
        Self::Session,
        Self::Guest,
        Self::SignUp,
        Self::Login,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Organization => "organization",
            Self::User => "user",
            Self::Session => "session",
            Self::Guest => "guest",
            Self::SignUp => "sign_up",
            Self::Login => "login",
        }
    }
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditActor {
    /// What kind of caller.
    pub kind: ActorKind,
    /// The key, or the session; none where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyId>,
    /// The user that it acted as; none where it acted as none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuditOutcome {
    /// It was done.
    Done,
    /// It was refused: the caller may not do it, or the password was wrong.
    Refused,
}

impl AuditOutcome {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Done, Self::Refused];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// What something was done to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditResource {
    /// Its kind: `user`, `team`, `event` and the like.
    pub kind: String,
    /// Its id.
    #[serde(rename = "_id")]
    pub id: String,
}

/// One entry. It names fields, and never says what is in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// The operation: its `operationId` in the `OpenAPI` document.
    pub operation: String,
    /// Who.
    pub actor: AuditActor,
    /// From which address; none where nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// To what; none where that has no id, or nobody could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<AuditResource>,
    /// The fields that the request set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// What came of it.
    pub outcome: AuditOutcome,
    /// The request's id, which its answer and the log have, too.
    pub request: String,
    /// Seconds since 1970; the table's time to live.
    pub expires_at: i64,
}
