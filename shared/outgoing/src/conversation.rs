//! Several requests on one connection, for what is agreed on a connection and not in each
//! request (NTLM).

use std::{future::poll_fn, time::Duration};

use http::{
    Request, Uri,
    header::{HOST, HeaderValue},
};
use http_body_util::Full;
use hyper::{
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
};
use hyper_rustls::MaybeHttpsStream;
use roster_domain::hooks::target::TargetUrl;
use tokio::task::JoinHandle;
use tower_service::Service as _;

use crate::{Answer, Bounds, Client, Lookup, Unanswered, no_url, why};

/// A connection to one server.
#[derive(Debug)]
pub struct Conversation {
    sender: SendRequest<Full<Bytes>>,
    uri: Uri,
    host: HeaderValue,
    certificate: Option<Vec<u8>>,
    connection: JoinHandle<()>,
}

impl Drop for Conversation {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

impl<L: Lookup> Client<L> {
    /// Connects to a target's server.
    ///
    /// # Errors
    /// [`Unanswered`]
    pub async fn connect(
        &self,
        target: &TargetUrl,
        time: Duration,
    ) -> Result<Conversation, Unanswered> {
        let connected = tokio::time::timeout(time, self.connected(target)).await;
        connected.unwrap_or(Err(Unanswered::TooLate(time)))
    }

    async fn connected(&self, target: &TargetUrl) -> Result<Conversation, Unanswered> {
        let uri: Uri = self.checked(target)?.parse().map_err(|_| no_url())?;
        let authority = uri.authority().ok_or_else(no_url)?;
        let host = HeaderValue::from_str(authority.as_str()).map_err(|_| no_url())?;
        let mut connector = self.connector.clone();
        let connected = async {
            poll_fn(|context| connector.poll_ready(context)).await?;
            connector.call(uri.clone()).await
        };
        let stream = connected.await.map_err(|error| why(&*error, true))?;
        let certificate = match &stream {
            MaybeHttpsStream::Http(_) => None,
            MaybeHttpsStream::Https(tls) => {
                let (_, session) = tls.inner().get_ref();
                let first = session.peer_certificates().and_then(<[_]>::first);
                first.map(|first| first.to_vec())
            }
        };
        let (sender, connection) = handshake(stream).await.map_err(|error| why(&error, true))?;
        // What becomes of it is told by the requests.
        let connection = tokio::spawn(async {
            let _ = connection.await;
        });
        Ok(Conversation {
            sender,
            uri,
            host,
            certificate,
            connection,
        })
    }
}

impl Conversation {
    /// The certificate that the server showed (DER); none without TLS.
    #[must_use]
    pub fn certificate(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }

    /// Sends a request once, to the target. `request` has all but the address.
    ///
    /// # Errors
    /// [`Unanswered`]
    pub async fn send(
        &mut self,
        request: http::request::Builder,
        body: impl Into<Bytes>,
        bounds: Bounds,
    ) -> Result<Answer, Unanswered> {
        let path = self.uri.path_and_query().map_or("/", |it| it.as_str());
        let request = request.uri(path).header(HOST, &self.host);
        let request = request.body(Full::from(body.into()));
        let request = request.map_err(|_| no_url())?;
        let answered = tokio::time::timeout(bounds.time, self.answer(request, bounds.bytes)).await;
        answered.unwrap_or(Err(Unanswered::TooLate(bounds.time)))
    }

    async fn answer(
        &mut self,
        request: Request<Full<Bytes>>,
        most: usize,
    ) -> Result<Answer, Unanswered> {
        let broken = |error: hyper::Error| why(&error, false);
        self.sender.ready().await.map_err(broken)?;
        let response = self.sender.send_request(request).await.map_err(broken)?;
        Ok(Answer::read(response, most).await)
    }
}
