//! Keys of what lets somebody in: API keys, logins and sign-ups.

use roster_domain::{
    KeyId, OrganizationId, access::key::Role, access::secret::SecretDigest, text::LoginName,
};

use super::{IndexKey, Key, Range, partition::Partition};

/// Guard of a login name, across organizations.
#[must_use]
pub fn login_guard(name: &LoginName) -> Key {
    Key::new(Partition::Login.of(name.folded()), "LOGIN")
}

/// How often something was tried in a quarter of an hour. The digest is of what
/// is limited, so that the table names neither accounts nor addresses.
#[must_use]
pub fn login_attempts(subject: &SecretDigest, quarter: i64) -> Key {
    Key::new(
        Partition::Attempts.of(subject.as_hex()),
        quarter.to_string(),
    )
}

/// An address that a user logged in from: the digest is of both.
#[must_use]
pub fn known_address(pair: &SecretDigest) -> Key {
    Key::new(Partition::Known.of(pair.as_hex()), "ADDRESS")
}

/// A link to finish a sign-up.
#[must_use]
pub fn signup_token(token: &SecretDigest) -> Key {
    Key::new(Partition::Signup.of(token.as_hex()), "SIGNUP")
}

/// An API key.
#[must_use]
pub fn api_key(id: KeyId) -> Key {
    Key::new(Partition::Key.of(id), "KEY")
}

/// A session.
#[must_use]
pub fn session(id: KeyId) -> Key {
    Key::new(Partition::Session.of(id), "SESSION")
}

/// The API key that a key is of; none where it is the key of something else.
#[must_use]
pub fn api_key_of(key: &Key) -> Option<KeyId> {
    Partition::Key.id_in(&key.pk)?.parse().ok()
}

/// The session that a key is of; none where it is the key of something else.
#[must_use]
pub fn session_of(key: &Key) -> Option<KeyId> {
    Partition::Session.id_in(&key.pk)?.parse().ok()
}

/// What is called with in this role: a session, or an API key.
#[must_use]
pub fn credential(role: Role, id: KeyId) -> Key {
    match role {
        Role::Session => session(id),
        Role::Operator | Role::Organization | Role::User => api_key(id),
    }
}

fn key_list(organization: Option<OrganizationId>) -> String {
    let of = Partition::KeysOf;
    organization.map_or_else(|| of.of("OPERATOR"), |id| of.of(id))
}

/// An API key in the list of its organization, or of the operator.
#[must_use]
pub fn api_key_index(organization: Option<OrganizationId>, id: KeyId) -> IndexKey {
    IndexKey {
        pk: key_list(organization),
        sk: id.to_string(),
    }
}

/// The API keys of an organization, or of the operator.
#[must_use]
pub fn api_keys(organization: Option<OrganizationId>) -> Range {
    Range {
        pk: key_list(organization),
        sk_prefix: String::new(),
        index: true,
    }
}
