//! Starting an API of one's own.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use reqwest::redirect::Policy;
use roster_domain::hooks::target::Targets;
use roster_local::{Follows, Options, Running, Storage, dynamodb::engine, setup, start};
use roster_runtime::App;
use serde_json::Value;

use super::{
    Client,
    engine::{ENGINE, faults},
    turns::Turn,
};

/// An API: one with a table of its own, or one that runs elsewhere.
pub struct Api {
    /// None where it runs elsewhere.
    running: Option<Running>,
    url: String,
    operator_key: String,
    http: reqwest::Client,
    pub table: String,
    /// None where it runs beside another API of the same test, or elsewhere.
    _turn: Option<Turn>,
}

static TABLES: AtomicU32 = AtomicU32::new(0);

impl Api {
    pub async fn start() -> Self {
        Self::start_with_authorizer_ttl(Duration::ZERO).await
    }

    pub async fn start_with_authorizer_ttl(authorizer_ttl: Duration) -> Self {
        let (storage, table) = Self::own_table();
        Self::start_with(Options {
            authorizer_ttl,
            ..options(storage, table)
        })
        .await
    }

    /// One that is behind an edge which sends the secret with this digest.
    pub async fn start_behind_edge(secret_digest: &str) -> Self {
        let (storage, table) = Self::own_table();
        Self::start_with(Options {
            edge_secret_digest: Some(secret_digest.to_owned()),
            ..options(storage, table)
        })
        .await
    }

    /// One whose webhooks may have public targets alone, as a deployed one's.
    pub async fn start_with_public_targets() -> Self {
        let (storage, table) = Self::own_table();
        Self::start_with(Options {
            targets: Targets::Public,
            ..options(storage, table)
        })
        .await
    }

    /// One that reads people's calendars on demand, where what is known of them is older.
    pub async fn start_reading_calendars(age: SignedDuration) -> Self {
        let (storage, table) = Self::own_table();
        Self::start_with(Options {
            calendar_age: Some(age),
            ..options(storage, table)
        })
        .await
    }

    fn own_table() -> (Storage, String) {
        let storage = match std::env::var(ENGINE) {
            Ok(url) => Storage::Url(url),
            Err(_) => Storage::Memory,
        };
        let count = TABLES.fetch_add(1, Ordering::Relaxed);
        let table = format!("roster-{}-{count}", std::process::id());
        (storage, table)
    }

    /// One that has the machine for itself.
    pub async fn start_alone() -> Self {
        let (storage, table) = Self::own_table();
        let turn = Turn::alone().await;
        Self::start_in(Some(turn), options(storage, table)).await
    }

    pub async fn start_named(storage: Storage, table: String) -> Self {
        Self::start_with(options(storage, table)).await
    }

    /// A second one over the table of another, which follows what the stream brings.
    pub async fn start_beside(other: &Self, url: String) -> Self {
        let options = Options {
            follows: Follows::Never,
            ..options(Storage::Url(url), other.table.clone())
        };
        Self::start_in(None, options).await
    }

    async fn start_with(options: Options) -> Self {
        let turn = Turn::beside_others().await;
        Self::start_in(Some(turn), options).await
    }

    async fn start_in(turn: Option<Turn>, options: Options) -> Self {
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
            http: http(),
            table: options.table,
            _turn: turn,
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
            http: http(),
            table: String::new(),
            _turn: None,
        })
    }

    /// Whether it runs in this process.
    pub fn runs_here(&self) -> bool {
        self.running.is_some()
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

    /// The mails that are in the local mailbox once `enough` says so; those of every
    /// request so far, where the engine has them in its stream at once. `DynamoDB
    /// Local` does not always.
    pub async fn mails(&self, enough: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        for _ in 0..1_000 {
            self.running().caught_up().await;
            let mails = self.anybody().get("/_local/mail.json").await.json();
            let mails = mails.as_array().expect("a list of mails");
            if enough(mails) {
                return mails.clone();
            }
        }
        panic!("the mails that should come did not come");
    }

    /// Once every mail and every delivery is sent that the requests so far led to, or waits
    /// to be tried again; and what those led to.
    pub async fn caught_up(&self) {
        for _ in 0..3 {
            self.running().caught_up().await;
        }
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

/// As most tests want it.
fn options(storage: Storage, table: String) -> Options {
    Options {
        storage,
        port: 0,
        authorizer_ttl: Duration::ZERO,
        table,
        edge_secret_digest: None,
        targets: Targets::Any,
        calendar_age: None,
        follows: Follows::OnceAsked,
    }
}

/// What sends requests. An answer that names another page is an answer.
fn http() -> reqwest::Client {
    let client = reqwest::Client::builder().redirect(Policy::none());
    client.build().expect("a client")
}
