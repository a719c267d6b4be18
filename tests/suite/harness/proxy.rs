//! A second API over the same table, whose calls to the engine pass through the
//! test: it can hold them, answer them itself, or lose their answers.

use std::{future::Future, sync::Arc};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::harness::Api;

/// A request on its way to the engine.
pub struct EngineRequest {
    /// As DynamoDB names it: `PutItem`.
    pub operation: String,
    pub body: Value,
    engine: reqwest::RequestBuilder,
}

/// An answer of the engine, or one in its place.
pub struct Reply {
    pub status: u16,
    pub body: Value,
}

impl EngineRequest {
    /// Lets it go on.
    pub async fn send(self) -> Reply {
        let sent = self.engine.body(self.body.to_string()).send().await;
        let answer = sent.unwrap();
        let status = answer.status().as_u16();
        let body = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        Reply { status, body }
    }
}

/// An API over the table of another. `pass` brings each of its calls to an
/// answer; where it has none, the connection ends.
pub async fn behind<P, F>(api: &Api, pass: P) -> Api
where
    P: Fn(EngineRequest) -> F + Send + Sync + 'static,
    F: Future<Output = Option<Reply>> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (engine, pass) = (api.dynamodb_url().to_owned(), Arc::new(pass));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (engine, pass) = (engine.clone(), Arc::clone(&pass));
            let service = service_fn(move |request| {
                let (engine, pass) = (engine.clone(), Arc::clone(&pass));
                async move {
                    let request = received(&engine, request).await;
                    pass(request).await.map(render).ok_or("the answer is lost")
                }
            });
            let server = hyper::server::conn::http1::Builder::new();
            tokio::spawn(server.serve_connection(TokioIo::new(client), service));
        }
    });
    Api::start_beside(api, url).await
}

async fn received(engine: &str, request: Request<Incoming>) -> EngineRequest {
    let (head, body) = request.into_parts();
    let target = head.headers["x-amz-target"].to_str().unwrap();
    let operation = target.rsplit('.').next().unwrap().to_owned();
    let body = body.collect().await.unwrap().to_bytes();
    let mut engine = reqwest::Client::new().post(engine);
    for name in [
        "x-amz-target",
        "content-type",
        "authorization",
        "x-amz-date",
    ] {
        engine = engine.header(name, &head.headers[name]);
    }
    EngineRequest {
        operation,
        body: serde_json::from_slice(&body).unwrap(),
        engine,
    }
}

fn render(reply: Reply) -> Response<Full<Bytes>> {
    let body = Full::new(Bytes::from(reply.body.to_string()));
    let answer = Response::builder().status(reply.status);
    let answer = answer.header("content-type", "application/x-amz-json-1.0");
    answer.body(body).unwrap()
}
