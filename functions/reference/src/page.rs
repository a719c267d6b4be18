//! The page at `/docs`: Swagger UI, which shows the document and can send what it
//! describes to this API. Everything is in the page, so nothing is loaded from
//! anywhere but the document.

use std::{
    io::{self, Read as _},
    sync::LazyLock,
};

use askama::Template;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use flate2::read::GzDecoder;
use lambda_http::http::{HeaderName, header};
use sha2::{Digest as _, Sha256};

/// The media type of the page.
pub(crate) const MEDIA_TYPE: &str = "text/html; charset=utf-8";

/// Swagger UI as `assets/update` brings it.
const BUNDLE: &[u8] = include_bytes!("../assets/swagger-ui-bundle.js.gz");
const STYLE: &[u8] = include_bytes!("../assets/swagger-ui.css.gz");
/// Starts it.
const START: &str = include_str!("../assets/start.js");

/// The page, and what it may do.
pub(crate) struct Page {
    /// HTML.
    pub(crate) html: String,
    /// Allows the page's own scripts and style, by their hashes, calls of this
    /// API, and nothing else (Content Security Policy Level 3).
    content_security_policy: String,
}

#[derive(Template)]
#[template(path = "docs.html")]
struct Parts<'a> {
    style: &'a str,
    bundle: &'a str,
    start: &'a str,
}

/// Made once per process, when somebody asks for it. A test looks at what it
/// makes of the files that are built in.
static PAGE: LazyLock<Option<Page>> = LazyLock::new(|| make().ok());

/// The page. None where what is built in cannot be read.
pub(crate) fn page() -> Option<&'static Page> {
    PAGE.as_ref()
}

fn make() -> io::Result<Page> {
    // Within HTML, the begin of a comment in a script changes where the script
    // ends. In JavaScript, the backslash changes nothing.
    let bundle = unpacked(BUNDLE)?.replace("<!--", r"<\!--");
    let parts = Parts {
        style: &unpacked(STYLE)?,
        bundle: &bundle,
        start: START,
    };
    Ok(Page {
        html: parts.render().map_err(io::Error::other)?,
        content_security_policy: format!(
            "default-src 'none'; script-src {} {}; style-src {}; img-src data:; connect-src 'self'; \
             form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
            source(parts.bundle),
            source(parts.start),
            source(parts.style)
        ),
    })
}

fn unpacked(file: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text)?;
    Ok(text)
}

/// A script or a style, as a policy names it.
fn source(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}

impl Page {
    /// Its headers, besides [`MEDIA_TYPE`].
    pub(crate) fn headers(&self) -> [(HeaderName, &str); 4] {
        [
            (
                header::CONTENT_SECURITY_POLICY,
                &self.content_security_policy,
            ),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_FRAME_OPTIONS, "DENY"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_whole_and_its_scripts_end_where_they_should() {
        let html = &page().expect("a page").html;
        assert!(html.len() > 1_000_000, "{} bytes", html.len());
        assert_eq!(html.matches("</script>").count(), 2);
        assert_eq!(html.matches("</style>").count(), 1);
        assert!(!html.contains("<!--"));
        assert!(html.trim_end().ends_with("</html>"));
    }

    #[test]
    fn no_file_of_the_page_is_loaded_from_elsewhere() {
        let html = &page().expect("a page").html;
        for tag in ["<link", "<img ", "<iframe", "<script src", "@import"] {
            assert!(!html.contains(tag), "{tag}");
        }
    }
}
