//! API keys in `/v2/keys`.

use jiff::{SignedDuration, Timestamp, civil::Date};
use roster_domain::{
    Error, KeyId, OrganizationId, Permission, UserId,
    access::key::{ApiKey, MAX_GRACE_PERIOD_SECONDS, PresentedKey, Role},
    text::Name,
};
use roster_runtime::{
    answer, body, choice,
    json::read::{FromJson, Node, Violations, Wrong},
    wire::{
        self,
        members::{Nullable, Optional, OrDefault, Readable, Required, Whole},
    },
};
use serde_json::Value;

use super::Instant;

/// What a new key is to be.
#[derive(Debug)]
pub struct NewKey {
    /// What its owner calls it.
    pub name: Name,
    /// What it may act for.
    pub role: Role,
    /// The user it is to act as.
    pub user: Option<UserId>,
    /// The organization it is for, where the body names one.
    pub organization: Option<OrganizationId>,
    /// When it stops working.
    pub expires: Option<Timestamp>,
}

body! {
    /// The body that creates a key.
    pub struct NewKeyBody as "NewKeyBody" {
        /// Your name for the key.
        "name" => name: Required<Name>,
        /// The user that it acts as.
        "user" => user: Optional<UserId>,
        /// Default: `usr` if `user` is given, otherwise `org`. Only the operator can
        /// create `adm`.
        "role" => role: Optional<NewRole>,
        /// The organization, if the query does not name it.
        "organization" => organization: Optional<OrganizationId>,
        /// When the key expires. Must be in the future.
        "expires" => expires: Nullable<Timestamp>,
    }

    /// The body of a rotation.
    pub struct RotationBody as "RotationBody" {
        /// How long the old secret keeps working. Default: 0.
        "grace_period_seconds" => seconds: OrDefault<Nullable<Whole<0, MAX_GRACE_PERIOD_SECONDS>>>,
    }
}

/// What a key that is made here can act for. A login begins a session.
#[derive(Clone, Copy, Debug)]
struct NewRole(Role);

impl FromJson for NewRole {
    fn from_json(value: &Value) -> Result<Self, Wrong> {
        match Role::from_json(value)? {
            Role::Session => Err(Wrong::Value(
                "must be adm, org or usr; POST /api/v2/login begins a session".to_owned(),
            )),
            role => Ok(Self(role)),
        }
    }
}

#[cfg(feature = "schema")]
impl roster_runtime::schema::Taken for NewRole {
    fn taken() -> roster_runtime::schema::Part {
        roster_runtime::schema::one_of(&["adm", "org", "usr"])
    }
}

/// Reads the body that creates a key.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(body: &Value, now: Timestamp) -> roster_domain::Result<NewKey> {
    let violations = Violations::default();
    let read = read_body(&Node::body(body, &violations), now);
    violations
        .check(read)?
        .ok_or_else(|| Error::internal("a body was read as nothing"))
}

fn read_body(node: &Node<'_>, now: Timestamp) -> Option<NewKey> {
    let object = node.object()?;
    let body = NewKeyBody::members(&object);
    let role = body.role.map_or(
        if object.has("user") {
            Role::User
        } else {
            Role::Organization
        },
        |NewRole(role)| role,
    );
    if (role == Role::User) != object.has("user") {
        let detail = match role {
            Role::User => "is required for a user's key: the user's _id",
            _ => "must be absent unless role is usr",
        };
        object.violations().unacceptable("/user", detail);
    }
    let expires = body.expires;
    if expires.is_some_and(|expires| expires <= now) {
        object
            .violations()
            .unacceptable("/expires", "must be in the future");
    }
    if role == Role::Operator && object.has("organization") {
        let detail = "must be absent for an operator's key";
        object.violations().unacceptable("/organization", detail);
    }
    object.end();
    Some(NewKey {
        name: body.name?,
        role,
        user: body.user,
        organization: body.organization,
        expires,
    })
}

/// Reads the body of a rotation, which may be missing.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_grace_period(body: &Value) -> roster_domain::Result<SignedDuration> {
    let violations = Violations::default();
    let rotation = RotationBody::read(Node::body(body, &violations));
    let seconds = rotation.map_or(0, |rotation| rotation.seconds);
    violations.check(SignedDuration::from_secs(i64::from(seconds)))
}

choice! {
    /// What a key acts for.
    pub struct KeyRole of ["adm", "org", "usr", "ses"];
    /// A permission, by its name.
    pub struct PermissionName of Permission::ALL.map(Permission::name);
}

answer! {
    /// A key, without its secret.
    pub struct KeyAnswer<'a> as "Key" {
        "_id" => id: KeyId,
        "name" => name: &'a Name,
        /// What the key acts for.
        "role" => role: KeyRole,
        /// Null for an operator's key.
        "organization" => organization: Option<OrganizationId>,
        /// The user that it acts as, if any.
        "user" => user: Option<UserId>,
        "createdAt" => created_at: Instant,
        /// Who created the key. Null for a key that came with the deployment, and for
        /// old keys.
        "created_by" => created_by: Option<MakerAnswer>,
        "expires" => expires: Option<Instant>,
        "rotated_at" => rotated_at: Option<Instant>,
        "revoked_at" => revoked_at: Option<Instant>,
        /// The day of its last use, in UTC.
        "last_used" => last_used: Option<Date>,
        /// When the previous secret stops working.
        "previous_secret_until" => previous_secret_until: Option<Instant>,
        /// The most that the key can do, if somebody else created or rotated it for the
        /// user. Absent if it can do what its user can do.
        "ceiling" [optional] => ceiling: Vec<PermissionName>,
    }

    /// Who made a key.
    pub struct MakerAnswer as "KeyMaker" {
        /// The key or session that made the request.
        "key" => key: KeyId,
        /// The user that it acted as, if any.
        "user" => user: Option<UserId>,
    }

    /// A key with its secret, which is shown this once.
    pub struct KeyWithSecretAnswer<'a> as "KeyWithSecret" {
        /// The value for `Authorization`.
        "key" => secret: String,
        ..key: KeyAnswer<'a>,
    }
}

impl<'a> KeyAnswer<'a> {
    /// Of a key.
    #[must_use]
    pub fn of(key: &'a ApiKey) -> Self {
        let previous = key.previous.as_ref();
        let ceiling = key.ceiling.permissions();
        let names = ceiling.map(|permissions| {
            let names = permissions.iter().map(Permission::name);
            names.map(PermissionName).collect()
        });
        Self {
            id: key.id,
            name: &key.name,
            role: KeyRole(key.role.kind()),
            organization: key.organization,
            user: key.user,
            created_at: Instant(key.created_at),
            created_by: key.created_by.map(|maker| MakerAnswer {
                key: maker.key,
                user: maker.user,
            }),
            expires: key.expires.map(Instant),
            rotated_at: key.rotated_at.map(Instant),
            revoked_at: key.revoked_at.map(Instant),
            last_used: key.last_used,
            previous_secret_until: previous.map(|previous| Instant(previous.until)),
            ceiling: names,
        }
    }
}

impl<'a> KeyWithSecretAnswer<'a> {
    /// Of a key that was just made or rotated.
    #[must_use]
    pub fn of(key: &'a ApiKey, presented: &PresentedKey) -> Self {
        Self {
            secret: presented.reveal(),
            key: KeyAnswer::of(key),
        }
    }
}

/// A key, without its secret.
#[must_use]
pub fn render(key: &ApiKey) -> Value {
    wire::value(KeyAnswer::of(key))
}

/// A key with its secret, which is shown this once.
#[must_use]
pub fn render_with_secret(key: &ApiKey, presented: &PresentedKey) -> Value {
    wire::value(KeyWithSecretAnswer::of(key, presented))
}
