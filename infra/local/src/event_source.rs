//! What Lambda does with the table's stream: brings new mails and changed events to the
//! function that sends mails, and brings again what failed.

#![expect(
    clippy::disallowed_methods,
    reason = "polls the stream, as Lambda does"
)]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use roster_domain::Error;
use roster_mail::{
    Delivery, Mailbox, Sender,
    event::{BatchResponse, Event},
};
use roster_runtime::{App, function::log};
use serde_json::json;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tracing::Instrument as _;

use crate::{
    dynamodb::stream::{Change, StreamReader},
    gateway::new_request_id,
    recorder,
};

/// Between two looks at a stream in which nothing new was found.
const POLL: Duration = Duration::from_millis(200);
/// As in infra/template.yaml: the function's timeout, how many records it gets
/// at once, and how often one is brought again.
const TIMEOUT: Duration = Duration::from_mins(2);
const BATCH: usize = 10;
const MAX_RETRIES: usize = 10;

/// Between two looks at what is due.
const SCHEDULE: SignedDuration = SignedDuration::from_mins(5);

/// The task that does it.
#[derive(Debug)]
pub struct EventSource {
    stop: oneshot::Sender<()>,
    waiting: mpsc::UnboundedSender<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl EventSource {
    /// Starts with the oldest change that the stream still has. Mails that were
    /// sent before a restart are found sent.
    #[must_use]
    pub fn start(app: Arc<App>, mailbox: Mailbox, mut stream: StreamReader) -> Self {
        let (stop, mut stopped) = oneshot::channel::<()>();
        let (waiting, mut waits) = mpsc::unbounded_channel::<oneshot::Sender<()>>();
        let task = tokio::spawn(async move {
            let sender = Sender::Mailbox(mailbox);
            let mut failing = false;
            let mut reminded_at = None;
            let mut told = Vec::new();
            loop {
                let pause = match stream.next().await {
                    Ok(Some(new)) => {
                        failing = false;
                        for batch in new.chunks(BATCH) {
                            deliver(&app, &sender, batch.to_vec()).await;
                        }
                        Duration::ZERO
                    }
                    Ok(None) if is_due(&app, &mut reminded_at) => {
                        remind(&app, &sender).await;
                        Duration::ZERO
                    }
                    Ok(None) => {
                        for waiting in told.drain(..) {
                            // Who does not wait any more need not be told.
                            let _ = oneshot::Sender::send(waiting, ());
                        }
                        POLL
                    }
                    Err(error) => {
                        if !failing {
                            tracing::warn!(cause = error, "the stream cannot be read");
                        }
                        failing = true;
                        POLL * 5
                    }
                };
                tokio::select! {
                    // An error means that the API was dropped: stop as well.
                    _ = &mut stopped => break,
                    Some(waiting) = waits.recv() => told.push(waiting),
                    () = tokio::time::sleep(pause) => {}
                }
            }
        });
        Self {
            stop,
            waiting,
            task,
        }
    }

    /// Waits until every mail is sent, or given up, that the stream has now. What those
    /// lead to that are in it comes behind them.
    pub async fn caught_up(&self) {
        let (tell, told) = oneshot::channel();
        if self.waiting.send(tell).is_ok() {
            let _ = told.await;
        }
    }

    /// Lets what is under way finish and stops.
    pub async fn stop(self) {
        drop(self.stop);
        let _ = self.task.await;
    }
}

/// Whether it is time for the function to look for what is due, as the schedule in
/// infra/template.yaml has it: by the API's clock, which tests move.
fn is_due(app: &App, last: &mut Option<Timestamp>) -> bool {
    let now = app.clock.now();
    let since = *last.get_or_insert(now);
    let is_due = now.duration_since(since) >= SCHEDULE;
    if is_due {
        *last = Some(now);
    }
    is_due
}

/// Asks the function what is due.
async fn remind(app: &App, sender: &Sender) {
    let event = json!({ "Records": [{ "schedule": "reminders" }] });
    match serde_json::from_value(event) {
        // What failed of it is due the next time, too.
        Ok(event) => drop(invoke(app, sender, &event).await),
        Err(error) => tracing::error!(cause = %error, "the schedule cannot be read"),
    }
}

/// Calls the function.
async fn invoke(app: &App, sender: &Sender, event: &Event) -> BatchResponse {
    let delivery = Delivery {
        app,
        sender,
        queues: None,
        deadline: Instant::now() + TIMEOUT,
    };
    let served = recorder::as_function("mail-send", delivery.serve(event));
    served.instrument(log::request(&new_request_id())).await
}

/// Brings a batch to the function, and what failed of it again.
async fn deliver(app: &App, sender: &Sender, mut batch: Vec<Change>) {
    for _ in 0..=MAX_RETRIES {
        let failures = match event(&batch, app.clock.now()) {
            Ok(event) => invoke(app, sender, &event).await.batch_item_failures,
            Err(error) => {
                tracing::error!(cause = %error, "the stream's records cannot be read");
                return;
            }
        };
        batch.retain(|change| {
            let mut failed = failures.iter();
            failed.any(|failure| failure.item_identifier == change.sequence_number)
        });
        if batch.is_empty() {
            return;
        }
        tokio::time::sleep(POLL).await;
    }
    for change in batch {
        let key = change.key.sk;
        tracing::error!(key, "mails were not sent, and are not tried again");
    }
}

/// The event, read as Lambda's is. What the clock shows, which tests move, is when its
/// changes were made.
fn event(batch: &[Change], now: Timestamp) -> Result<Event, Error> {
    let record = |change: &Change| {
        json!({
            "eventName": change.event_name,
            "dynamodb": {
                "Keys": { "pk": { "S": change.key.pk }, "sk": { "S": change.key.sk } },
                "SequenceNumber": change.sequence_number,
                "OldImage": change.old_image,
                "NewImage": change.new_image,
                "ApproximateCreationDateTime": now.as_second(),
            },
        })
    };
    let records: Vec<_> = batch.iter().map(record).collect();
    serde_json::from_value(json!({ "Records": records })).map_err(Error::internal)
}
