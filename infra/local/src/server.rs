//! Connections to the local API, and what becomes of them when it stops.

use std::{convert::Infallible, future::Future, net::SocketAddr, time::Duration};

use http_body_util::Full;
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{rt::TokioIo, server::graceful::GracefulShutdown};
use tokio::{net::TcpListener, sync::oneshot};

/// Answers the requests that come to a listener until `stopped` is sent or dropped,
/// and lets those finish that came before. `answer` gets a request and who sent it.
pub async fn serve<A, F>(listener: TcpListener, answer: A, mut stopped: oneshot::Receiver<()>)
where
    A: Fn(Request<Incoming>, SocketAddr) -> F + Clone + Send + 'static,
    F: Future<Output = Response<Full<Bytes>>> + Send + 'static,
{
    let graceful = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(cause = %error, "a connection was not accepted");
                    continue;
                }
            },
            _ = &mut stopped => break,
        };
        let answer = answer.clone();
        let service = service_fn(move |request| {
            let answering = answer(request, peer);
            async move { Ok::<_, Infallible>(answering.await) }
        });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(cause = %error, "a connection ended early");
            }
        });
    }
    // A client that never finishes must not keep the process.
    let _ = tokio::time::timeout(Duration::from_secs(10), graceful.shutdown()).await;
}
