//! A commit whose answer is lost on the way is found made, and not made again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use roster_local::Storage;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::harness::Api;

const TRANSACTION: &str = "dynamodb_20120810.transactwriteitems";
/// What DynamoDB answers when another transaction is at the same item.
const COLLISION: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","CancellationReasons":[{"Code":"TransactionConflict","Message":"Transaction is ongoing for the item"}],"Message":"Transaction cancelled"}"#;

/// What happens to the transactions that pass, in their order; those after the
/// last just pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is made, and the answer is lost.
    Lost,
    /// It collides with another, and is not made.
    Collides,
}

/// An API whose calls to the engine go through a proxy that does this.
async fn behind(api: &Api, fates: &'static [Fate]) -> (Arc<AtomicUsize>, Api) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(AtomicUsize::new(usize::MAX));
    let (engine, counted) = (api.dynamodb_url().to_owned(), Arc::clone(&seen));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(carry(client, engine.clone(), fates, Arc::clone(&counted)));
        }
    });
    let other = Api::start_named(Storage::Url(url), Duration::ZERO, api.table.clone()).await;
    // What starting it wrote does not count.
    seen.store(0, Ordering::SeqCst);
    (seen, other)
}

/// One request, and no other on the same connection.
async fn carry(
    mut client: TcpStream,
    engine: String,
    fates: &[Fate],
    seen: Arc<AtomicUsize>,
) -> Option<()> {
    let (mut received, mut buffer) = (Vec::new(), [0; 16 * 1024]);
    let (head, body) = loop {
        let length = client.read(&mut buffer).await.ok().filter(|n| *n > 0)?;
        received.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&received);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = header(head, "content-length").unwrap_or("0");
            if body.len() >= length.parse().unwrap() {
                break (head.to_owned(), body.to_owned());
            }
        }
    };
    let target = header(&head, "x-amz-target").unwrap_or_default();
    let is_transaction = target.to_lowercase() == TRANSACTION;
    let mut fate = None;
    if is_transaction && seen.load(Ordering::SeqCst) != usize::MAX {
        fate = fates.get(seen.fetch_add(1, Ordering::SeqCst));
    }
    let (status, text) = if fate == Some(&Fate::Collides) {
        (400, COLLISION.to_owned())
    } else {
        let mut request = reqwest::Client::new().post(&engine).body(body);
        for name in [
            "x-amz-target",
            "content-type",
            "authorization",
            "x-amz-date",
        ] {
            request = request.header(name, header(&head, name).unwrap_or_default());
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    if fate == Some(&Fate::Lost) {
        assert_eq!(status, 200, "it was to be made: {text}");
        return None;
    }
    let head = format!(
        "HTTP/1.1 {status} -\r\ncontent-type: application/x-amz-json-1.0\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        text.len()
    );
    client.write_all((head + &text).as_bytes()).await.ok()
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    let found = lines.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(found.1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_whose_answer_was_lost_is_made_once_also_where_the_next_try_collides() {
    for fates in [
        [Fate::Lost].as_slice(),
        &[Fate::Lost, Fate::Collides],
        &[Fate::Lost, Fate::Collides, Fate::Lost, Fate::Collides],
        &[Fate::Collides, Fate::Lost, Fate::Collides],
    ] {
        let api = Api::start().await;
        let member = api.organization().new_user_id("ada@example.com").await;
        let team = json!({ "extid": "1", "name": "One", "members": [member] });
        let team = api.organization().new_team(team).await;
        let events = format!("/v2/teams/{}/events", team["_id"].as_str().unwrap());
        let booking = json!({
            "title": "Demo", "created_by": { "email": "zoe@example.org" },
            "dates": [{ "date": "2098-01-14T10:00:00Z", "end_date": "2098-01-14T10:30:00Z" }],
        });
        let (seen, behind) = behind(&api, fates).await;
        let booked = behind.organization().post(&events, &booking).await;
        assert_eq!(booked.status, 201, "{fates:?}: {}", booked.text);
        let seen = seen.load(Ordering::SeqCst);
        assert!(seen > fates.len(), "{fates:?}: {seen} transactions");
        let listed = api.organization().get(&events).await.json();
        assert_eq!(listed.as_array().unwrap().len(), 1, "{fates:?}");
        assert_eq!(listed[0]["_id"], booked.json()["_id"], "{fates:?}");
    }
}
