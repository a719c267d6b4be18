//! API keys: `rstr_<kind>_<id>_<secret><checksum>`.

use std::str::FromStr;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    access::ceiling::Ceiling,
    access::secret::{self, SecretDigest},
    error::{Error, Result, Unacceptable},
    id::{KeyId, OrganizationId, UserId},
    text::Name,
    users::user::User,
};

/// Characters of a key's secret: 30 of base 62, 178 bits.
const SECRET_LENGTH: usize = 30;
/// Characters of the checksum: a CRC32 in base 62.
const CHECKSUM_LENGTH: usize = 6;

/// How long a session lasts after the login: 12 hours, in seconds.
pub const SESSION_SECONDS: i64 = 12 * 60 * 60;

/// Longest grace period that a rotation can give the old secret: 30 days, in
/// seconds.
pub const MAX_GRACE_PERIOD_SECONDS: u32 = 30 * 24 * 60 * 60;

/// What a key may act for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// `adm`: the operator, every organization.
    #[serde(rename = "adm")]
    Operator,
    /// `org`: one organization.
    #[serde(rename = "org")]
    Organization,
    /// `usr`: one user, with that user's permissions.
    #[serde(rename = "usr")]
    User,
    /// `ses`: one user who logged in, until the session ends (`/api/v2`).
    #[serde(rename = "ses")]
    Session,
}

impl Role {
    /// The kind as it stands in a key.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Operator => "adm",
            Self::Organization => "org",
            Self::User => "usr",
            Self::Session => "ses",
        }
    }
}

impl FromStr for Role {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [
            Self::Operator,
            Self::Organization,
            Self::User,
            Self::Session,
        ]
        .into_iter()
        .find(|role| role.kind() == text)
        .ok_or_else(|| Unacceptable::new("must be adm, org, usr or ses"))
    }
}

/// What a call is refused with whose key acts as somebody who is not there.
pub const HAS_LEFT: &str = "the key's user is no longer in the organization";
/// What a call is refused with whose session is over.
pub const SESSION_ENDED: &str = "this session has ended";

fn forbidden(detail: &str) -> Error {
    Error::Forbidden(detail.to_owned())
}

/// A key as its holder presents it. Holds the secret: never logged, and shown
/// to its owner once.
pub struct PresentedKey {
    /// What it claims to act for.
    pub role: Role,
    /// Which key it is.
    pub id: KeyId,
    secret: String,
}

impl PresentedKey {
    /// A new key with a secret from the operating system.
    #[must_use]
    pub fn generate(role: Role, id: KeyId) -> Self {
        Self {
            role,
            id,
            secret: secret::random_base62(SECRET_LENGTH),
        }
    }

    /// The whole key, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> String {
        let body = format!("rstr_{}_{}_{}", self.role.kind(), self.id, self.secret);
        let checksum = secret::base62(crc32fast::hash(body.as_bytes()), CHECKSUM_LENGTH);
        body + &checksum
    }

    /// What is kept of the secret.
    #[must_use]
    pub fn digest(&self) -> SecretDigest {
        SecretDigest::of(&self.secret)
    }

    /// Whether the digest is of this key's secret, in constant time.
    #[must_use]
    pub fn matches(&self, digest: &SecretDigest) -> bool {
        digest.matches(&self.secret)
    }
}

/// Reads a key and checks its checksum, so that a mistyped key is told apart
/// without asking the database.
impl FromStr for PresentedKey {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| Unacceptable::new("is not a Roster key"))
    }
}

fn parse(text: &str) -> Option<PresentedKey> {
    let (body, checksum) = text.split_at_checked(text.len().checked_sub(CHECKSUM_LENGTH)?)?;
    if secret::base62(crc32fast::hash(body.as_bytes()), CHECKSUM_LENGTH) != checksum {
        return None;
    }
    let mut parts = body.strip_prefix("rstr_")?.split('_');
    let key = PresentedKey {
        role: parts.next()?.parse().ok()?,
        id: parts.next()?.parse().ok()?,
        secret: parts.next()?.to_owned(),
    };
    let complete = parts.next().is_none() && key.secret.len() == SECRET_LENGTH;
    complete.then_some(key)
}

/// What is kept of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: KeyId,
    /// What it may act for.
    pub role: Role,
    /// The organization it acts for; none for an operator's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The user it acts as (`usr` and `ses`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// What it can do at most as its user: bound where somebody else made it or
    /// gave it its secret.
    #[serde(default, skip_serializing_if = "Ceiling::is_none")]
    pub ceiling: Ceiling,
    /// For a session: the user's epoch when it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_epoch: Option<u64>,
    /// What its owner calls it.
    pub name: Name,
    /// Digest of its secret.
    pub digest: SecretDigest,
    /// The secret before the last rotation, while its grace period lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<PreviousSecret>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who made it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<Maker>,
    /// When it was last given a new secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotated_at: Option<Timestamp>,
    /// When it stops working, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// The UTC day on which it was last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Date>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// How often it was written, apart from `last_used`.
    #[serde(rename = "__v")]
    pub version: u64,
}

/// Who made a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// The key, or the session, that called.
    pub key: KeyId,
    /// The user that it acted as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
}

/// A secret that a rotation replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousSecret {
    /// Digest of it.
    pub digest: SecretDigest,
    /// When it stops working.
    pub until: Timestamp,
}

impl ApiKey {
    /// Whether it was neither revoked nor has expired.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended(now).is_none()
    }

    fn ended(&self, now: Timestamp) -> Option<&'static str> {
        if self.revoked_at.is_some() {
            Some("this key was revoked")
        } else if self.expires.is_some_and(|expires| expires <= now) {
            Some("this key has expired")
        } else {
            None
        }
    }

    /// Whether a presented key is this key and works now.
    #[must_use]
    pub fn admits(&self, presented: &PresentedKey, now: Timestamp) -> bool {
        let is_it = |digest: &SecretDigest| presented.matches(digest);
        presented.role == self.role && self.works(is_it, now).is_ok()
    }

    /// Whether the key works now that was admitted before, with the secret of
    /// this mark.
    ///
    /// # Errors
    /// [`Error::Forbidden`] that says why it does not.
    pub fn still_admits(&self, mark: &str, now: Timestamp) -> Result<()> {
        self.works(|digest| digest.mark() == mark, now)
    }

    fn works(&self, is_it: impl Fn(&SecretDigest) -> bool, now: Timestamp) -> Result<()> {
        let previous = self
            .previous
            .as_ref()
            .is_some_and(|previous| is_it(&previous.digest) && now < previous.until);
        if let Some(detail) = self.ended(now) {
            Err(forbidden(detail))
        } else if !is_it(&self.digest) && !previous {
            let detail = "this key was rotated and has a new secret";
            Err(forbidden(detail))
        } else {
            Ok(())
        }
    }

    /// Whether a key that acts as a user still does.
    #[must_use]
    pub fn acts_as(&self, user: &User) -> bool {
        self.still_acts_as(user).is_ok()
    }

    /// What it can do at most as this user: a session, no more than the password
    /// that it began with.
    #[must_use]
    pub fn ceiling_as(&self, user: &User) -> Ceiling {
        let login = user.login.as_ref();
        let password = login.filter(|_| self.role == Role::Session);
        let password = password.map_or(Ceiling::NONE, |login| login.ceiling);
        self.ceiling.lower(password)
    }

    /// Whether a key that acts as a user still does: the user is there, was not
    /// switched off, has not left since and come back, and did not end this
    /// session.
    ///
    /// # Errors
    /// [`Error::Forbidden`] that says why it does not.
    pub fn still_acts_as(&self, user: &User) -> Result<()> {
        if self.user != Some(user.id) || user.joined_at.is_some_and(|at| at > self.created_at) {
            Err(forbidden(HAS_LEFT))
        } else if !user.is_active() {
            Err(forbidden("the key's user was deactivated"))
        } else if self
            .session_epoch
            .is_some_and(|epoch| epoch != user.session_epoch)
        {
            Err(forbidden(SESSION_ENDED))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> PresentedKey {
        PresentedKey::generate(Role::Organization, KeyId::generate(Timestamp::UNIX_EPOCH))
    }

    #[test]
    fn a_key_reads_back_from_its_text() {
        let key = key();
        let text = key.reveal();
        let read: PresentedKey = text.parse().expect("a key");
        assert_eq!(read.id, key.id);
        assert_eq!(read.role, Role::Organization);
        assert!(read.matches(&key.digest()));
        assert!(text.starts_with(&format!("rstr_org_{}_", key.id)));
    }

    #[test]
    fn a_typo_anywhere_in_a_key_is_told_without_the_database() {
        let text = key().reveal();
        for index in 0..text.len() {
            let mut typo = text.clone().into_bytes();
            if let Some(byte) = typo.get_mut(index) {
                *byte = if *byte == b'x' { b'y' } else { b'x' };
            }
            let typo = String::from_utf8(typo).expect("ASCII");
            assert!(typo.parse::<PresentedKey>().is_err(), "{index}");
        }
    }

    #[test]
    fn a_key_stops_when_it_expires_or_is_revoked_and_its_old_secret_after_the_grace_period() {
        let at = |second| Timestamp::from_second(second).expect("in range");
        let (old, new) = (key(), key());
        let mut stored = ApiKey {
            id: new.id,
            role: Role::Organization,
            organization: None,
            user: None,
            ceiling: Ceiling::NONE,
            session_epoch: None,
            name: "test".parse().expect("a name"),
            digest: new.digest(),
            previous: Some(PreviousSecret {
                digest: old.digest(),
                until: at(10),
            }),
            created_at: at(0),
            created_by: None,
            rotated_at: None,
            expires: Some(at(20)),
            last_used: None,
            revoked_at: None,
            version: 0,
        };
        assert!(stored.admits(&old, at(9)) && !stored.admits(&old, at(10)));
        assert!(stored.admits(&new, at(19)) && !stored.admits(&new, at(20)));
        // What was admitted before is looked at by the same rules.
        let still = |stored: &ApiKey, key: &PresentedKey, second| {
            stored.still_admits(key.digest().mark(), at(second)).is_ok()
        };
        assert!(still(&stored, &old, 9) && !still(&stored, &old, 10));
        assert!(still(&stored, &new, 19) && !still(&stored, &new, 20));
        stored.revoked_at = Some(at(1));
        assert!(!stored.admits(&new, at(2)) && !still(&stored, &new, 2));
    }
}
