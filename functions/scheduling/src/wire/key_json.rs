//! API keys in `/v2/keys`.

use jiff::{SignedDuration, Timestamp, civil::Date};
use roster_domain::{
    Error, KeyId, OrganizationId, Patch, Permission, Result, UserId,
    key::{ApiKey, MAX_GRACE_PERIOD_SECONDS, PresentedKey, Role},
    text::Name,
};
use roster_runtime::{
    answer, choice,
    json::{Node, Violations},
    wire,
};
use serde_json::Value;

use super::Instant;

/// What the body of a new key says.
#[derive(Debug)]
pub struct KeyBody {
    /// What its owner calls it.
    pub name: Name,
    /// What it may act for.
    pub role: Role,
    /// The user it is to act as.
    pub user: Option<UserId>,
    /// The organization it is for, where the body names one.
    pub organization: Option<String>,
    /// When it stops working.
    pub expires: Option<Timestamp>,
}

/// Reads the body that creates a key.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(body: &Value, now: Timestamp) -> Result<KeyBody> {
    let violations = Violations::default();
    let read = read_body(&Node::body(body, &violations), now);
    violations
        .check(read)?
        .ok_or_else(|| Error::internal("a body was read as nothing"))
}

fn read_body(node: &Node<'_>, now: Timestamp) -> Option<KeyBody> {
    let object = node.object()?;
    let name = object.required("name");
    let user = object.optional("user");
    let role = object.optional_with("role", read_role);
    let role = role.unwrap_or(if object.has("user") {
        Role::User
    } else {
        Role::Organization
    });
    if (role == Role::User) != object.has("user") {
        let detail = match role {
            Role::User => "is required for a user's key: the user's _id",
            _ => "must be absent unless role is usr",
        };
        object.violations().unacceptable("/user", detail);
    }
    let organization = super::organization(&object);
    let expires = object.patch_with("expires", |node| {
        let expires: Timestamp = node.read()?;
        if expires <= now {
            node.unacceptable("must be in the future");
        }
        Some(expires)
    });
    if role == Role::Operator && object.has("organization") {
        let detail = "must be absent for an operator's key";
        object.violations().unacceptable("/organization", detail);
    }
    object.end();
    Some(KeyBody {
        name: name?,
        role,
        user,
        organization,
        expires: expires.set().copied(),
    })
}

fn read_role(node: Node<'_>) -> Option<Role> {
    let role = node.read()?;
    if role == Role::Session {
        node.unacceptable("must be adm, org or usr; POST /api/v2/login begins a session");
        return None;
    }
    Some(role)
}

/// Reads the body of a rotation, which may be missing.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_grace_period(body: &Value) -> Result<SignedDuration> {
    let violations = Violations::default();
    let mut seconds = Patch::Keep;
    if let Some(object) = Node::body(body, &violations).object() {
        seconds = object.patch_integer("grace_period_seconds", 0..=MAX_GRACE_PERIOD_SECONDS);
        object.end();
    }
    let seconds = seconds.set().copied().unwrap_or(0);
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
