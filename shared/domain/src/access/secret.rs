//! Randomness from the operating system, and how secrets are kept and compared.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Bytes from the operating system's generator.
///
/// # Panics
/// When the operating system has no randomness to give, which leaves nothing
/// safe to do; no request can bring that about.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "no secret may be made without randomness"
)]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// `length` characters drawn evenly from the 62 ASCII letters and digits:
/// 5.95 bits each.
#[must_use]
pub fn random_base62(length: usize) -> String {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        // 248 = 4 * 62: bytes above would favour the first digits.
        for byte in random_bytes::<64>() {
            if byte < 248 && text.len() < length {
                text.push(base62_digit(u32::from(byte) % 62));
            }
        }
    }
    text
}

/// Whether two secrets are the same, in time that does not depend on where they differ.
#[must_use]
pub fn are_equal(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// A number in base 62, left-padded with `0` to `width`.
#[must_use]
pub fn base62(mut number: u32, width: usize) -> String {
    let mut digits = Vec::with_capacity(width);
    while number > 0 || digits.len() < width {
        digits.push(base62_digit(number % 62));
        number /= 62;
    }
    digits.iter().rev().collect()
}

fn base62_digit(value: u32) -> char {
    let index = usize::try_from(value).unwrap_or_default();
    BASE62.get(index).copied().map_or('0', char::from)
}

/// What is kept of a secret: its SHA-256. Enough for a secret of 160 random
/// bits or more; passwords need [`crate::access::password`] instead.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct SecretDigest(String);

impl SecretDigest {
    /// The digest of a secret.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self(hex::encode(Sha256::digest(secret.as_bytes())))
    }

    /// A digest of 64 hex digits. None where it is something else.
    #[must_use]
    pub fn from_hex(digits: &str) -> Option<Self> {
        let bytes: [u8; 32] = hex::decode(digits).ok()?.try_into().ok()?;
        Some(Self(hex::encode(bytes)))
    }

    /// Whether this is the digest of `secret`, in time that does not depend on
    /// where they differ.
    #[must_use]
    pub fn matches(&self, secret: &str) -> bool {
        self.0
            .as_bytes()
            .ct_eq(Self::of(secret).0.as_bytes())
            .into()
    }

    /// The first 64 bits: enough to tell one secret of a key from another, and
    /// of no use to guess either.
    #[must_use]
    pub fn mark(&self) -> &str {
        self.0.get(..16).unwrap_or_default()
    }

    /// The digest as 64 hex digits.
    #[must_use]
    pub fn as_hex(&self) -> &str {
        &self.0
    }
}
