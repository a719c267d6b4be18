//! API keys in `/v2/keys`.

use jiff::{SignedDuration, Timestamp};
use roster_domain::{
    Error, Patch, Permission, Result, UserId,
    key::{ApiKey, MAX_GRACE_PERIOD_SECONDS, Maker, PresentedKey, Role},
    text::Name,
};
use roster_runtime::json::{Node, Violations};
use serde_json::{Map, Value, json};

use super::instant;

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

/// A key, without its secret.
#[must_use]
pub fn render(key: &ApiKey) -> Map<String, Value> {
    let mut out = Map::from_iter([
        ("_id".to_owned(), key.id.to_string().into()),
        ("name".to_owned(), key.name.as_str().into()),
        ("role".to_owned(), key.role.kind().into()),
        ("organization".to_owned(), json!(key.organization)),
        ("user".to_owned(), json!(key.user)),
        ("createdAt".to_owned(), instant(key.created_at).into()),
        ("created_by".to_owned(), json!(key.created_by.map(maker))),
        ("expires".to_owned(), json!(key.expires.map(instant))),
        ("rotated_at".to_owned(), json!(key.rotated_at.map(instant))),
        ("revoked_at".to_owned(), json!(key.revoked_at.map(instant))),
        ("last_used".to_owned(), json!(key.last_used)),
    ]);
    let until = key
        .previous
        .as_ref()
        .map(|previous| instant(previous.until));
    out.insert("previous_secret_until".to_owned(), json!(until));
    if let Some(permissions) = key.ceiling.permissions() {
        let names: Vec<_> = permissions.iter().map(Permission::name).collect();
        out.insert("ceiling".to_owned(), json!(names));
    }
    out
}

fn maker(maker: Maker) -> Value {
    json!({ "key": maker.key, "user": maker.user })
}

/// A key with its secret, which is shown this once.
#[must_use]
pub fn render_with_secret(key: &ApiKey, presented: &PresentedKey) -> Value {
    let mut out = render(key);
    out.insert("key".to_owned(), presented.reveal().into());
    Value::Object(out)
}
