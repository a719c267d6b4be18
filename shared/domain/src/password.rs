//! Passwords: how they are judged and kept.

use std::str::FromStr;

use argon2::{Argon2, PasswordHasher as _, password_hash::phc::PasswordHash};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Unacceptable},
    secret,
};

/// A password as somebody typed it: 8 to 128 characters (NIST SP 800-63B asks
/// for at least 8; the upper bound bounds the work of hashing). Never shown in
/// debug output.
#[derive(Clone, Debug)]
pub struct Password(SecretString);

impl FromStr for Password {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let length = text.chars().count();
        if !(8..=128).contains(&length) {
            Err(Unacceptable::new("must have 8 to 128 characters"))
        } else if text.contains('\0') {
            Err(Unacceptable::new(
                "must not contain the control character U+0000",
            ))
        } else {
            Ok(Self(SecretString::from(text)))
        }
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
}

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
    fn a_password_does_not_show_in_debug_output() {
        let password: Password = "youllneverguessit".parse().expect("long enough");
        assert!(!format!("{password:?}").contains("guess"));
    }
}
