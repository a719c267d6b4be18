//! The version that a change is made for: `If-Match` (RFC 9110, 13.1.1), with the `ETag` of
//! what was read.

use lambda_http::http::header;
use roster_domain::{Error, Location, Result, Violation};

use crate::{Call, Reply};

impl Call<'_> {
    /// The version that what is to be changed must be in; none where any will do.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the header is not the tag of an answer.
    pub fn expected_version(&self) -> Result<Option<u64>> {
        let Some(value) = self.only_header(&header::IF_MATCH)? else {
            return Ok(None);
        };
        if value == "*" {
            return Ok(None);
        }
        // What was compressed on the way has a weak tag of the same version.
        let tag = value.strip_prefix("W/").unwrap_or(&value);
        let number = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        let digits = number.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        let version = digits.and_then(|digits| digits.parse().ok());
        let detail = "must be the ETag of an answer, such as \"3\"";
        let location = || Location::Header(header::IF_MATCH.to_string());
        let wrong = || Error::Invalid(vec![Violation::malformed(location(), detail)]);
        version.ok_or_else(wrong).map(Some)
    }
}

impl Reply {
    /// Tags the answer with the version of what it shows, for `If-Match`.
    #[must_use]
    pub fn with_version(self, version: u64) -> Self {
        self.with_header(header::ETAG, &format!("\"{version}\""))
    }
}
