//! The page at `/docs`. HTML without any script and without any other resource:
//! nothing is loaded from anywhere, and nothing can be run.

use std::sync::LazyLock;

use askama::Template;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use lambda_http::http::{HeaderName, header};
use sha2::{Digest as _, Sha256};

use crate::{openapi::DOCUMENT, view::Document};

/// The media type of the page.
pub(crate) const MEDIA_TYPE: &str = "text/html; charset=utf-8";

const STYLE: &str = include_str!("../templates/reference.css");

/// Allows the page's own style, by its hash, and nothing else (Content Security
/// Policy Level 3).
static CONTENT_SECURITY_POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        BASE64_STANDARD.encode(Sha256::digest(STYLE))
    )
});

#[derive(Template)]
#[template(path = "reference.html")]
struct Page {
    document: Document,
}

/// Made once per process, when somebody asks for it.
static PAGE: LazyLock<String> = LazyLock::new(|| {
    let root = serde_json::from_str(DOCUMENT).unwrap_or_default();
    let document = Document::read(&root);
    // Writing to a text does not fail; a test looks at the page.
    Page { document }.render().unwrap_or_default()
});

/// The page.
pub(crate) fn page() -> &'static str {
    &PAGE
}

/// Its headers, besides [`MEDIA_TYPE`].
pub(crate) fn headers() -> [(HeaderName, &'static str); 4] {
    [
        (
            header::CONTENT_SECURITY_POLICY,
            CONTENT_SECURITY_POLICY.as_str(),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_page_has_every_operation_and_every_schema() {
        let root: Value = serde_json::from_str(DOCUMENT).expect("JSON");
        let page = page();
        let mut count = 0;
        for item in root["paths"].as_object().expect("paths").values() {
            for operation in item.as_object().expect("methods").values() {
                let id = operation["operationId"].as_str().expect("an id");
                assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
                count += 1;
            }
        }
        assert!(count > 40, "{count} operations");
        for name in root["components"]["schemas"]
            .as_object()
            .expect("schemas")
            .keys()
        {
            assert!(page.contains(&format!("id=\"schema-{name}\"")), "{name}");
        }
    }

    #[test]
    fn every_link_within_the_page_leads_somewhere() {
        let page = page();
        for rest in page.split("href=\"#").skip(1) {
            let target = rest.split('"').next().expect("a target");
            assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
        }
    }

    #[test]
    fn nothing_is_loaded_and_nothing_runs() {
        let page = page().to_lowercase();
        for text in [
            "<script", "<link", "<img", "<iframe", " src=", "style=", " onclick", "url(",
        ] {
            assert!(!page.contains(text), "{text}");
        }
    }
}
