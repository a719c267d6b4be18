//! Starting and stopping the local API.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Weak},
    time::Duration,
};

use http_body_util::Full;
use hyper::body::Bytes;
use jiff::SignedDuration;
use roster_domain::hooks::target::Targets;
use roster_mail::Mailbox;
use roster_runtime::{
    App, Clock,
    function::app::{AUDIT_DAYS, CHANGE_DAYS},
    request::edge::Edge,
};
use roster_store::{Table, mail::seal::Sealer};

use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{
    dynamodb::{
        data_folder::DataFolder,
        engine::{self, Engine},
        stream::StreamReader,
    },
    event_source::{Begin, Clients, EventSource, calendars::LocalReader},
    gateway::{Gateway, authorizer_cache::AuthorizerCache, functions::InProcess, router::Router},
    hooks_page, mail_page, server, setup,
};

/// Where the table is.
#[derive(Debug, Clone)]
pub enum Storage {
    /// In an embedded engine, in a folder that survives a restart.
    Folder(PathBuf),
    /// In an embedded engine, gone with it.
    Memory,
    /// In another engine, at this URL.
    Url(String),
}

/// How to start.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the table is.
    pub storage: Storage,
    /// Port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// How long the authorizer's answers are kept.
    pub authorizer_ttl: Duration,
    /// The table's name.
    pub table: String,
    /// The SHA-256 of the secret of what stands in front of the API, as the stack's
    /// parameter has it. None: nothing does.
    pub edge_secret_digest: Option<String>,
    /// Which targets webhooks may have.
    pub targets: Targets,
    /// How old what is known of people's own calendars may be when a request goes by it, as the
    /// parameter `CalendarAgeMinutes` of a deployment.
    pub calendar_age: Option<SignedDuration>,
    /// When mails and changes are followed that the table's stream brings.
    pub follows: Follows,
}

/// When the table's stream is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// From the start.
    AtOnce,
    /// Once [`Running::caught_up`] is asked for, from the oldest change on.
    OnceAsked,
    /// Never, as another process over the same table does.
    Never,
}

/// Why it did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken.
    #[error("port {0} on 127.0.0.1 is taken; stop what uses it, or choose another with --port")]
    PortTaken(u16),
    /// The network or the disk refused.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Receivers of webhooks cannot be called.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
    /// The table could not be prepared.
    #[error("the table could not be prepared: {0:?}")]
    Table(#[from] roster_domain::Error),
    /// Two operations claim one route.
    #[error("two operations claim one route: {0}")]
    Routes(#[from] matchit::InsertError),
}

/// A running API.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    /// The DynamoDB engine behind it.
    pub dynamodb_url: String,
    app: Arc<App>,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
    event_source: Option<EventSource>,
    engine: Option<Engine>,
    folder: Option<DataFolder>,
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What its functions work with.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Waits until every mail and every delivery is sent, or given up, or waits to be tried
    /// again, that a request so far led to.
    pub async fn caught_up(&self) {
        if let Some(event_source) = &self.event_source {
            event_source.caught_up().await;
        }
    }

    /// Lets running requests finish and stops.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(server) = self.server.take() {
            let _ = server.await;
        }
        if let Some(event_source) = self.event_source.take() {
            event_source.stop().await;
        }
        if let Some(engine) = self.engine.take() {
            engine.stop().await;
        }
        drop(self.folder.take());
    }
}

/// Starts the engine, prepares the table, and serves.
///
/// # Errors
/// As [`StartError`] says.
pub async fn start(options: &Options) -> Result<Running, StartError> {
    let listener = bind(options.port).await?;
    let address = listener.local_addr()?;
    let (path, folder) = match &options.storage {
        Storage::Folder(path) => (Some(path.as_path()), Some(DataFolder::open(path)?)),
        Storage::Memory | Storage::Url(_) => (None, None),
    };
    let (engine, dynamodb_url) = match &options.storage {
        Storage::Url(url) => (None, url.clone()),
        Storage::Folder(_) | Storage::Memory => {
            let file = folder.as_ref().map(DataFolder::database);
            let engine = Engine::start(file.as_deref()).await?;
            let url = engine.url();
            (Some(engine), url)
        }
    };
    let calendars = || {
        let client = roster_calendars::Client::new(options.targets);
        client.map_err(|error| StartError::Tls(error.to_string()))
    };
    let client = Arc::new(calendars()?);
    let made = app(options, address, path, &dynamodb_url)?;
    let app = Arc::new_cyclic(|app| App {
        calendar_reader: Some(Arc::new(LocalReader {
            client,
            app: Weak::clone(app),
        })),
        ..made
    });
    setup::ensure(&app).await?;
    let mailbox = Mailbox::default();
    let streams = engine::streams_client(&dynamodb_url, &options.table);
    let stream = StreamReader::new(streams, app.table.clone());
    let clients = Clients {
        webhooks: roster_webhooks::Client::new(options.targets)
            .map_err(|error| StartError::Tls(error.to_string()))?,
        calendars: calendars()?,
    };
    let start = |begin| {
        let (app, mailbox) = (Arc::clone(&app), mailbox.clone());
        EventSource::start(app, mailbox, clients, stream, begin)
    };
    let event_source = match options.follows {
        Follows::AtOnce => Some(start(Begin::AtOnce)),
        Follows::OnceAsked => Some(start(Begin::OnceAsked)),
        Follows::Never => None,
    };
    let gateway = Arc::new(Gateway {
        functions: InProcess::new(Arc::clone(&app)),
        router: Router::declared()?,
        cache: AuthorizerCache::new(options.authorizer_ttl),
        address,
    });
    let shown = Arc::clone(&app);
    let answer = move |request, peer| {
        let page = mail_page::answer(&mailbox, address, &request);
        let (gateway, app) = (Arc::clone(&gateway), Arc::clone(&shown));
        async move {
            let page = match page {
                Some(page) => Some(page),
                None => Box::pin(hooks_page::answer(&app, address, &request)).await,
            };
            match page {
                Some(page) => page.map(|body| Full::new(Bytes::from(body))),
                // On the heap: what handlers do is deep enough.
                None => Box::pin(gateway.serve(request, peer)).await,
            }
        }
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(server::serve(listener, answer, stopped));
    Ok(Running {
        address,
        dynamodb_url,
        app,
        stop: Some(stop),
        server: Some(server),
        event_source,
        engine,
        folder,
    })
}

async fn bind(port: u16) -> Result<TcpListener, StartError> {
    match TcpListener::bind(("127.0.0.1", port)).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(StartError::PortTaken(port)),
        other => Ok(other?),
    }
}

fn app(
    options: &Options,
    address: SocketAddr,
    folder: Option<&Path>,
    dynamodb_url: &str,
) -> io::Result<App> {
    Ok(App {
        table: Table::new(engine::client(dynamodb_url, &options.table), &options.table),
        clock: Clock::default(),
        sealer: Sealer::Local(setup::sealing_key(folder)?),
        public_url: Some(format!("http://{address}")),
        app_url: None,
        edge: options.edge_secret_digest.as_deref().and_then(Edge::new),
        reply_domain: "roster.localhost".to_owned(),
        targets: options.targets,
        change_days: CHANGE_DAYS,
        audit_days: AUDIT_DAYS,
        calendar_age: options.calendar_age,
        calendar_reader: None,
        sends_mail: true,
        expose_cost: true,
    })
}
