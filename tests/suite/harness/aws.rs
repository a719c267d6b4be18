//! A service of AWS that speaks JSON, answered as a test says.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use aws_types::SdkConfig;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Bytes, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use roster_runtime::function::aws;
use serde_json::Value;
use tokio::net::TcpListener;

/// A call: its operation, as `SendMessage`, and its body.
pub type Call = (String, Value);

/// A server, and what it was asked.
pub struct AwsServer {
    /// What a client of it is made from.
    pub config: SdkConfig,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl AwsServer {
    /// Begins to serve: `answer` makes a status and a body of an operation and its body.
    pub async fn start(
        answer: impl Fn(&str, &Value) -> (u16, Value) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (Arc::clone(&calls), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                let service = service_fn(move |request| {
                    let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                    async move {
                        let call = read(request).await?;
                        let (status, body) = answer(&call.0, &call.1);
                        seen.lock().unwrap().push(call);
                        Ok::<_, hyper::Error>(render(status, &body))
                    }
                });
                let server = hyper::server::conn::http1::Builder::new();
                tokio::spawn(server.serve_connection(TokioIo::new(client), service));
            }
        });
        let credentials = Credentials::new("test", "test", None, None, "test");
        let config = aws::config(aws::https_client())
            .into_builder()
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url(url)
            .build();
        Self { config, calls }
    }

    /// The calls so far.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

async fn read(request: Request<Incoming>) -> Result<Call, hyper::Error> {
    let target = request.headers()["x-amz-target"].to_str().unwrap();
    let operation = target.rsplit('.').next().unwrap().to_owned();
    let body = request.into_body().collect().await?.to_bytes();
    Ok((operation, serde_json::from_slice(&body).unwrap()))
}

fn render(status: u16, body: &Value) -> Response<Full<Bytes>> {
    let answer = Response::builder().status(status);
    let answer = answer.header("content-type", "application/x-amz-json-1.1");
    answer
        .body(Full::new(Bytes::from(body.to_string())))
        .unwrap()
}
