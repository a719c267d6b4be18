//! HTTP to and from the events of an HTTP API (payload format 2.0).

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::{
    HeaderMap, Response, StatusCode,
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
    http::request::Parts,
};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::router::Found;

/// What comes before the functions.
#[derive(Debug)]
pub struct Incoming<'a> {
    /// Method, path, query, headers.
    pub parts: &'a Parts,
    /// The body.
    pub body: &'a [u8],
    /// The route it is for.
    pub found: &'a Found<'a>,
    /// The request's id.
    pub request_id: &'a str,
    /// Who sent it.
    pub source_ip: String,
    /// Where the gateway listens: its domain, whatever `Host` says.
    pub domain: &'a str,
}

impl Incoming<'_> {
    /// The event that the authorizer gets.
    #[must_use]
    pub fn authorizer_event(&self, identity: &str) -> Value {
        json!({
            "version": "2.0",
            "type": "REQUEST",
            "routeArn": format!("arn:aws:execute-api:local:000000000000:local/$default/{}", self.found.key),
            "identitySource": [identity],
            "routeKey": self.found.key,
            "rawPath": self.path(),
            "rawQueryString": self.parts.uri.query().unwrap_or_default(),
            "headers": self.headers(),
            "requestContext": self.context(None),
            "pathParameters": self.found.parameters,
        })
    }

    /// The event that the function gets.
    #[must_use]
    pub fn event(&self, authorizer: Option<&Value>) -> Value {
        let (body, is_base64) = if self.body.is_empty() {
            (Value::Null, false)
        } else {
            match std::str::from_utf8(self.body) {
                Ok(text) if self.is_text() => (text.into(), false),
                _ => (STANDARD.encode(self.body).into(), true),
            }
        };
        json!({
            "version": "2.0",
            "routeKey": self.found.key,
            "rawPath": self.path(),
            "rawQueryString": self.parts.uri.query().unwrap_or_default(),
            "headers": self.headers(),
            "requestContext": self.context(authorizer),
            "pathParameters": self.found.parameters,
            "body": body,
            "isBase64Encoded": is_base64,
        })
    }

    /// The path as a function gets it. An HTTP API decodes it, whatever was escaped: a
    /// function cannot tell `%2F` from a slash.
    fn path(&self) -> String {
        let path = percent_decode_str(self.parts.uri.path());
        path.decode_utf8_lossy().into_owned()
    }

    /// Which bodies API Gateway hands on as text.
    fn is_text(&self) -> bool {
        let value = self.parts.headers.get(CONTENT_TYPE);
        let media_type = value
            .and_then(|value| value.to_str().ok())
            .unwrap_or("text/plain");
        [
            "text/",
            "application/json",
            "application/javascript",
            "application/xml",
        ]
        .iter()
        .any(|text| media_type.starts_with(text))
    }

    /// Names in lower case, values of one name joined by commas. Those that
    /// API Gateway sets itself cannot be forged.
    fn headers(&self) -> Map<String, Value> {
        let mut headers: HashMap<&str, String> = HashMap::new();
        for (name, value) in &self.parts.headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            headers
                .entry(name.as_str())
                .and_modify(|all| {
                    all.push(',');
                    all.push_str(&value);
                })
                .or_insert_with(|| value.into_owned());
        }
        headers.insert("x-forwarded-proto", "http".to_owned());
        headers.insert("x-forwarded-for", self.source_ip.clone());
        headers.insert("host", self.domain.to_owned());
        headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect()
    }

    fn context(&self, authorizer: Option<&Value>) -> Value {
        #[expect(
            clippy::disallowed_methods,
            reason = "when API Gateway got the request: handlers go by App::clock"
        )]
        let now = Timestamp::now();
        let agent = self.parts.headers.get(hyper::header::USER_AGENT);
        let mut context = json!({
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": self.domain,
            "domainPrefix": "local",
            "http": {
                "method": self.parts.method.as_str(),
                "path": self.path(),
                "protocol": "HTTP/1.1",
                "sourceIp": self.source_ip,
                "userAgent": agent.and_then(|agent| agent.to_str().ok()).unwrap_or_default(),
            },
            "requestId": self.request_id,
            "routeKey": self.found.key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.as_millisecond(),
        });
        if let (Some(authorizer), Some(context)) = (authorizer, context.as_object_mut()) {
            context.insert("authorizer".to_owned(), json!({ "lambda": authorizer }));
        }
        context
    }
}

/// What a function answered, as HTTP. None where API Gateway could not read it.
#[must_use]
pub fn response(answer: &Value) -> Option<Response<Vec<u8>>> {
    let status = answer.get("statusCode")?.as_u64()?;
    let status = StatusCode::from_u16(u16::try_from(status).ok()?).ok()?;
    let text = answer
        .get("body")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let is_base64 = answer
        .get("isBase64Encoded")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let body = if is_base64 {
        STANDARD.decode(text).ok()?
    } else {
        text.as_bytes().to_vec()
    };
    let mut headers = HeaderMap::new();
    let given = answer.get("headers").and_then(Value::as_object);
    for (name, value) in given.into_iter().flatten() {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        headers.insert(name, HeaderValue::from_str(value.as_str()?).ok()?);
    }
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Some(response)
}
