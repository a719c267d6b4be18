//! The mails that were sent, for whoever works on this machine: two pages of the
//! gateway that the API on AWS does not have.

use std::net::{IpAddr, SocketAddr};

use askama::Template;
use hyper::{
    Method, Request, Response, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderValue, REFERRER_POLICY,
    },
    http::uri::Authority,
};
use roster_mail::{Mailbox, mailbox::Delivered};
use roster_runtime::answer::reply::NO_STORE;

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
pub fn answer<B>(
    mailbox: &Mailbox,
    listens: SocketAddr,
    request: &Request<B>,
) -> Option<Response<Vec<u8>>> {
    let path = request.uri().path();
    if request.method() != Method::GET || ![PAGE, JSON].contains(&path) {
        return None;
    }
    if let Some(refused) = refused(listens, request) {
        return Some(refused);
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
    Some(shown(media_type, body.unwrap_or_default()))
}

/// Refuses a request that does not name this machine; none where it does.
pub(crate) fn refused<B>(listens: SocketAddr, request: &Request<B>) -> Option<Response<Vec<u8>>> {
    if is_for_this_machine(request, listens.port()) {
        return None;
    }
    let path = request.uri().path();
    let text = format!("open http://{listens}{path}: this page is for this machine alone\n");
    let mut refused = Response::new(text.into_bytes());
    *refused.status_mut() = StatusCode::MISDIRECTED_REQUEST;
    let media_type = HeaderValue::from_static("text/plain; charset=utf-8");
    refused.headers_mut().insert(CONTENT_TYPE, media_type);
    Some(refused)
}

/// A page that nothing keeps and that loads nothing.
pub(crate) fn shown(media_type: &'static str, body: String) -> Response<Vec<u8>> {
    let mut response = Response::new(body.into_bytes());
    *response.status_mut() = StatusCode::OK;
    // The links are secrets: nothing may keep them or hand them on.
    for (name, value) in [
        (CONTENT_TYPE, media_type),
        (CACHE_CONTROL, NO_STORE),
        (REFERRER_POLICY, "no-referrer"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

/// Whether a request names this machine, and this port of it. A web page whose
/// own name was made to lead here (DNS rebinding) names another, and would read
/// the links in the mails otherwise.
fn is_for_this_machine<B>(request: &Request<B>, port: u16) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    let named = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok().and_then(|host| host.parse().ok()),
        _ => None,
    };
    let is_loopback = |authority: &Authority| {
        let host = authority.host();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        let is_loopback = address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback());
        let has_port = authority.port_u16().unwrap_or(80) == port;
        let has_user = authority.as_str().contains('@');
        (is_loopback || host.eq_ignore_ascii_case("localhost")) && has_port && !has_user
    };
    // Where the target names a host too, that is the one that counts (RFC 9112,
    // 3.2.2).
    named.as_ref().is_some_and(is_loopback) && request.uri().authority().is_none_or(is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(target: &str, hosts: &[&str]) -> bool {
        let mut request = Request::builder().uri(target);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        is_for_this_machine(&request.body(()).expect("a request"), 3000)
    }

    #[test]
    fn only_a_loopback_host_with_the_right_port_is_this_machine() {
        for host in [
            "127.0.0.1:3000",
            "127.1.2.3:3000",
            "localhost:3000",
            "LOCALHOST:3000",
            "[::1]:3000",
        ] {
            assert!(asked(PAGE, &[host]), "{host}");
        }
        for host in [
            "",
            "localhost",
            "localhost:3001",
            "127.0.0.1",
            "evil.example:3000",
            "localhost.evil.example:3000",
            "127.0.0.1.evil.example:3000",
            "evil@localhost:3000",
            "192.0.2.1:3000",
            "0.0.0.0:3000",
            "[::]:3000",
            "[::1:3000",
            "localhost :3000",
        ] {
            assert!(!asked(PAGE, &[host]), "{host}");
        }
        assert!(!asked(PAGE, &[]));
        assert!(!asked(PAGE, &["localhost:3000", "evil.example:3000"]));
        assert!(!asked(
            "http://evil.example/_local/mail",
            &["localhost:3000"]
        ));
        assert!(asked(
            "http://localhost:3000/_local/mail",
            &["localhost:3000"]
        ));
    }
}
