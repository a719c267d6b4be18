//! What a handler answers.

use lambda_http::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body; may be empty.
    pub body: Content,
}

/// A body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// As it is.
    Text(String),
    /// Compressed, for a caller who takes it so.
    Gzip(Vec<u8>),
}

impl Reply {
    /// An answer with a JSON body.
    #[must_use]
    pub fn json(status: StatusCode, body: &Value) -> Self {
        Self::text(status, JSON, body.to_string())
    }

    /// An answer with a body of some media type.
    #[must_use]
    pub fn text(status: StatusCode, media_type: &'static str, body: String) -> Self {
        Self::content(status, media_type, Content::Text(body))
    }

    /// As [`Reply::text`], of a body that may be compressed already.
    #[must_use]
    pub fn content(status: StatusCode, media_type: &'static str, body: Content) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        Self {
            status,
            headers,
            body,
        }
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Content::Text(String::new()),
        }
    }

    /// With a header. A value that no header can hold is left out.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Without a header that answers of its kind have.
    #[must_use]
    pub fn without_header(mut self, name: &HeaderName) -> Self {
        self.headers.remove(name);
        self
    }

    /// With a key, a password or a link in it that is shown this once: nothing
    /// on the way may keep it.
    #[must_use]
    pub fn with_secret(self) -> Self {
        self.with_header(header::CACHE_CONTROL, NO_STORE)
    }
}

/// The media type of JSON.
pub const JSON: &str = "application/json";

/// `Cache-Control` of what nothing may keep (RFC 9111, 5.2.2.5).
pub const NO_STORE: &str = "no-store";
