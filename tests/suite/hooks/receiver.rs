//! A server that webhooks are told to: it answers as a test says.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use http_body_util::{BodyExt as _, Full};
use hyper::{
    HeaderMap, Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpListener, sync::Semaphore};

/// What the receiver answers.
#[derive(Clone, Debug)]
pub struct Reaction {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Reaction {
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: String::new(),
        }
    }
}

/// What arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn action(&self) -> String {
        self.json()["action"].as_str().unwrap().to_owned()
    }
}

#[derive(Debug)]
struct State {
    usual: Mutex<Reaction>,
    next: Mutex<VecDeque<Reaction>>,
    received: Mutex<Vec<Received>>,
    /// As many answers as may be given.
    gate: Semaphore,
}

/// The server.
#[derive(Clone, Debug)]
pub struct Receiver {
    pub url: String,
    state: Arc<State>,
}

impl Receiver {
    /// One that takes everything.
    pub async fn start() -> Self {
        Self::start_with(Semaphore::MAX_PERMITS).await
    }

    /// One that answers nothing until it is let.
    pub async fn start_silent() -> Self {
        Self::start_with(0).await
    }

    async fn start_with(answers: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let state = Arc::new(State {
            usual: Mutex::new(Reaction::status(200)),
            next: Mutex::default(),
            received: Mutex::default(),
            gate: Semaphore::new(answers),
        });
        let served = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&served);
                let service = service_fn(move |request| serve(Arc::clone(&state), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { url, state }
    }

    /// From now on, it answers this.
    pub fn answers(&self, reaction: Reaction) {
        *self.state.usual.lock().unwrap() = reaction;
    }

    /// It answers this once, before what it answers otherwise.
    pub fn answers_once(&self, reaction: Reaction) {
        self.state.next.lock().unwrap().push_back(reaction);
    }

    /// Lets it answer.
    pub fn release(&self) {
        self.state.gate.add_permits(1_000);
    }

    /// What has arrived so far.
    pub fn received(&self) -> Vec<Received> {
        self.state.received.lock().unwrap().clone()
    }

    /// The actions that have arrived so far, sorted.
    pub fn actions(&self) -> Vec<String> {
        let mut actions: Vec<_> = self.received().iter().map(Received::action).collect();
        actions.sort_unstable();
        actions
    }

    /// Once so many have arrived.
    pub async fn has(&self, count: usize) {
        while self.received().len() < count {
            tokio::task::yield_now().await;
        }
    }
}

async fn serve(
    state: Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    state.received.lock().unwrap().push(Received {
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    state.gate.acquire().await.unwrap().forget();
    let next = state.next.lock().unwrap().pop_front();
    let reaction = next.unwrap_or_else(|| state.usual.lock().unwrap().clone());
    let mut response = Response::builder().status(reaction.status);
    for (name, value) in reaction.headers {
        response = response.header(name, value);
    }
    Ok(response.body(Full::from(reaction.body)).unwrap())
}
