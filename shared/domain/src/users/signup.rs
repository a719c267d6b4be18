//! Invitations, and the links that finish a sign-up.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::access::{ceiling::Ceiling, secret::SecretDigest};

/// How long a link to finish a sign-up works: 7 days, in seconds.
pub const SIGNUP_LINK_SECONDS: i64 = 7 * 24 * 60 * 60;

/// How long after an invitation no other is mailed: an hour, in seconds.
pub const INVITATION_INTERVAL_SECONDS: i64 = 60 * 60;

/// The tokens of the links of one invitation. Whoever calls can read the one
/// that is answered; the other reaches the address alone.
#[derive(Clone, Debug, Default)]
pub struct SignupTokens {
    /// In the link that the answer has.
    pub answered: Option<String>,
    /// In the link that is mailed.
    pub mailed: Option<String>,
}

/// An invitation that was not accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signup {
    /// Digest of the token in the newest link: of the one that is answered,
    /// where one is. A new link replaces it, which ends the old one.
    pub token: SecretDigest,
    /// Digest of the token in the link that was mailed, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed: Option<SecretDigest>,
    /// What a password can do at most that is set through the answered link.
    #[serde(default, skip_serializing_if = "Ceiling::is_none")]
    pub ceiling: Ceiling,
    /// When the link was made: it works for [`SIGNUP_LINK_SECONDS`].
    pub invited_at: Timestamp,
}

impl Signup {
    /// The digests of its tokens, each once.
    pub fn tokens(&self) -> impl Iterator<Item = &SecretDigest> {
        let mailed = self.mailed.as_ref().filter(|one| **one != self.token);
        std::iter::once(&self.token).chain(mailed)
    }

    /// Whether the link with this token is the newest and not too old.
    #[must_use]
    pub fn admits(&self, token: &str, now: Timestamp) -> bool {
        let age = now.duration_since(self.invited_at);
        let is_newest = self.tokens().any(|digest| digest.matches(token));
        is_newest && age < SignedDuration::from_secs(SIGNUP_LINK_SECONDS)
    }
}
