//! What is asked of the function that reads calendars: every minute, what is due.

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use roster_calendars::{Client, Refresher};
use roster_domain::{Error, Result};
use roster_runtime::{
    App,
    function::{
        calendar_reader::{CalendarReader, ReadNow},
        log,
    },
};
use tracing::Instrument as _;

use crate::{gateway::new_request_id, recorder};

/// As in infra/template.yaml: the function's timeout, and between two looks at what is due.
const TIMEOUT: Duration = Duration::from_mins(1);
const SCHEDULE: SignedDuration = SignedDuration::from_mins(1);

/// Asks the function.
#[derive(Debug)]
pub(super) struct CalendarsSource {
    app: Arc<App>,
    client: Client,
    asked_at: Option<Timestamp>,
}

/// Reads calendars for requests, as the function that they invoke.
#[derive(Debug)]
pub(crate) struct LocalReader {
    pub(crate) client: Arc<Client>,
    /// What has this reader.
    pub(crate) app: Weak<App>,
}

impl CalendarReader for LocalReader {
    fn read(&self, asked: ReadNow) -> BoxFuture<'_, Result<()>> {
        recorder::note("lambda", "InvokeFunction");
        let (client, app) = (Arc::clone(&self.client), self.app.upgrade());
        let read = async move {
            let Some(app) = app else {
                return;
            };
            let refresher = Refresher {
                app: &app,
                client: &client,
                deadline: Instant::now() + TIMEOUT,
            };
            let read = recorder::as_function("calendars-refresh", refresher.refresh_now(&asked));
            read.instrument(log::request(&new_request_id())).await;
        };
        // As the function does, which goes on when nobody waits for it any more.
        let read = tokio::spawn(read);
        Box::pin(async move { read.await.map_err(Error::internal) })
    }
}

impl CalendarsSource {
    pub(super) fn new(app: Arc<App>, client: Client) -> Self {
        Self {
            app,
            client,
            asked_at: None,
        }
    }

    /// Asks what is due, where it is time to, by the API's clock, which tests move. Answers
    /// whether it was.
    pub(super) async fn ask_if_due(&mut self) -> bool {
        let now = self.app.clock.now();
        let since = *self.asked_at.get_or_insert(now);
        if now.duration_since(since) < SCHEDULE {
            return false;
        }
        self.asked_at = Some(now);
        let refresher = Refresher {
            app: &self.app,
            client: &self.client,
            deadline: Instant::now() + TIMEOUT,
        };
        let refreshed = recorder::as_function("calendars-refresh", refresher.refresh_due());
        let refreshed = refreshed.instrument(log::request(&new_request_id()));
        if let Err(error) = refreshed.await {
            let cause = error.cause();
            tracing::error!(cause, "calendars were not read: they are due again");
        }
        true
    }
}
