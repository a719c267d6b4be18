//! The gateway: what API Gateway does before and after a function.

use std::net::SocketAddr;

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming as HyperBody},
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use roster_authorizer::authorize::authorize;
use roster_domain::{KeyId, access::secret};
use roster_mail::Mailbox;
use roster_runtime::{Access, App, answer::lambda::MAX_PAYLOAD, function::log, function::serve};
use serde_json::{Value, json};

use crate::{
    authorizer_cache::AuthorizerCache,
    event::{self, Incoming},
    mail_page, recorder,
    router::{Found, Router},
};

/// Most bytes that an HTTP API takes.
const MAX_REQUEST: usize = 10 * 1024 * 1024;

/// The gateway's state.
#[derive(Debug)]
pub struct Gateway {
    /// What the functions work with.
    pub app: App,
    /// The routes.
    pub router: Router,
    /// The authorizer's answers.
    pub cache: AuthorizerCache,
    /// The mails that were sent.
    pub mailbox: Mailbox,
    /// Where it listens.
    pub address: SocketAddr,
}

/// An answer that API Gateway gives by itself.
struct Refusal(StatusCode, &'static str);

const UNAUTHORIZED: Refusal = Refusal(StatusCode::UNAUTHORIZED, "Unauthorized");
const FORBIDDEN: Refusal = Refusal(StatusCode::FORBIDDEN, "Forbidden");
const NOT_FOUND: Refusal = Refusal(StatusCode::NOT_FOUND, "Not Found");
const TOO_LARGE: Refusal = Refusal(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
const TOO_LONG: Refusal = Refusal(StatusCode::PAYLOAD_TOO_LARGE, "Request Too Long");
const BROKEN: Refusal = Refusal(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");

impl Gateway {
    /// Answers a request.
    pub async fn serve(
        &self,
        request: Request<HyperBody>,
        peer: SocketAddr,
    ) -> Response<Full<Bytes>> {
        let request_id = new_request_id();
        if let Some(page) = mail_page::answer(&self.mailbox, self.address, &request) {
            return page.map(|body| Full::new(Bytes::from(body)));
        }
        let found = self.router.find(request.method(), request.uri().path());
        // Never the path as it was sent: somebody may have put a key into it.
        let operation = found
            .as_ref()
            .map_or("no operation", |found| found.key.as_str())
            .to_owned();
        let mut response = match self.try_serve(request, found, peer, &request_id).await {
            Ok(response) => response.map(|body| Full::new(Bytes::from(body))),
            Err(Refusal(status, message)) => {
                let status_code = status.as_u16();
                log::request(&request_id).in_scope(|| {
                    tracing::info!(status = status_code, "{operation} {status_code}");
                });
                let body = json!({ "message": message }).to_string();
                let mut response = Response::new(Full::new(Bytes::from(body)));
                *response.status_mut() = status;
                let json = HeaderValue::from_static("application/json");
                response.headers_mut().insert(CONTENT_TYPE, json);
                response
            }
        };
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert("apigw-requestid", value);
        }
        response
    }

    async fn try_serve(
        &self,
        request: Request<HyperBody>,
        found: Option<Found>,
        peer: SocketAddr,
        request_id: &str,
    ) -> Result<Response<Vec<u8>>, Refusal> {
        let (parts, body) = request.into_parts();
        let found = found.ok_or(NOT_FOUND)?;
        let body = Limited::new(body, MAX_REQUEST)
            .collect()
            .await
            .map_err(|_| TOO_LARGE)?
            .to_bytes();
        let domain = self.address.to_string();
        let incoming = Incoming {
            domain: &domain,
            parts: &parts,
            body: &body,
            found: &found,
            request_id,
            source_ip: peer.ip().to_string(),
        };
        let authorizer = match found.route.access {
            Access::Public => None,
            _ => Some(self.authorize(&incoming).await?),
        };
        self.invoke(&incoming, &found, authorizer.as_ref()).await
    }

    /// The context that the authorizer hands on.
    async fn authorize(&self, incoming: &Incoming<'_>) -> Result<Value, Refusal> {
        let header = incoming.parts.headers.get(AUTHORIZATION);
        let identity = header
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if identity.is_empty() {
            return Err(UNAUTHORIZED);
        }
        if let Some(kept) = self.cache.get(identity) {
            return kept.ok_or(FORBIDDEN);
        }
        let event = serde_json::from_value(incoming.authorizer_event(identity)).map_err(broken)?;
        let answer = recorder::as_function("authorizer-authorize", authorize(&self.app, event))
            .await
            .map_err(broken)?;
        let admitted = answer.get("isAuthorized") == Some(&Value::Bool(true));
        let context = admitted.then(|| answer.get("context").cloned().unwrap_or_default());
        self.cache.put(identity, context.clone());
        context.ok_or(FORBIDDEN)
    }

    /// Runs the function, through the same reading of the event and writing of
    /// the answer as in Lambda.
    async fn invoke(
        &self,
        incoming: &Incoming<'_>,
        found: &Found,
        authorizer: Option<&Value>,
    ) -> Result<Response<Vec<u8>>, Refusal> {
        let event = incoming.event(authorizer).to_string();
        if event.len() > MAX_PAYLOAD {
            return Err(TOO_LONG);
        }
        let event = serde_json::from_str(&event).map_err(broken)?;
        let answered = serve::answer(&self.app, found.route, event);
        let answer = recorder::as_function(found.route.binary, answered).await;
        let answer = serde_json::to_string(&answer).map_err(broken)?;
        if answer.len() > MAX_PAYLOAD {
            return Err(broken(
                "the function's answer is larger than Lambda's may be",
            ));
        }
        let answer = serde_json::from_str(&answer).map_err(broken)?;
        event::response(&answer).ok_or_else(|| broken("the function's answer cannot be sent"))
    }
}

fn broken(cause: impl std::fmt::Display) -> Refusal {
    tracing::error!(%cause, "the gateway failed");
    BROKEN
}

/// Unique enough to find a request in the log.
pub(crate) fn new_request_id() -> String {
    #[expect(clippy::disallowed_methods, reason = "in a request's id alone")]
    let time = KeyId::generate(jiff::Timestamp::now());
    format!("{time}-{}", secret::random_base62(4))
}
