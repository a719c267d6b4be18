//! What every question to a calendar's server has in common.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header::HeaderValue;

/// How often an address may lead to another.
pub(crate) const MOST_REDIRECTS: usize = 3;
/// Most calendars of a server that are read.
pub(crate) const MOST_CALENDARS: usize = 50;
/// How Roster calls itself.
pub(crate) const AGENT: &str = concat!("Roster/", env!("CARGO_PKG_VERSION"));

/// A calendar that a server has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// What the server knows it by.
    pub(crate) href: String,
    pub(crate) name: Option<String>,
    pub(crate) color: Option<String>,
    pub(crate) writable: bool,
    /// What is another once something in it is another.
    pub(crate) state: Option<String>,
}

/// A reason as a sentence.
pub(crate) fn sentence(reason: &str) -> String {
    let mut chars = reason.chars();
    let first: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

/// What lets somebody in (`Basic`, RFC 7617); none where nobody is named.
///
/// # Errors
/// Where it cannot be sent.
pub(crate) fn authorization(
    username: Option<&str>,
    password: Option<&str>,
) -> Result<Option<HeaderValue>, String> {
    let Some(username) = username else {
        return Ok(None);
    };
    let both = format!("{username}:{}", password.unwrap_or_default());
    let value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(both)));
    let mut value = value.map_err(|_| "The user name cannot be sent.".to_owned())?;
    value.set_sensitive(true);
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_becomes_a_sentence() {
        assert_eq!(sentence("the server is away"), "The server is away.");
    }

    #[test]
    fn somebody_is_let_in_as_rfc_7617_says() {
        let value = authorization(Some("Aladdin"), Some("open sesame"));
        let value = value.expect("it can be sent").expect("somebody is named");
        assert_eq!(value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(authorization(None, Some("open sesame")), Ok(None));
    }
}
