//! What is brought to the function that sends mails: new mails, changed events, and every
//! five minutes the question what is due.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use roster_mail::{Delivery, Mailbox, Sender, event::Event};
use roster_runtime::{
    App,
    function::{log, records::BatchResponse},
};
use roster_store::keys;
use serde_json::json;
use tracing::Instrument as _;

use super::{Function, bring};
use crate::{dynamodb::stream::Change, gateway::new_request_id, recorder};

/// As in infra/template.yaml: the function's timeout, and how many records it gets at once.
const TIMEOUT: Duration = Duration::from_mins(2);
const BATCH: usize = 10;
/// Between two looks at what is due.
const SCHEDULE: SignedDuration = SignedDuration::from_mins(5);

/// Brings the function what it is to see.
#[derive(Debug)]
pub(super) struct MailSource {
    app: Arc<App>,
    sender: Sender,
    reminded_at: Option<Timestamp>,
}

/// What the filter of the function's event source lets through.
fn is_wanted(change: &Change) -> bool {
    let is_new_mail = change.event_name == "INSERT" && keys::mail_of(&change.key).is_some();
    let is_event = change.event_name != "REMOVE" && keys::event_of(&change.key).is_some();
    let is_hook = change.event_name == "MODIFY" && keys::hook_of(&change.key).is_some();
    is_new_mail || is_event || is_hook
}

impl MailSource {
    pub(super) fn new(app: Arc<App>, mailbox: Mailbox) -> Self {
        Self {
            app,
            sender: Sender::Mailbox(mailbox),
            reminded_at: None,
        }
    }

    /// Brings changes.
    pub(super) async fn bring(&self, changes: &[Change]) {
        let wanted: Vec<_> = changes
            .iter()
            .filter(|change| is_wanted(change))
            .cloned()
            .collect();
        for batch in wanted.chunks(BATCH) {
            for left in bring(self, batch.to_vec(), &self.app).await {
                let key = left.key.sk;
                tracing::error!(key, "mails were not sent, and are not tried again");
            }
        }
    }

    /// Asks what is due, where it is time to: as the schedule in infra/template.yaml has it,
    /// by the API's clock, which tests move. Answers whether it was.
    pub(super) async fn remind_if_due(&mut self) -> bool {
        let now = self.app.clock.now();
        let since = *self.reminded_at.get_or_insert(now);
        if now.duration_since(since) < SCHEDULE {
            return false;
        }
        self.reminded_at = Some(now);
        let event = json!({ "Records": [{ "schedule": "reminders" }] });
        match serde_json::from_value(event) {
            // What failed of it is due the next time, too.
            Ok(event) => drop(self.invoke(event).await),
            Err(error) => tracing::error!(cause = %error, "the schedule cannot be read"),
        }
        true
    }
}

impl Function for MailSource {
    type Event = Event;

    async fn invoke(&self, event: Event) -> BatchResponse {
        let delivery = Delivery {
            app: &self.app,
            sender: &self.sender,
            queues: None,
            deadline: Instant::now() + TIMEOUT,
        };
        let served = recorder::as_function("mail-send", delivery.serve(&event));
        served.instrument(log::request(&new_request_id())).await
    }
}
