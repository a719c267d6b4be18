//! What API Gateway hands to a function (payload format 2.0), as a request.
//!
//! `lambda_http` reads the same, but panics where a `Host` or a query holds what
//! no URI can: here nothing can fail that a client has a say in. What the host
//! and the headers around it claim is not in the request's URI either.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lambda_http::{
    Body, Request, RequestExt,
    aws_lambda_events::{apigw::ApiGatewayV2httpRequestContext, query_map::QueryMap},
    http::{HeaderMap, HeaderName, HeaderValue, Uri},
    request::RequestContext,
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Deserialize;

/// What the query of a URI cannot hold as it is (RFC 3986, 3.4), but for the
/// percent sign: what was escaped before stays as it was.
const QUERY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// The same of a path.
const PATH: &AsciiSet = &QUERY.add(b'?');

/// One event.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    raw_path: Option<String>,
    raw_query_string: Option<String>,
    headers: Option<HashMap<String, String>>,
    path_parameters: Option<HashMap<String, String>>,
    request_context: ApiGatewayV2httpRequestContext,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

impl Event {
    /// The request.
    #[must_use]
    pub fn into_request(self) -> Request {
        let path = self.raw_path.unwrap_or_default();
        let query = self.raw_query_string.unwrap_or_default();
        let mut request = Request::new(body(self.body, self.is_base64_encoded));
        *request.method_mut() = self.request_context.http.method.clone();
        *request.uri_mut() = uri(&path, &query);
        *request.headers_mut() = headers(self.headers.unwrap_or_default());
        request
            .with_raw_http_path(path)
            .with_query_string_parameters(query.parse::<QueryMap>().unwrap_or_default())
            .with_path_parameters(self.path_parameters.unwrap_or_default())
            .with_request_context(RequestContext::ApiGatewayV2(self.request_context))
    }
}

fn body(text: Option<String>, is_base64: bool) -> Body {
    match text {
        None => Body::Empty,
        Some(text) if is_base64 => match STANDARD.decode(&text) {
            Ok(bytes) => Body::Binary(bytes),
            Err(_) => Body::Text(text),
        },
        Some(text) => Body::Text(text),
    }
}

/// Path and query, with everything escaped that a URI cannot hold. One that is
/// longer than a URI can be is the root's.
fn uri(path: &str, query: &str) -> Uri {
    let mut text = utf8_percent_encode(path, PATH).to_string();
    if !text.starts_with('/') {
        text.insert(0, '/');
    }
    if !query.is_empty() {
        text.push('?');
        text.extend(utf8_percent_encode(query, QUERY));
    }
    text.parse().unwrap_or_default()
}

/// Without those that no HTTP message can hold.
fn headers(given: HashMap<String, String>) -> HeaderMap {
    let read = |(name, value): (String, String)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
    };
    given.into_iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use lambda_http::request::LambdaRequest;
    use serde_json::{Value, json};

    use super::*;

    fn event(path: &str, query: &str, headers: &Value) -> Value {
        json!({
            "version": "2.0",
            "routeKey": "GET /v2/users/{user_id}",
            "rawPath": path,
            "rawQueryString": query,
            "headers": headers,
            "requestContext": {
                "domainName": "api.example.com",
                "http": { "method": "PUT", "path": path, "sourceIp": "192.0.2.1" },
                "requestId": "1",
                "stage": "$default",
            },
            "pathParameters": { "user_id": "1" },
            "body": "eyJhIjoxfQ==",
            "isBase64Encoded": true,
        })
    }

    fn read(event: &Value) -> Request {
        let event: Event = serde_json::from_value(event.clone()).expect("an event");
        event.into_request()
    }

    #[test]
    fn what_no_uri_can_hold_is_escaped_and_never_panics() {
        let odd = [
            "",
            "/",
            "*",
            "@evil",
            ":x",
            "//",
            "/\"<>",
            "/a b",
            "/%",
            "/%zz",
            "/\u{0}\u{7f}",
            "/é\u{fffd}",
            "/?#",
            "/[::1",
            "/{user}|^`\\",
            "http://[",
            "/..",
            "/%2e%2e/",
        ];
        let hosts = [
            "", " ", "[", "a b", "\"", "<>", ":", "a:b:c", "%", "é", "@", "/", "?", "#", "\u{0}",
        ];
        for path in odd {
            for query in odd {
                for host in hosts {
                    let headers = json!({ "host": host, "x-forwarded-proto": host, "x-odd": path });
                    let request = read(&event(path, query, &headers));
                    assert_eq!(request.uri().authority(), None);
                    assert!(request.uri().path().starts_with('/'));
                    assert_eq!(request.raw_http_path(), path);
                }
            }
        }
        let query = "/a?q=\"<é>\"&r=%22&s=a+b";
        let request = read(&event("/a\"b", &query[3..], &json!({})));
        assert_eq!(request.uri(), "/a%22b?q=%22%3C%C3%A9%3E%22&r=%22&s=a+b");
        let parameters = request.query_string_parameters();
        assert_eq!(parameters.first("q"), Some("\"<é>\""));
        assert_eq!(parameters.first("r"), Some("\""));
        assert_eq!(parameters.first("s"), Some("a b"));
    }

    #[test]
    fn a_path_that_is_longer_than_a_uri_can_be_is_no_panic() {
        let long = format!("/{}", "\"".repeat(70_000));
        assert_eq!(read(&event(&long, &long, &json!({}))).uri(), "/");
    }

    #[test]
    fn a_body_that_is_not_the_base64_it_should_be_is_no_panic() {
        let mut event = event("/", "", &json!({}));
        event["body"] = "\u{fffd}%".into();
        assert!(matches!(read(&event).body(), Body::Text(_)));
    }

    /// Where `lambda_http` does not panic, both read the same.
    #[test]
    fn an_ordinary_event_is_read_as_lambda_http_reads_it() {
        let headers = json!({
            "host": "api.example.com",
            "content-type": "application/json",
            "accept-encoding": "gzip,br",
            "x-text": "é",
        });
        for query in ["", "a=1", "q=%22x%22&q=a+b&c", "limit=&=x"] {
            let event = event("/v2/users/1", query, &headers);
            let theirs: LambdaRequest = serde_json::from_value(event.clone()).expect("an event");
            let (theirs, ours) = (Request::from(theirs), read(&event));
            assert_eq!(ours.method(), theirs.method());
            assert_eq!(ours.uri().path_and_query(), theirs.uri().path_and_query());
            assert_eq!(ours.headers(), theirs.headers());
            assert_eq!(ours.body().as_ref(), theirs.body().as_ref());
            assert_eq!(ours.raw_http_path(), theirs.raw_http_path());
            assert_eq!(ours.path_parameters(), theirs.path_parameters());
            assert_eq!(
                ours.query_string_parameters(),
                theirs.query_string_parameters()
            );
        }
    }
}
