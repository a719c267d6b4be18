//! The mails that were sent, for whoever works on this machine: two pages of the
//! gateway that the API on AWS does not have.

use askama::Template;
use hyper::{
    Method, Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY},
};
use roster_mail::{Mailbox, mailbox::Delivered};

/// A page for people.
pub const PAGE: &str = "/_local/mail";
/// The same for scripts: a JSON array of objects with `to`, `subject`, `text`,
/// `html`, `link` and `sent_at`, the newest first.
pub const JSON: &str = "/_local/mail.json";

#[derive(Template)]
#[template(path = "mail.html")]
struct Page {
    mails: Vec<Delivered>,
}

/// Answers a request for one of the two; none where it is for something else.
#[must_use]
pub fn answer(mailbox: &Mailbox, method: &Method, path: &str) -> Option<Response<Vec<u8>>> {
    if method != Method::GET {
        return None;
    }
    let (media_type, body) = match path {
        PAGE => {
            let mails = mailbox.mails();
            ("text/html; charset=utf-8", Page { mails }.render().ok())
        }
        JSON => (
            "application/json",
            serde_json::to_string(&mailbox.mails()).ok(),
        ),
        _ => return None,
    };
    let mut response = Response::new(body.unwrap_or_default().into_bytes());
    *response.status_mut() = StatusCode::OK;
    // The links are secrets: nothing may keep them or hand them on.
    for (name, value) in [
        (CONTENT_TYPE, media_type),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    Some(response)
}
