//! The one call of Amazon SES that Roster makes, answered as a test says.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use roster_mail::{Sender, ses::Ses};
use roster_runtime::function::aws;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// What comes of a call.
#[derive(Clone, Copy)]
pub enum Reaction {
    /// 200, with this message id.
    Accept(&'static str),
    /// An error of this status and name.
    Refuse(u16, &'static str),
    /// The call is read, and the connection closed without an answer.
    Reset,
    /// 200, with something that is not an answer.
    Garble,
}

/// A server that reacts to one call after another.
pub struct SesServer {
    url: String,
    calls: Arc<Mutex<Vec<Value>>>,
}

impl SesServer {
    pub async fn start(reactions: &[Reaction]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::serve(listener, reactions)
    }

    pub fn serve(listener: TcpListener, reactions: &[Reaction]) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(Mutex::new(Vec::new()));
        let mut reactions: VecDeque<_> = reactions.iter().copied().collect();
        let seen = Arc::clone(&calls);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let reaction = reactions.pop_front();
                answer(stream, &seen, reaction.expect("no more calls")).await;
            }
        });
        Self { url, calls }
    }

    pub fn sender(&self) -> Sender {
        sender(&self.url)
    }

    /// The bodies of the calls so far.
    pub fn calls(&self) -> Vec<Value> {
        self.calls.lock().unwrap().clone()
    }
}

pub fn sender(url: &str) -> Sender {
    let credentials = Credentials::new("test", "test", None, None, "test");
    let aws = aws::config(aws::https_client_without_reuse())
        .into_builder()
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(url)
        .build();
    Sender::Ses(Ses::new("invitations@example.com".to_owned(), &aws))
}

/// Reads one request of a connection, and answers it.
async fn answer(stream: TcpStream, calls: &Mutex<Vec<Value>>, reaction: Reaction) {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await.unwrap();
    assert_eq!(first, "POST /v2/email/outbound-emails HTTP/1.1\r\n");
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    calls
        .lock()
        .unwrap()
        .push(serde_json::from_slice(&body).unwrap());
    let (status, error, body) = match reaction {
        Reaction::Accept(id) => (200, None, json!({ "MessageId": id }).to_string()),
        // SES names addresses in its messages.
        Reaction::Refuse(status, name) => {
            let message = "jean.dupont@example.com is not what it should be";
            (
                status,
                Some(name),
                json!({ "message": message }).to_string(),
            )
        }
        Reaction::Garble => (200, None, "<html>".to_owned()),
        Reaction::Reset => return,
    };
    let length = body.len();
    let error = error.map(|name| format!("x-amzn-errortype: {name}\r\n"));
    let error = error.unwrap_or_default();
    let answer = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n{error}\r\n{body}"
    );
    stream.get_mut().write_all(answer.as_bytes()).await.unwrap();
}
