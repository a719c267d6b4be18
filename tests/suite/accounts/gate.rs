//! A second API over the same table, whose transactions can be held on their
//! way to the engine: what a request decided is made to be old by the time it
//! is written.

use std::{future::Future, sync::Arc, time::Duration};

use roster_local::Storage;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
    sync::{Notify, watch},
};

use crate::harness::{Answer, Api};

/// What names a transaction in the head of a request to DynamoDB.
const TRANSACTION: &[u8] = b"DynamoDB_20120810.TransactWriteItems";

pub struct Gate {
    open: watch::Sender<bool>,
    arrived: Notify,
}

impl Gate {
    /// An API whose transactions pass this gate, which is open.
    pub async fn before(api: &Api) -> (Arc<Self>, Api) {
        let gate = Arc::new(Self {
            open: watch::Sender::new(true),
            arrived: Notify::new(),
        });
        let engine = api.dynamodb_url().strip_prefix("http://").unwrap();
        let engine = engine.trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(accept(listener, engine, Arc::clone(&gate)));
        let storage = Storage::Url(url);
        let held = Api::start_named(storage, Duration::ZERO, api.table.clone()).await;
        (gate, held)
    }

    /// Sends a request that is held when it is about to write; does `meanwhile`;
    /// and lets it go on.
    pub async fn hold<T>(
        &self,
        request: impl Future<Output = Answer>,
        meanwhile: impl Future<Output = T>,
    ) -> Answer {
        self.open.send_replace(false);
        let release = async {
            self.arrived.notified().await;
            meanwhile.await;
            self.open.send_replace(true);
        };
        let (answer, ()) = tokio::join!(request, release);
        answer
    }

    async fn pass(&self) {
        if !*self.open.borrow() {
            self.arrived.notify_one();
        }
        let mut open = self.open.subscribe();
        open.wait_for(|open| *open).await.unwrap();
    }
}

async fn accept(listener: TcpListener, engine: String, gate: Arc<Gate>) {
    while let Ok((client, _)) = listener.accept().await {
        let engine = TcpStream::connect(&engine).await.unwrap();
        tokio::spawn(carry(client, engine, Arc::clone(&gate)));
    }
}

async fn carry(client: TcpStream, engine: TcpStream, gate: Arc<Gate>) {
    let (mut requests, mut to_client) = client.into_split();
    let (mut answers, mut to_engine) = engine.into_split();
    let back = tokio::spawn(async move { copy(&mut answers, &mut to_client).await });
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = requests.read(&mut buffer).await {
        let part = &buffer[..length];
        // A head is written at once, and fits the buffer.
        if part.windows(TRANSACTION.len()).any(|it| it == TRANSACTION) {
            gate.pass().await;
        }
        if to_engine.write_all(part).await.is_err() {
            break;
        }
    }
    drop(to_engine);
    let _ = back.await;
}
