//! What Lambda does with the table's stream and with queues: brings changes to the functions
//! that want them, brings again what failed, and asks what is due.

#![expect(
    clippy::disallowed_methods,
    reason = "polls the stream, as Lambda does"
)]

pub(crate) mod calendars;
mod mail;
mod webhooks;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use roster_domain::Error;
use roster_mail::Mailbox;
use roster_runtime::{App, function::records::BatchResponse};
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use self::{calendars::CalendarsSource, mail::MailSource, webhooks::WebhookSource};
use crate::dynamodb::stream::{Change, StreamReader};

/// Between two looks at a stream in which nothing new was found.
const POLL: Duration = Duration::from_millis(200);
/// As in infra/template.yaml, for mails: how often a record is brought again.
const MAX_RETRIES: usize = 10;

/// The task that does it.
#[derive(Debug)]
pub struct EventSource {
    stop: oneshot::Sender<()>,
    waiting: mpsc::UnboundedSender<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

/// What calls strangers' servers.
#[derive(Debug)]
pub struct Clients {
    /// Sends deliveries.
    pub webhooks: roster_webhooks::Client,
    /// Reads calendars.
    pub calendars: roster_calendars::Client,
}

/// When the task begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// At once.
    AtOnce,
    /// When somebody waits for it: a test of what leads to no mail need not pay for those.
    OnceAsked,
}

impl EventSource {
    /// Starts with the oldest change that the stream still has. Mails that were
    /// sent before a restart are found sent, and changes that have a number keep it.
    #[must_use]
    pub fn start(
        app: Arc<App>,
        mailbox: Mailbox,
        clients: Clients,
        mut stream: StreamReader,
        begin: Begin,
    ) -> Self {
        let (stop, mut stopped) = oneshot::channel::<()>();
        let (waiting, mut waits) = mpsc::unbounded_channel::<oneshot::Sender<()>>();
        let task = tokio::spawn(async move {
            let mut mails = MailSource::new(Arc::clone(&app), mailbox);
            let mut calendars = CalendarsSource::new(Arc::clone(&app), clients.calendars);
            let mut webhooks = WebhookSource::new(app, clients.webhooks);
            let mut failing = false;
            let mut told = Vec::new();
            if begin == Begin::OnceAsked {
                tokio::select! {
                    _ = &mut stopped => return,
                    Some(waiting) = waits.recv() => told.push(waiting),
                }
            }
            loop {
                let pause = match stream.next().await {
                    Ok(Some(new)) => {
                        failing = false;
                        mails.bring(&new).await;
                        webhooks.gather(&new).await;
                        Duration::ZERO
                    }
                    Ok(None)
                        if mails.remind_if_due().await
                            || calendars.ask_if_due().await
                            || webhooks.bring_gathered(!told.is_empty()).await
                            || webhooks.deliver_due().await =>
                    {
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

    /// Waits until every mail and every delivery is sent, or given up, or waits to be tried
    /// again, that the stream has now. What those lead to that are in it comes behind them.
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

/// A function on the stream.
trait Function {
    /// What it is called with.
    type Event: DeserializeOwned + Send;

    /// Calls it.
    fn invoke(&self, event: Self::Event) -> impl Future<Output = BatchResponse> + Send;
}

/// Brings a batch to a function, and again from the first record on that failed, as Lambda
/// does. Answers what is left of it after some tries.
async fn bring<F: Function + Sync>(function: &F, mut batch: Vec<Change>, app: &App) -> Vec<Change> {
    for _ in 0..=MAX_RETRIES {
        let failures = match event(&batch, app.clock.now()) {
            Ok(event) => function.invoke(event).await.batch_item_failures,
            Err(error) => {
                tracing::error!(cause = %error, "the stream's records cannot be read");
                return Vec::new();
            }
        };
        let has_failed = |change: &Change| {
            let mut failed = failures.iter();
            failed.any(|failure| failure.item_identifier == change.sequence_number)
        };
        let done = batch.iter().position(has_failed).unwrap_or(batch.len());
        batch.drain(..done);
        if batch.is_empty() {
            break;
        }
        tokio::time::sleep(POLL).await;
    }
    batch
}

/// The event, read as Lambda's is. What the clock shows, which tests move, is when its
/// changes were made.
fn event<E: DeserializeOwned>(batch: &[Change], now: Timestamp) -> Result<E, Error> {
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
