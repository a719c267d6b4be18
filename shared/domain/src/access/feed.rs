//! What opens the feed of a calendar: an address that calendar programs ask for again and
//! again, and that no header goes with.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::secret::{self, SecretDigest};

/// Characters of a secret: more than 160 bits.
const SECRET_LENGTH: usize = 28;

/// The right to read somebody's calendar, or a team's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// The digest of the secret in its address.
    pub digest: SecretDigest,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Feed {
    /// A feed, and the secret that opens it: nothing keeps that.
    #[must_use]
    pub fn new(now: Timestamp) -> (Self, String) {
        let secret = secret::random_base62(SECRET_LENGTH);
        let feed = Self {
            digest: SecretDigest::of(&secret),
            created_at: now,
        };
        (feed, secret)
    }

    /// Whether a secret opens it.
    ///
    /// ```
    /// # use roster_domain::access::feed::Feed;
    /// let (feed, secret) = Feed::new(jiff::Timestamp::UNIX_EPOCH);
    /// assert!(feed.opens(&secret) && !feed.opens(""));
    /// ```
    #[must_use]
    pub fn opens(&self, secret: &str) -> bool {
        self.digest.matches(secret)
    }
}
