//! Starting an API of one's own, and calling it as different callers.

use std::{
    io::Read as _,
    net::IpAddr,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use flate2::read::GzDecoder;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode, header::HeaderMap};
use roster_local::{Options, Running, Storage, engine, setup, start};
use roster_runtime::App;
use serde_json::Value;

use crate::contract::Exchange;

/// An API: one with a table of its own, or one that runs elsewhere.
pub struct Api {
    /// None where it runs elsewhere.
    running: Option<Running>,
    url: String,
    operator_key: String,
    http: reqwest::Client,
    pub table: String,
}

/// Who calls.
#[derive(Clone)]
pub struct Client<'a> {
    api: &'a Api,
    key: Option<String>,
    http: reqwest::Client,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body; where it came compressed, what was compressed.
    pub text: String,
    /// How many bytes of it came.
    pub received: usize,
    /// What it answers, for whoever reads why a test fails.
    pub request: String,
    /// Where the API is.
    url: String,
}

/// What a request cost at DynamoDB.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    pub round_trips: u32,
    pub calls: u32,
    pub read: f64,
    pub write: f64,
}

/// Names the URL of another engine than the embedded one.
const ENGINE: &str = "ROSTER_TEST_DYNAMODB";

/// Whether the engine is behind a proxy that injects faults: then a call may
/// end in a 5xx, with an outcome that nobody knows.
pub fn faults() -> bool {
    std::env::var_os("ROSTER_TEST_FAULTS").is_some()
}

/// Whether the engine is another than the embedded one, with no proxy before it.
/// DynamoDB Local answers one call after another: of many requests at once some
/// may wait longer than a request is given, and be told so with a 503. The
/// embedded engine is to answer all of them.
fn other_engine() -> bool {
    std::env::var_os(ENGINE).is_some() && !faults()
}

/// Whether the engine alone may be why this is the answer. What the request was
/// to do may be done all the same.
pub fn excused(status: u16) -> bool {
    (faults() && status >= 500) || (other_engine() && status == 503)
}

/// Sends, and again where another engine is too slow, as its 503 says.
pub async fn patiently(send: impl AsyncFn() -> Answer) -> Answer {
    let mut answer = send().await;
    while other_engine() && answer.status == 503 {
        assert!(answer.header("retry-after").is_some(), "{}", answer.text);
        answer = send().await;
    }
    answer
}

/// How a surface tells what is wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorStyle {
    /// Problem details (`/v2`).
    Problem,
    /// `{"error": true, "message", "statusCode"}`.
    Accounts,
    /// `{"error"}`.
    Directory,
    /// A page for a browser.
    Page,
}

impl ErrorStyle {
    /// The style of the surface that a path belongs to.
    pub fn of(path: &str) -> Self {
        if path.starts_with("/api/v1/") {
            Self::Directory
        } else if path.starts_with("/api/v2/") {
            Self::Accounts
        } else if path.starts_with("/signup/") {
            Self::Page
        } else {
            Self::Problem
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Problem => "application/problem+json",
            Self::Accounts | Self::Directory => "application/json",
            Self::Page => "text/html; charset=utf-8",
        }
    }
}

static TABLES: AtomicU32 = AtomicU32::new(0);

impl Api {
    pub async fn start() -> Self {
        Self::start_with_authorizer_ttl(Duration::ZERO).await
    }

    pub async fn start_with_authorizer_ttl(authorizer_ttl: Duration) -> Self {
        let storage = match std::env::var(ENGINE) {
            Ok(url) => Storage::Url(url),
            Err(_) => Storage::Memory,
        };
        let count = TABLES.fetch_add(1, Ordering::Relaxed);
        let table = format!("roster-{}-{count}", std::process::id());
        Self::start_named(storage, authorizer_ttl, table).await
    }

    pub async fn start_named(storage: Storage, authorizer_ttl: Duration, table: String) -> Self {
        let options = Options {
            storage,
            port: 0,
            authorizer_ttl,
            table: table.clone(),
        };
        let mut started = start(&options).await;
        // Behind a proxy that injects faults, as often as it takes.
        for _ in 0..20 {
            if !faults() || started.is_ok() {
                break;
            }
            started = start(&options).await;
        }
        let running = started.expect("the API starts");
        Self {
            url: running.url(),
            running: Some(running),
            operator_key: setup::ADMIN_KEY.to_owned(),
            http: reqwest::Client::new(),
            table,
        }
    }

    /// The API that `ROSTER_TEST_URL` and `ROSTER_TEST_OPERATOR_KEY` name, where
    /// they do: one whose process, table and mailbox are out of reach.
    pub fn elsewhere() -> Option<Self> {
        let url = std::env::var("ROSTER_TEST_URL").ok()?;
        let key = std::env::var("ROSTER_TEST_OPERATOR_KEY");
        Some(Self {
            running: None,
            url: url.trim_end_matches('/').to_owned(),
            operator_key: key.expect("ROSTER_TEST_URL needs ROSTER_TEST_OPERATOR_KEY"),
            http: reqwest::Client::new(),
            table: String::new(),
        })
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("the API runs in this process")
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    pub fn dynamodb_url(&self) -> &str {
        &self.running().dynamodb_url
    }

    /// A client of the engine, for what no request can do or see.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        engine::client(self.dynamodb_url(), &self.table)
    }

    /// What its functions work with.
    pub fn app(&self) -> &App {
        self.running().app()
    }

    /// What time it is for the API.
    pub fn now(&self) -> Timestamp {
        self.app().clock.now()
    }

    /// Puts the API's clock forward.
    pub fn forward(&self, by: SignedDuration) {
        self.app().clock.advance(by);
    }

    pub async fn stop(self) {
        self.running
            .expect("the API runs in this process")
            .stop()
            .await;
    }

    /// The demo organization.
    pub fn organization(&self) -> Client<'_> {
        self.with_key(setup::ORGANIZATION_KEY)
    }

    /// The operator.
    pub fn operator(&self) -> Client<'_> {
        self.with_key(&self.operator_key)
    }

    /// Somebody without a key.
    pub fn anybody(&self) -> Client<'_> {
        Client {
            api: self,
            key: None,
            http: self.http.clone(),
        }
    }

    pub fn with_key(&self, key: &str) -> Client<'_> {
        Client {
            api: self,
            key: Some(key.to_owned()),
            http: self.http.clone(),
        }
    }
}

impl Client<'_> {
    /// The same caller at another address: all of 127.0.0.0/8 is this machine.
    pub fn at_address(&self, address: &str) -> Self {
        let address: IpAddr = address.parse().expect("an address");
        let http = reqwest::Client::builder().local_address(address);
        Self {
            api: self.api,
            key: self.key.clone(),
            http: http.build().expect("a client"),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[]).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::POST, path, &body.to_string()).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::PUT, path, &body.to_string()).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::PATCH, path, &body.to_string()).await
    }

    /// Posts nothing.
    pub async fn post_nothing(&self, path: &str) -> Answer {
        self.send(Method::POST, path, None, &[]).await
    }

    pub async fn send_json(&self, method: Method, path: &str, body: &str) -> Answer {
        let json = [("content-type", "application/json")];
        self.send(method, path, Some(body.as_bytes().to_vec()), &json)
            .await
    }

    pub async fn send_form(&self, method: Method, path: &str, form: &str) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send(method, path, Some(form.as_bytes().to_vec()), &headers)
            .await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let url = format!("{}{path}", self.api.url());
        let mut request = self.http.request(method.clone(), url);
        request = request.header("x-roster-cost", "1");
        if let Some(key) = &self.key {
            request = request.header("authorization", key);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = &body {
            request = request.body(body.clone());
        }
        let response = request.send().await.expect("the gateway answers");
        let (status, answered) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.expect("the answer is whole");
        let received = bytes.len();
        let mut text = String::new();
        let read = match answered.get("content-encoding") {
            Some(_) => GzDecoder::new(&*bytes).read_to_string(&mut text),
            None => (&*bytes).read_to_string(&mut text),
        };
        read.expect("the answer is text");
        let url = self.api.url();
        let answer = Answer {
            status,
            headers: answered,
            text,
            received,
            request: format!("{method} {path}"),
            url,
        };
        // `sam local` has none, and the local mailbox is no operation.
        if self.api.running.is_some() && !path.starts_with("/_local/") {
            assert!(answer.headers.contains_key("apigw-requestid"), "{path}");
        }
        let sent_type = headers.iter().find(|(name, _)| *name == "content-type");
        Exchange {
            method: &method,
            path,
            sent: body.as_deref(),
            sent_type: sent_type.map(|(_, value)| *value),
            status: answer.status,
            headers: &answer.headers,
            text: &answer.text,
        }
        .check();
        answer
    }

    /// Every page of a list, following `Link`, `limit` things at a time.
    pub async fn list_all(&self, path: &str, limit: usize) -> Vec<Value> {
        let mut all = Vec::new();
        let mut next = Some(format!(
            "{path}{}limit={limit}",
            if path.contains('?') { '&' } else { '?' }
        ));
        while let Some(path) = next {
            let page = self.get(&path).await.ok();
            all.extend(page.json().as_array().unwrap().clone());
            next = page.next_link();
        }
        all
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{} is not JSON: {error}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The path and query that `Link` leads to, which is in the API.
    pub fn next_link(&self) -> Option<String> {
        let link = self.header("link")?;
        let target = link.strip_prefix('<')?.strip_suffix(">; rel=\"next\"")?;
        let path = target.strip_prefix(&self.url);
        Some(path.expect("a link leads to the API").to_owned())
    }

    /// The JSON pointers, parameters and the like that a problem names.
    pub fn places(&self) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let place = |error: &Value| {
            let names = ["pointer", "parameter", "path_parameter", "header"];
            let place = names.iter().find_map(|name| error[*name].as_str());
            place.expect("an error names its place").to_owned()
        };
        errors.iter().map(place).collect()
    }

    pub fn cost(&self) -> Cost {
        let text = self
            .header("x-roster-cost")
            .expect("the answer says what it cost");
        let value = |name: &str| {
            let mut parts = text.split(' ').filter_map(|part| part.split_once('='));
            parts.find(|(key, _)| *key == name).expect(name).1
        };
        Cost {
            round_trips: value("round_trips").parse().unwrap(),
            calls: value("calls").parse().unwrap(),
            read: value("read").parse().unwrap(),
            write: value("write").parse().unwrap(),
        }
    }
}
