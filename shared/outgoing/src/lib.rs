//! Requests to strangers' servers: to addresses that are checked when the connection is
//! made, for a bounded time, and reading a bounded answer.

mod conversation;
mod resolver;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client as HttpClient, connect::HttpConnector},
    rt::TokioExecutor,
};
use roster_domain::hooks::target::{TargetUrl, Targets};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

pub use crate::conversation::Conversation;
use crate::resolver::{Checked, NotAllowed};
pub use crate::resolver::{Lookup, System};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Sends requests. Follows no redirect and uses no proxy.
#[derive(Debug)]
pub struct Client<L = System> {
    http: HttpClient<Connector<L>, Full<Bytes>>,
    connector: Connector<L>,
    targets: Targets,
}

type Connector<L> = HttpsConnector<HttpConnector<Checked<L>>>;

/// What a request may take.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How long, from its beginning to the end of the answer.
    pub time: Duration,
    /// How much of the answer's body is read, in bytes.
    pub bytes: usize,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as much of it as was read.
    pub body: Vec<u8>,
    /// Whether that is all of it.
    pub is_whole: bool,
}

impl Answer {
    /// Reads so much of a response.
    async fn read(response: Response<Incoming>, most: usize) -> Self {
        let (parts, body) = response.into_parts();
        let (body, is_whole) = beginning(body, most).await;
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
            is_whole,
        }
    }

    /// A header, where it is there and a text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// The address is not allowed: what is wrong with it.
    #[error("the address {0}")]
    NotAllowed(String),
    /// No connection was made.
    #[error("the server could not be reached: {0}")]
    Unreachable(String),
    /// There was no answer by the end of the time.
    #[error("the server did not answer within {} seconds", .0.as_secs())]
    TooLate(Duration),
    /// It did not answer as HTTP asks.
    #[error("the server did not answer as HTTP asks: {0}")]
    Broken(String),
}

impl Client {
    /// One that goes to these targets alone.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(targets: Targets) -> Result<Self, rustls::Error> {
        Self::resolving(targets, System)
    }
}

impl<L: Lookup> Client<L> {
    /// As [`Client::new`], where `lookup` says where a name leads.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn resolving(targets: Targets, lookup: L) -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls);
        let connector = match targets {
            Targets::Public => connector.https_only(),
            Targets::Any => connector.https_or_http(),
        };
        let mut http = HttpConnector::new_with_resolver(Checked { targets, lookup });
        http.enforce_http(false);
        http.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let connector = connector.enable_http1().wrap_connector(http);
        // A connection that is kept would go on leading where its name led once.
        let http = HttpClient::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector.clone());
        Ok(Self {
            http,
            connector,
            targets,
        })
    }

    /// Which targets it goes to.
    #[must_use]
    pub fn targets(&self) -> Targets {
        self.targets
    }

    /// Sends a request once. `request` has all but the address.
    ///
    /// # Errors
    /// [`Unanswered`]
    pub async fn send(
        &self,
        target: &TargetUrl,
        request: http::request::Builder,
        body: impl Into<Bytes>,
        bounds: Bounds,
    ) -> Result<Answer, Unanswered> {
        let request = request.uri(self.checked(target)?);
        let request = request.body(Full::from(body.into()));
        let request = request.map_err(|_| no_url())?;
        let answered = tokio::time::timeout(bounds.time, self.answer(request, bounds.bytes)).await;
        answered.unwrap_or(Err(Unanswered::TooLate(bounds.time)))
    }

    /// A target as it is asked for, where it may be.
    fn checked(&self, target: &TargetUrl) -> Result<String, Unanswered> {
        // An address without a name leads past the resolver; and what is allowed may be
        // another since the address was entered.
        let target = TargetUrl::read(target.as_str(), self.targets);
        let target = target.map_err(|wrong| Unanswered::NotAllowed(wrong.0))?;
        // As it was read: in the form in which whoever connects reads it.
        let uri = url::Url::parse(target.as_str()).map(String::from);
        uri.map_err(|_| no_url())
    }

    async fn answer(
        &self,
        request: Request<Full<Bytes>>,
        most: usize,
    ) -> Result<Answer, Unanswered> {
        let response = self.http.request(request).await;
        let response = response.map_err(|error| why(&error, error.is_connect()))?;
        Ok(Answer::read(response, most).await)
    }
}

/// The first bytes of a body, and whether they are all of it.
async fn beginning(mut body: Incoming, most: usize) -> (Vec<u8>, bool) {
    let mut read = Vec::new();
    loop {
        match body.frame().await {
            None => return (read, true),
            Some(Err(_)) => return (read, false),
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    read.extend_from_slice(data);
                }
                if read.len() > most {
                    read.truncate(most);
                    return (read, false);
                }
            }
        }
    }
}

fn no_url() -> Unanswered {
    Unanswered::NotAllowed("is no URL".to_owned())
}

fn why(error: &(dyn std::error::Error + 'static), is_connect: bool) -> Unanswered {
    let mut innermost = error;
    loop {
        if let Some(NotAllowed(detail)) = innermost.downcast_ref() {
            return Unanswered::NotAllowed(detail.clone());
        }
        let Some(source) = innermost.source() else {
            break;
        };
        innermost = source;
    }
    let detail = innermost.to_string();
    if is_connect {
        Unanswered::Unreachable(detail)
    } else {
        Unanswered::Broken(detail)
    }
}
