//! `Idempotency-Key`: sending a request again without doing again what it did.

use lambda_http::{
    Body, Request,
    http::{HeaderName, Method},
};
use roster_domain::{Error, Location, Result, Violation, access::secret::SecretDigest};
use roster_store::idempotency::{self, Repeatable};

use crate::Call;

/// The header.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key.
const MAX_KEY: usize = 255;

/// What an operation does with an `Idempotency-Key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// It answers a request that was made before with the first answer.
    AnswerFirst,
    /// It refuses the header where it would do something again: to pass it over
    /// would promise what is not so. Where a request that comes again changes
    /// nothing more, and in reading, the header has nothing to add.
    Refuse,
}

impl Repeats {
    /// Holds a request to it.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the header.
    pub fn check(self, request: &Request) -> Result<()> {
        let is_post = *request.method() == Method::POST;
        if self == Self::AnswerFirst || !is_post {
            return Ok(());
        }
        refuse(
            request,
            "is not supported by this operation, and nothing was done: \
             send the request without it",
        )
    }
}

fn refuse(request: &Request, detail: &str) -> Result<()> {
    if request.headers().contains_key(KEY) {
        Err(wrong(detail))
    } else {
        Ok(())
    }
}

fn wrong(detail: impl Into<String>) -> Error {
    let location = Location::Header(idempotency::HEADER.to_owned());
    Error::Invalid(vec![Violation::malformed(location, detail)])
}

impl Call<'_> {
    /// The idempotency key of the request, and what the request asks for.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the header is no key.
    pub fn repeatable(&self) -> Result<Option<Repeatable>> {
        let Some(value) = self.only_header(&KEY)? else {
            return Ok(None);
        };
        let key = value.trim_matches('"');
        let is_key = (1..=MAX_KEY).contains(&key.len())
            && key.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        if !is_key {
            return Err(wrong(format!(
                "must have 1 to {MAX_KEY} printable ASCII characters"
            )));
        }
        let path = self.request().uri().path();
        let body = match self.request().body() {
            Body::Text(text) => text.as_str().into(),
            Body::Binary(bytes) => String::from_utf8_lossy(bytes),
            _ => "".into(),
        };
        Ok(Some(Repeatable {
            key: SecretDigest::of(key),
            fingerprint: SecretDigest::of(&format!("{path}\n{body}")),
        }))
    }

    /// Refuses an idempotency key: what this request asks for, or is answered
    /// with, is a secret, and what would be kept of it for a day is not.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the header, where it is there.
    pub fn refuse_repeat(&self, because: &str) -> Result<()> {
        let detail = format!("cannot be used where {because}: send the request without it");
        refuse(self.request(), &detail)
    }
}
