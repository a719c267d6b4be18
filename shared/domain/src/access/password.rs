//! Passwords: how they are judged and kept.

use std::str::FromStr;

use argon2::{
    Argon2, PasswordHasher as _, PasswordVerifier as _, password_hash::phc::PasswordHash,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    access::secret::{self, SecretDigest},
    error::{Error, Unacceptable},
    text::nfc,
};

/// A password as somebody typed it, in NFC: another keyboard may send `é` as two
/// characters. 8 to 128 characters (NIST SP 800-63B asks for at least 8; the
/// upper bound bounds the work of hashing); every blank counts. Never shown in
/// debug output.
#[derive(Clone, Debug)]
pub struct Password(SecretString);

impl FromStr for Password {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = nfc(text);
        let length = text.chars().count();
        if !(8..=128).contains(&length) {
            Err(Unacceptable::new(format!(
                "must have 8 to 128 characters, has {length}"
            )))
        } else if text.contains('\0') {
            Err(Unacceptable::new(
                "must not contain the control character U+0000",
            ))
        } else {
            Ok(Self(SecretString::from(text)))
        }
    }
}

impl Password {
    /// Characters of [`Password::random`] (`/api/v1` shows 13).
    pub const RANDOM_LENGTH: usize = 13;

    /// 13 letters and digits from the operating system's generator: 77 bits.
    #[must_use]
    pub fn random() -> Self {
        Self(SecretString::from(secret::random_base62(
            Self::RANDOM_LENGTH,
        )))
    }

    /// The password itself, for the one answer that shows it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

/// An Argon2id hash in PHC form with OWASP's parameters: 19 MiB of memory, two
/// passes, one lane. Takes tens of milliseconds by design.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHashed(String);

impl PasswordHashed {
    /// Hashes a password under a fresh salt. Blocks for the time it takes.
    pub fn new(password: &Password) -> Result<Self, Error> {
        let salt = secret::random_bytes::<16>();
        hasher()?
            .hash_password_with_salt(password.0.expose_secret().as_bytes(), &salt)
            .map(|hash: PasswordHash| Self(hash.to_string()))
            .map_err(|error| Error::internal(error.to_string()))
    }

    /// Whether this is the hash of the password, in NFC or, where it was hashed
    /// before passwords were brought into it, as it was typed. Blocks as long as
    /// hashing does, also for a password that could never have been set; twice
    /// as long for one that is not in NFC, whosever it is.
    #[must_use]
    pub fn matches(&self, attempt: &SecretString) -> bool {
        // The hash would say itself how much memory and time it takes: only
        // what this code makes is computed.
        let known = if self.is_of_this_make() {
            &*self.0
        } else {
            OF_NOBODY
        };
        let parsed = PasswordHash::new(known);
        let (Ok(hash), Ok(hasher)) = (parsed, hasher()) else {
            return false;
        };
        let is_hash_of = |attempt: &str| {
            // Longer than any password that can be set: hashed as far as one
            // could be, so that neither the work nor the time tells.
            let bytes = attempt.as_bytes();
            let bytes = bytes.get(..MAX_BYTES).unwrap_or(bytes);
            let long = attempt.len() > MAX_BYTES;
            hasher.verify_password(bytes, &hash).is_ok() && !long
        };
        let typed = attempt.expose_secret();
        let normal = SecretString::from(nfc(typed));
        is_hash_of(normal.expose_secret()) || (normal.expose_secret() != typed && is_hash_of(typed))
    }

    /// What tells this hash from every other one, and is none to guess at. The
    /// same password, set again, has another.
    #[must_use]
    pub fn fingerprint(&self) -> SecretDigest {
        SecretDigest::of(&self.0)
    }

    /// Whether it has the parameters and lengths of [`PasswordHashed::new`]:
    /// another one dictates what a login costs.
    #[must_use]
    pub fn is_of_this_make(&self) -> bool {
        let mut own = OF_NOBODY.split('$');
        let mut parts = self.0.split('$');
        let is_base64 = |text: &str| {
            let mut bytes = text.bytes();
            bytes.all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
        };
        // Behind the empty text before the first `$`: algorithm, version and
        // parameters; then salt and hash.
        let same = own.by_ref().take(4).eq(parts.by_ref().take(4));
        let alike = own.all(|own| {
            let part = parts.next();
            part.is_some_and(|part| part.len() == own.len() && is_base64(part))
        });
        same && alike && parts.next().is_none()
    }

    /// A hash that no password has, to be compared with where there is no
    /// account: that takes as long as with one.
    #[must_use]
    pub fn of_nobody() -> Self {
        Self(OF_NOBODY.to_owned())
    }
}

/// Most bytes of 128 characters.
const MAX_BYTES: usize = 512;

/// The parameters of [`hasher`], and a salt and a hash of nothing.
const OF_NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn hasher() -> Result<Argon2<'static>, Error> {
    let parameters = argon2::Params::new(19 * 1024, 2, 1, None)
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(
        argon2::Algorithm::Argon2id,
        argon2::Version::V0x13,
        parameters,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_as_argon2id_with_owasp_parameters_and_its_own_salt() {
        let password: Password = "youllneverguessit".parse().expect("long enough");
        let first = PasswordHashed::new(&password).expect("hashes");
        let second = PasswordHashed::new(&password).expect("hashes");
        assert!(
            first.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            first.0
        );
        assert_ne!(first, second);
    }

    #[test]
    fn a_hash_matches_its_own_password_and_no_other() {
        let password: Password = "youllneverguessit".parse().expect("long enough");
        let hash = PasswordHashed::new(&password).expect("hashes");
        let matches = |text: &str| hash.matches(&SecretString::from(text));
        assert!(matches("youllneverguessit"));
        for wrong in [
            "",
            "youllneverguessi",
            "Youllneverguessit",
            &"x".repeat(10_000),
        ] {
            assert!(!matches(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn the_longest_password_matches_and_what_begins_like_it_does_not() {
        let longest = "🎉".repeat(128);
        let password: Password = longest.parse().expect("128 characters");
        let hash = PasswordHashed::new(&password).expect("hashes");
        assert!(hash.matches(&SecretString::from(longest.clone())));
        assert!(!hash.matches(&SecretString::from(longest + "x")));
    }

    #[test]
    fn a_password_matches_however_its_accents_were_typed() {
        let composed = "ren\u{e9} devin\u{e9}";
        let decomposed = "rene\u{301} devine\u{301}";
        for set in [composed, decomposed] {
            let hash = PasswordHashed::new(&set.parse().expect("long enough")).expect("hashes");
            for typed in [composed, decomposed] {
                assert!(
                    hash.matches(&SecretString::from(typed)),
                    "{set:?} {typed:?}"
                );
            }
            assert!(!hash.matches(&SecretString::from("rene devine")));
        }
    }

    #[test]
    fn a_password_that_was_hashed_as_it_was_typed_still_matches() {
        let typed = "rene\u{301} devine\u{301}";
        let raw = Password(SecretString::from(typed));
        let hash = PasswordHashed::new(&raw).expect("hashes");
        assert!(hash.matches(&SecretString::from(typed)));
    }

    #[test]
    fn the_hash_of_nobody_is_computed_like_any_other_and_matches_nothing() {
        let password: Password = "youllneverguessit".parse().expect("long enough");
        let (real, nobody) = (
            PasswordHashed::new(&password).expect("hashes"),
            PasswordHashed::of_nobody(),
        );
        let parameters = |hash: &PasswordHashed| {
            let parts: Vec<_> = hash.0.split('$').map(str::to_owned).collect();
            (parts[..4].join("$"), parts[4].len(), parts[5].len())
        };
        assert_eq!(parameters(&real), parameters(&nobody));
        assert!(PasswordHash::new(&nobody.0).is_ok());
        assert!(!nobody.matches(&SecretString::from("youllneverguessit")));
    }

    #[test]
    fn a_hash_that_dictates_another_cost_is_not_computed() {
        let password: Password = "youllneverguessit".parse().expect("long enough");
        let own = PasswordHashed::new(&password).expect("hashes");
        assert!(own.is_of_this_make() && PasswordHashed::of_nobody().is_of_this_make());
        let (head, tail) = own.0.split_at("$argon2id$v=19$m=19456,t=2,p=1".len());
        let cheap = argon2::Params::new(8, 1, 1, None).expect("parameters");
        let cheap = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, cheap);
        let cheap = cheap
            .hash_password_with_salt(b"youllneverguessit", &[1; 16])
            .expect("hashes");
        for other in [
            cheap.to_string(),
            format!("$argon2id$v=19$m=1048576,t=50,p=1{tail}"),
            format!("$argon2i$v=19$m=19456,t=2,p=1{tail}"),
            format!("{head},keyid=AAAA{tail}"),
            format!("{head}{tail}A"),
            format!("{head}{tail}$"),
            head.to_owned(),
            String::new(),
        ] {
            let hash = PasswordHashed(other);
            assert!(!hash.is_of_this_make(), "{}", hash.0);
            assert!(
                !hash.matches(&SecretString::from("youllneverguessit")),
                "{}",
                hash.0
            );
        }
    }

    #[test]
    fn a_random_password_is_one_that_can_be_set() {
        let (first, second) = (Password::random(), Password::random());
        assert_eq!(first.reveal().len(), 13);
        assert!(first.reveal().parse::<Password>().is_ok());
        assert_ne!(first.reveal(), second.reveal());
    }

    #[test]
    fn a_password_does_not_show_in_debug_output() {
        let password: Password = "youllneverguessit".parse().expect("long enough");
        assert!(!format!("{password:?}").contains("guess"));
    }
}
