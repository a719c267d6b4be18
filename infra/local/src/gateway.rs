//! The gateway: what API Gateway does before and after a function.

pub mod authorizer_cache;
pub mod event;
pub mod functions;
pub mod router;

use std::net::SocketAddr;

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming as HyperBody},
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use roster_domain::{KeyId, access::secret};
use roster_runtime::{answer::lambda::MAX_PAYLOAD, function::log};
use serde_json::{Value, json};

use authorizer_cache::AuthorizerCache;
use event::Incoming;
use functions::Functions;
use router::{Found, Router};

/// Most bytes that an HTTP API takes.
const MAX_REQUEST: usize = 10 * 1024 * 1024;

/// The gateway's state.
#[derive(Debug)]
pub struct Gateway<F> {
    /// What runs the functions.
    pub functions: F,
    /// The routes.
    pub router: Router,
    /// The authorizer's answers.
    pub cache: AuthorizerCache,
    /// Where it listens.
    pub address: SocketAddr,
}

/// An answer that API Gateway gives by itself: a status, and the message in its body.
struct GatewayResponse(StatusCode, &'static str);

const UNAUTHORIZED: GatewayResponse = GatewayResponse(StatusCode::UNAUTHORIZED, "Unauthorized");
const FORBIDDEN: GatewayResponse = GatewayResponse(StatusCode::FORBIDDEN, "Forbidden");
const NOT_FOUND: GatewayResponse = GatewayResponse(StatusCode::NOT_FOUND, "Not Found");
const TOO_LARGE: GatewayResponse =
    GatewayResponse(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
const TOO_LONG: GatewayResponse =
    GatewayResponse(StatusCode::PAYLOAD_TOO_LARGE, "Request Too Long");
const BROKEN: GatewayResponse =
    GatewayResponse(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");

impl<F: Functions> Gateway<F> {
    /// Answers a request.
    pub async fn serve(
        &self,
        request: Request<HyperBody>,
        peer: SocketAddr,
    ) -> Response<Full<Bytes>> {
        let request_id = new_request_id();
        let found = self.router.find(request.method(), request.uri().path());
        // Never the path as it was sent: somebody may have put a key into it.
        let operation = found
            .as_ref()
            .map_or("no operation", |found| found.key.as_str())
            .to_owned();
        let mut response = match self.try_serve(request, found, peer, &request_id).await {
            Ok(response) => response.map(|body| Full::new(Bytes::from(body))),
            Err(GatewayResponse(status, message)) => {
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
        found: Option<Found<'_>>,
        peer: SocketAddr,
        request_id: &str,
    ) -> Result<Response<Vec<u8>>, GatewayResponse> {
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
        let context = match &found.route.authorizer {
            None => None,
            Some(authorizer) => Some(self.authorize(&incoming, authorizer).await?),
        };
        let event = incoming.event(context.as_ref());
        let answer = self.invoke(&found.route.function, &event).await?;
        event::response(&answer).ok_or_else(|| broken("the function's answer cannot be sent"))
    }

    /// The context that the authorizer hands on.
    async fn authorize(
        &self,
        incoming: &Incoming<'_>,
        authorizer: &str,
    ) -> Result<Value, GatewayResponse> {
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
        let event = incoming.authorizer_event(identity);
        let answer = self.invoke(authorizer, &event).await?;
        let admitted = answer.get("isAuthorized").and_then(Value::as_bool);
        let admitted = admitted.ok_or_else(|| broken("the authorizer's answer says nothing"))?;
        let context = admitted.then(|| answer.get("context").cloned().unwrap_or_default());
        self.cache.put(identity, context.clone());
        context.ok_or(FORBIDDEN)
    }

    /// What a function answers to an event, within what Lambda takes and hands on.
    async fn invoke(&self, function: &str, event: &Value) -> Result<Value, GatewayResponse> {
        let event = event.to_string();
        if event.len() > MAX_PAYLOAD {
            return Err(TOO_LONG);
        }
        let answer = self.functions.invoke(function, event).await;
        let answer = answer.map_err(broken)?;
        if answer.len() > MAX_PAYLOAD {
            return Err(broken(
                "the function's answer is larger than Lambda's may be",
            ));
        }
        serde_json::from_str(&answer).map_err(broken)
    }
}

fn broken(cause: impl std::fmt::Display) -> GatewayResponse {
    tracing::error!(%cause, "the gateway failed");
    BROKEN
}

/// Unique enough to find a request in the log.
pub(crate) fn new_request_id() -> String {
    #[expect(clippy::disallowed_methods, reason = "in a request's id alone")]
    let time = KeyId::generate(jiff::Timestamp::now());
    format!("{time}-{}", secret::random_base62(4))
}
