//! What every page has: a style, headers, and how it is answered.

use std::sync::LazyLock;

use askama::Template;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use lambda_http::http::{HeaderName, StatusCode, header};
use roster_domain::{Error, Result, users::language::Language};
use roster_runtime::{
    Call, Reply,
    answer::{problem, reply::NO_STORE},
};
use sha2::{Digest as _, Sha256};

use crate::{accept_language::negotiate, texts::common_texts};

/// The media type of every page.
const MEDIA_TYPE: &str = "text/html; charset=utf-8";

/// The style of every page, in which it stands.
pub const STYLE: &str = include_str!("../templates/page.css");

/// Allows the pages' own style, by its hash, and a form to the same origin;
/// nothing else can be loaded or run (Content Security Policy Level 3).
static CONTENT_SECURITY_POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        BASE64_STANDARD.encode(Sha256::digest(STYLE))
    )
});

/// The headers that every page needs, besides its media type.
///
/// The page's URL holds a secret, so no referrer leaves it, to its own origin
/// neither. That makes browsers send `Origin: null` with the form (Fetch, 3.2):
/// the secret in the URL says that a `POST` is meant, `Origin` cannot.
#[must_use]
pub fn headers(language: Language) -> [(HeaderName, &'static str); 8] {
    [
        (
            header::CONTENT_SECURITY_POLICY,
            CONTENT_SECURITY_POLICY.as_str(),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, NO_STORE),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
        (header::CONTENT_LANGUAGE, language.code()),
    ]
}

/// A page as an answer.
#[must_use]
pub fn reply(status: StatusCode, language: Language, body: String) -> Reply {
    let reply = Reply::text(status, MEDIA_TYPE, body);
    let headers = headers(language).into_iter();
    headers.fold(reply, |reply, (name, value)| reply.with_header(name, value))
}

/// A page that says something and has no form.
#[derive(Debug, Template)]
#[template(path = "message.html")]
pub struct Message<'a> {
    /// Names the page to tests: the texts depend on the language.
    pub page: &'static str,
    /// The language.
    pub language: Language,
    /// The organization that it is about, where that is told.
    pub organization: Option<&'a str>,
    /// The title.
    pub title: &'static str,
    /// The text.
    pub paragraphs: &'a [&'static str],
    /// What is set off from the text, where something is.
    pub value: Option<&'a str>,
}

/// The language that the browser asks for, where it does.
#[must_use]
pub fn asked_language(call: &Call<'_>) -> Option<Language> {
    let accepted = call.request().headers().get(header::ACCEPT_LANGUAGE)?;
    accepted.to_str().ok().map(|text| negotiate(Some(text)))
}

/// Sends the browser somewhere, so that looking at it again does nothing again (RFC 9110,
/// 15.4.4).
#[must_use]
pub fn see_other(language: Language, location: &str) -> Reply {
    // Of a type, as API Gateway takes what has none for JSON.
    let reply = reply(StatusCode::SEE_OTHER, language, String::new());
    reply.with_header(header::LOCATION, location)
}

/// The answer to a link that is not good (any more). Whose it was is not known, so the
/// browser says which language to speak.
///
/// # Errors
/// Any other error, as it is.
pub fn dead_link(
    call: &Call<'_>,
    error: Error,
    paragraphs: impl Fn(Language) -> Vec<&'static str>,
) -> Result<Reply> {
    let Error::NotFound(_) = error else {
        return Err(error);
    };
    let language = asked_language(call).unwrap_or(Language::DEFAULT);
    let body = render(&Message {
        page: "dead-link",
        language,
        organization: None,
        title: common_texts(language).dead_link_title,
        paragraphs: &paragraphs(language),
        value: None,
    });
    let reply = reply(StatusCode::NOT_FOUND, language, body);
    Ok(reply.with_header(header::VARY, "Accept-Language"))
}

/// What went wrong on our side, or with a request that no browser sends.
#[must_use]
pub fn render_error(error: &Error, _request_id: Option<&str>) -> Reply {
    let language = Language::En;
    let texts = common_texts(language);
    let body = render(&Message {
        page: "unavailable",
        language,
        organization: None,
        title: texts.unavailable_title,
        paragraphs: &[texts.unavailable_text],
        value: None,
    });
    problem::with_retry_after(reply(problem::status(error), language, body), error)
}

/// The HTML of a page. Writing to a `String` does not fail, and neither does showing a
/// string, so there is no error to pass on.
#[must_use]
pub fn render(page: &impl Template) -> String {
    page.render().unwrap_or_default()
}
