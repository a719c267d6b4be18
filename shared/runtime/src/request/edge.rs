//! `CloudFront` in front of the API (`infra/edge.yaml`): what it says of a request is
//! believed only together with a secret that both know.

use std::net::IpAddr;

use lambda_http::http::HeaderMap;
use roster_domain::{Error, Result, access::secret::SecretDigest};

/// The header with the secret.
pub const SECRET: &str = "x-roster-edge";
/// The header with the address that a request comes from.
pub const VIEWER: &str = "x-roster-viewer";

/// What a request is refused with that came another way.
pub const BESIDE_EDGE: &str =
    "this address is for CloudFront alone; call the API at its public address";

/// What stands in front of the API.
#[derive(Debug)]
pub struct Edge {
    secret: SecretDigest,
}

impl Edge {
    /// One that sends the secret with this SHA-256, as 64 hex digits. None where it is
    /// something else.
    #[must_use]
    pub fn new(digest: &str) -> Option<Self> {
        let secret = SecretDigest::from_hex(digest)?;
        Some(Self { secret })
    }

    /// Lets a request pass that came through the edge: beside it, there is no firewall.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where it came another way.
    pub fn admit(&self, headers: &HeaderMap) -> Result<()> {
        let sent = text(headers, SECRET).unwrap_or_default();
        if self.secret.matches(sent) {
            return Ok(());
        }
        Err(Error::Forbidden(BESIDE_EDGE.to_owned()))
    }

    /// The address that a request comes from which was let pass.
    #[must_use]
    pub fn viewer(headers: &HeaderMap) -> Option<IpAddr> {
        text(headers, VIEWER)?.parse().ok()
    }
}

/// The text of a header. Where it was sent several times, the edge cannot have set it.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let only = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(only)
}
