//! What is asked of the function that reads calendars: every minute, what is due.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use roster_calendars::{Client, Refresher};
use roster_runtime::{App, function::log};
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
