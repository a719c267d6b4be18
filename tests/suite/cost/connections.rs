//! Connections to the table: opened before there is a request, and used by it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Bytes, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use roster_domain::{KeyId, access::key::Role};
use roster_local::dynamodb::engine;
use roster_store::{Store, Table};
use tokio::net::TcpListener;

/// Begins as a function does, and makes its first request. Answers how many connections
/// were opened, and what was asked.
async fn begin() -> (usize, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (connections, requests) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(Mutex::new(Vec::new())),
    );
    let (counted, seen) = (Arc::clone(&connections), Arc::clone(&requests));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            let seen = Arc::clone(&seen);
            let service = service_fn(move |request: Request<Incoming>| {
                let seen = Arc::clone(&seen);
                async move {
                    let (head, body) = request.into_parts();
                    let _ = body.collect().await;
                    let asked = format!("{} {}", head.method, head.uri.path());
                    seen.lock().unwrap().push(asked);
                    // As DynamoDB answers its health check: no JSON.
                    let body = if head.method == "GET" {
                        "healthy"
                    } else {
                        "{}"
                    };
                    Ok::<_, hyper::Error>(Response::new(Full::new(Bytes::from(body))))
                }
            });
            let server = hyper::server::conn::http1::Builder::new();
            tokio::spawn(server.serve_connection(TokioIo::new(client), service));
        }
    });
    let table = Table::new(engine::client(&url, "roster"), "roster");
    table.connect().await;
    let now = Timestamp::now();
    let store = Store::new(&table, now);
    let key = store.key(Role::Organization, KeyId::generate(now)).await;
    assert!(key.unwrap().is_none());
    let requests = requests.lock().unwrap().clone();
    (connections.load(Ordering::Relaxed), requests)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_request_finds_the_connection_that_was_opened_while_the_function_began() {
    // A connection is free for the next request a moment after the answer was read.
    for _ in 0..10 {
        let (connections, requests) = begin().await;
        assert_eq!(requests, ["GET /ping", "POST /"]);
        if connections == 1 {
            return;
        }
    }
    panic!("each time, another connection was opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_begins_where_no_connection_can_be_opened() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    Table::new(engine::client(&url, "roster"), "roster")
        .connect()
        .await;
}
