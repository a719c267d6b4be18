//! Sealing calendar credentials: encrypted under a key that is not in the
//! table, and bound to their user, so that a sealed value copied to another
//! user does not open there.

use std::fmt;

use aws_sdk_kms::{Client, primitives::Blob};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use roster_domain::{Error, Result, UserId, calendar::ExchangeCredentials, secret};
use secrecy::{ExposeSecret, SecretBox};

/// Name under which the associated data says whose credentials they are.
const CONTEXT: &str = "user";
const NONCE_LENGTH: usize = 24;

/// Seals credentials.
pub enum Sealer {
    /// Under a key that never leaves AWS KMS (`Encrypt`, with the user as
    /// encryption context).
    Kms {
        /// The client.
        client: Client,
        /// Id, alias or ARN of the key.
        key_id: String,
    },
    /// Under a local key (XChaCha20-Poly1305): for `cargo run` and tests.
    Local(SecretBox<[u8; 32]>),
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kms { .. } => "Sealer::Kms",
            Self::Local(_) => "Sealer::Local",
        })
    }
}

impl Sealer {
    /// Seals a user's credentials.
    pub async fn seal(&self, user: UserId, credentials: &ExchangeCredentials) -> Result<String> {
        let plain = serde_json::json!({
            "source": "exchange",
            "server": credentials.server.as_str(),
            "username": credentials.username.as_str(),
            "password": credentials.password.expose_secret(),
        })
        .to_string();
        match self {
            Self::Kms { client, key_id } => {
                let sealed = client
                    .encrypt()
                    .key_id(key_id)
                    .encryption_context(CONTEXT, user.to_string())
                    .plaintext(Blob::new(plain))
                    .send()
                    .await
                    .map_err(Error::internal)?
                    .ciphertext_blob
                    .ok_or_else(|| Error::internal("KMS answered no ciphertext"))?;
                Ok(format!("kms:{}", STANDARD.encode(sealed)))
            }
            Self::Local(key) => seal_locally(key, user, plain.as_bytes())
                .map(|sealed| format!("local:{}", STANDARD.encode(sealed))),
        }
    }
}

fn associated_data(user: UserId) -> String {
    format!("{CONTEXT}={user}")
}

fn seal_locally(key: &SecretBox<[u8; 32]>, user: UserId, plain: &[u8]) -> Result<Vec<u8>> {
    let nonce = secret::random_bytes::<NONCE_LENGTH>();
    let cipher = XChaCha20Poly1305::new(key.expose_secret().into());
    let associated_data = associated_data(user);
    let payload = Payload {
        msg: plain,
        aad: associated_data.as_bytes(),
    };
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| Error::internal("sealing failed"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(key: &SecretBox<[u8; 32]>, user: UserId, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LENGTH>()?;
        let associated_data = associated_data(user);
        let payload = Payload {
            msg: sealed,
            aad: associated_data.as_bytes(),
        };
        XChaCha20Poly1305::new(key.expose_secret().into())
            .decrypt(&XNonce::from(*nonce), payload)
            .ok()
    }

    #[test]
    fn sealed_credentials_open_for_their_user_under_their_key_and_for_nobody_else() {
        let new_key = || SecretBox::new(Box::new(secret::random_bytes::<32>()));
        let now = jiff::Timestamp::UNIX_EPOCH;
        let (key, user) = (new_key(), UserId::generate(now));
        let sealed = seal_locally(&key, user, b"secret").expect("seals");
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_eq!(
            open(&key, user, &sealed).as_deref(),
            Some(b"secret".as_slice())
        );
        assert_eq!(open(&key, UserId::generate(now), &sealed), None);
        assert_eq!(open(&new_key(), user, &sealed), None);
        assert_ne!(sealed, seal_locally(&key, user, b"secret").expect("seals"));
    }
}
