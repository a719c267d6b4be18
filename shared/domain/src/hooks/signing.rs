//! How a receiver knows that a delivery is ours and new: Standard Webhooks
//! (<https://www.standardwebhooks.com>), symmetric signatures (`v1`).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::access::secret;

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// Bytes of a secret; the specification asks for 24 to 64.
const LENGTH: usize = 32;
/// Names the kind of a signature.
const VERSION: &str = "v1";

/// The secret before a rotation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousSecret {
    /// It, sealed.
    pub sealed: String,
    /// Until when it signs, too.
    pub until: Timestamp,
}

/// A new secret, as its owner is shown it: `whsec_` and base64.
#[must_use]
pub fn new_secret() -> String {
    let bytes = secret::random_bytes::<LENGTH>();
    format!("{PREFIX}{}", STANDARD.encode(bytes))
}

/// The value of `webhook-signature`: one signature for each secret, with blanks between
/// them. Each is of the message's id, the second of this try, and the body. A secret that
/// is none signs nothing.
///
/// ```
/// # use roster_domain::hooks::signing::{new_secret, signatures};
/// let (old, new) = (new_secret(), new_secret());
/// let signed = signatures([new.as_str(), &old], "msg_1", 1_700_000_000, "{}");
/// assert_eq!(signed.split(' ').count(), 2);
/// assert!(signed.split(' ').all(|one| one.starts_with("v1,")));
/// ```
pub fn signatures<'a>(
    secrets: impl IntoIterator<Item = &'a str>,
    message: &str,
    second: i64,
    body: &str,
) -> String {
    let sign = |secret: &str| {
        let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
        mac.update(format!("{message}.{second}.{body}").as_bytes());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        Some(format!("{VERSION},{signature}"))
    };
    let signed: Vec<_> = secrets.into_iter().filter_map(sign).collect();
    signed.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_is_signed_as_it_says() {
        let signed = signatures(
            ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_a_new_one_each_time_and_as_long_as_it_must_be() {
        let secret = new_secret();
        assert_ne!(secret, new_secret());
        let bytes = STANDARD.decode(secret.strip_prefix(PREFIX).expect("the prefix"));
        assert_eq!(bytes.expect("base64").len(), LENGTH);
    }
}
