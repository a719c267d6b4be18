//! Sealing what must not be read from the table: encrypted under a key that is
//! not in the table, and bound to what it belongs to, so that a sealed value
//! copied to another item does not open there.

use std::fmt;

use aws_sdk_kms::{Client, primitives::Blob};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use roster_domain::{
    Error, HookId, MailId, OrganizationId, Result, TeamId, UserId, access::secret,
    users::calendar::ExchangeCredentials, whose::Whose,
};
use secrecy::{ExposeSecret, SecretBox, SecretString};

const NONCE_LENGTH: usize = 24;
const KMS: &str = "kms:";
const LOCAL: &str = "local:";

/// What a sealed value belongs to. It opens for nothing else. What may open a
/// mail may still not open a user's credentials: infra/template.yaml tells the
/// two apart by the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealContext {
    /// A user.
    User(UserId),
    /// A team.
    Team(TeamId),
    /// An organization.
    Organization(OrganizationId),
    /// A mail.
    Mail(MailId),
    /// A webhook: what signs its deliveries.
    Hook(HookId),
}

impl From<Whose> for SealContext {
    fn from(whose: Whose) -> Self {
        match whose {
            Whose::User(id) => Self::User(id),
            Whose::Team(id) => Self::Team(id),
            Whose::Organization(id) => Self::Organization(id),
        }
    }
}

impl SealContext {
    fn name(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Team(_) => "team",
            Self::Organization(_) => "organization",
            Self::Mail(_) => "mail",
            Self::Hook(_) => "hook",
        }
    }

    fn value(self) -> String {
        match self {
            Self::User(id) => id.to_string(),
            Self::Team(id) => id.to_string(),
            Self::Organization(id) => id.to_string(),
            Self::Mail(id) => id.to_string(),
            Self::Hook(id) => id.to_string(),
        }
    }

    fn associated_data(self) -> String {
        format!("{}={}", self.name(), self.value())
    }
}

/// Seals texts.
pub enum Sealer {
    /// Under a key that never leaves AWS KMS (`Encrypt` and `Decrypt`, with
    /// what the text belongs to as encryption context).
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
        self.seal_text(SealContext::User(user), &plain).await
    }

    /// Seals a text of at most 4,096 bytes (what KMS encrypts at once).
    ///
    /// # Errors
    /// When KMS refuses or cannot be reached.
    pub async fn seal_text(&self, context: SealContext, plain: &str) -> Result<String> {
        match self {
            Self::Kms { client, key_id } => {
                let sealed = client
                    .encrypt()
                    .key_id(key_id)
                    .encryption_context(context.name(), context.value())
                    .plaintext(Blob::new(plain))
                    .send()
                    .await
                    .map_err(Error::internal)?
                    .ciphertext_blob
                    .ok_or_else(|| Error::internal("KMS answered no ciphertext"))?;
                Ok(format!("{KMS}{}", STANDARD.encode(sealed)))
            }
            Self::Local(key) => seal_locally(key, context, plain.as_bytes())
                .map(|sealed| format!("{LOCAL}{}", STANDARD.encode(sealed))),
        }
    }

    /// Opens what [`Sealer::seal_text`] sealed.
    ///
    /// # Errors
    /// When it belongs to something else, was sealed under another key, or KMS
    /// refuses or cannot be reached.
    pub async fn open_text(&self, context: SealContext, sealed: &str) -> Result<SecretString> {
        let decode = |prefix: &str| {
            let encoded = sealed
                .strip_prefix(prefix)
                .ok_or_else(|| Error::internal("sealed by another kind of key"))?;
            STANDARD.decode(encoded).map_err(Error::internal)
        };
        let plain = match self {
            Self::Kms { client, key_id } => client
                .decrypt()
                .key_id(key_id)
                .encryption_context(context.name(), context.value())
                .ciphertext_blob(Blob::new(decode(KMS)?))
                .send()
                .await
                .map_err(Error::internal)?
                .plaintext
                .map(Blob::into_inner)
                .ok_or_else(|| Error::internal("KMS answered no plaintext"))?,
            Self::Local(key) => open_locally(key, context, &decode(LOCAL)?)
                .ok_or_else(|| Error::internal("a sealed value does not open"))?,
        };
        String::from_utf8(plain)
            .map(SecretString::from)
            // The error would hold the text.
            .map_err(|_| Error::internal("a sealed value is not text"))
    }
}

fn seal_locally(key: &SecretBox<[u8; 32]>, context: SealContext, plain: &[u8]) -> Result<Vec<u8>> {
    let nonce = secret::random_bytes::<NONCE_LENGTH>();
    let cipher = XChaCha20Poly1305::new(key.expose_secret().into());
    let associated_data = context.associated_data();
    let payload = Payload {
        msg: plain,
        aad: associated_data.as_bytes(),
    };
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| Error::internal("sealing failed"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open_locally(key: &SecretBox<[u8; 32]>, context: SealContext, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LENGTH>()?;
    let associated_data = context.associated_data();
    let payload = Payload {
        msg: sealed,
        aad: associated_data.as_bytes(),
    };
    XChaCha20Poly1305::new(key.expose_secret().into())
        .decrypt(&XNonce::from(*nonce), payload)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_sealer() -> Sealer {
        Sealer::Local(SecretBox::new(Box::new(secret::random_bytes::<32>())))
    }

    #[tokio::test]
    async fn a_sealed_text_opens_for_what_it_belongs_to_and_for_nothing_else() {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let (sealer, id) = (new_sealer(), UserId::generate(now));
        let context = SealContext::User(id);
        let sealed = sealer.seal_text(context, "secret").await.expect("seals");
        let encoded = sealed.strip_prefix(LOCAL).expect("sealed locally");
        let bytes = STANDARD.decode(encoded).expect("base64");
        assert!(!bytes.windows(6).any(|window| window == b"secret"));
        let opened = sealer.open_text(context, &sealed).await.expect("opens");
        assert_eq!(opened.expose_secret(), "secret");

        let another = SealContext::User(UserId::generate(now));
        // The same id, of a thing of another kind.
        let mail = SealContext::Mail(MailId::from_bytes(id.bytes()));
        for wrong in [another, mail] {
            assert!(sealer.open_text(wrong, &sealed).await.is_err());
        }
        assert!(new_sealer().open_text(context, &sealed).await.is_err());
        for damaged in ["", "local:", "local:AAAA", "kms:AAAA", encoded] {
            assert!(sealer.open_text(context, damaged).await.is_err());
        }
        let again = sealer.seal_text(context, "secret").await.expect("seals");
        assert_ne!(again, sealed);
    }
}
