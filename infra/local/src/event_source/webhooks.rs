//! What is brought to the functions behind webhooks: changes to the one that numbers them,
//! deliveries that are due to the one that sends them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use roster_runtime::{
    App,
    function::{log, records::BatchResponse},
};
use roster_store::keys;
use roster_webhooks::{
    Client, Courier, Follower, Queue, Queued, deliver::Outcome, follow::Event, queue::LocalQueue,
};
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::{Function, bring};
use crate::{dynamodb::stream::Change, gateway::new_request_id, recorder};

/// As in infra/template.yaml: how many records the function gets at once, and for how long
/// they are gathered.
const BATCH: usize = 100;
const WINDOW: Duration = Duration::from_secs(1);
/// How long a delivery is hidden from others that could not be noted, in seconds.
const HIDDEN_SECONDS: i64 = 180;

/// Brings the functions what they are to see.
#[derive(Debug)]
pub(super) struct WebhookSource {
    app: Arc<App>,
    client: Arc<Client>,
    messages: LocalQueue,
    follower: LocalFollower,
    /// Changes that wait for others, to be brought with them.
    gathered: Vec<Change>,
    gathering_since: Option<Instant>,
    /// Deliveries under way: one that takes its time holds up no other.
    under_way: JoinSet<()>,
}

/// What the filter of the function's event source lets through.
fn is_wanted(change: &Change) -> bool {
    let is_new_delivery = change.event_name == "INSERT" && keys::delivery_of(&change.key).is_some();
    is_new_delivery || keys::resource_of(&change.key).is_some()
}

impl WebhookSource {
    pub(super) fn new(app: Arc<App>, client: Client) -> Self {
        let messages = LocalQueue::default();
        Self {
            follower: LocalFollower {
                app: Arc::clone(&app),
                queue: Queue::Local(messages.clone()),
            },
            gathered: Vec::new(),
            gathering_since: None,
            app,
            client: Arc::new(client),
            messages,
            under_way: JoinSet::new(),
        }
    }

    /// Gathers changes, and brings them once there are enough for a batch.
    pub(super) async fn gather(&mut self, changes: &[Change]) {
        let wanted = changes.iter().filter(|change| is_wanted(change)).cloned();
        self.gathered.extend(wanted);
        if self.gathered.len() >= BATCH {
            self.bring().await;
        }
        if !self.gathered.is_empty() {
            self.gathering_since.get_or_insert_with(Instant::now);
        }
    }

    /// Brings what was gathered, where it waited long enough or somebody waits for it.
    /// Answers whether it did.
    pub(super) async fn bring_gathered(&mut self, at_once: bool) -> bool {
        let since = self.gathering_since.filter(|_| !self.gathered.is_empty());
        let is_due = since.is_some_and(|since| at_once || since.elapsed() >= WINDOW);
        if is_due {
            self.bring().await;
        }
        is_due
    }

    async fn bring(&mut self) {
        self.gathering_since = None;
        let mut gathered = std::mem::take(&mut self.gathered);
        while !gathered.is_empty() {
            let behind = gathered.split_off(gathered.len().min(BATCH));
            let mut left = bring(&self.follower, gathered, &self.app).await;
            if !left.is_empty() {
                tracing::error!("changes have no numbers yet: they are to come again");
                left.extend(behind);
                self.gathered = left;
                return;
            }
            gathered = behind;
        }
    }

    /// Sends what is due by the API's clock, which tests move. Answers whether anything is
    /// under way.
    pub(super) async fn deliver_due(&mut self) -> bool {
        for queued in self.messages.take(self.app.clock.now()) {
            let app = Arc::clone(&self.app);
            let (client, messages) = (Arc::clone(&self.client), self.messages.clone());
            self.under_way.spawn(async move {
                let wait = deliver(&app, &client, queued).await;
                if let Some(due) = wait.and_then(|wait| app.clock.now().checked_add(wait).ok()) {
                    messages.put(queued, due);
                }
            });
        }
        // What is under way may lead to more in the stream: look there meanwhile.
        let soon = Duration::from_millis(20);
        let _ = tokio::time::timeout(soon, self.under_way.join_next()).await;
        !self.under_way.is_empty()
    }
}

/// The function that numbers changes.
#[derive(Debug)]
struct LocalFollower {
    app: Arc<App>,
    queue: Queue,
}

impl Function for LocalFollower {
    type Event = Event;

    async fn invoke(&self, event: Event) -> BatchResponse {
        let follower = Follower {
            app: &self.app,
            queue: &self.queue,
        };
        let served = recorder::as_function("webhooks-follow", Box::pin(follower.serve(&event)));
        served.instrument(log::request(&new_request_id())).await
    }
}

/// Sends a delivery. Answers how long it is until it is to be sent again, if it is.
async fn deliver(app: &App, client: &Client, queued: Queued) -> Option<jiff::SignedDuration> {
    let courier = Courier { app, client };
    let delivered = recorder::as_function("webhooks-deliver", courier.deliver(queued));
    let delivered = delivered.instrument(log::request(&new_request_id()));
    match delivered.await {
        Ok(Outcome::Done) => None,
        Ok(Outcome::Later(wait)) => Some(wait),
        Err(error) => {
            let cause = error.to_string();
            tracing::error!(cause, "a delivery is to come again");
            Some(jiff::SignedDuration::from_secs(HIDDEN_SECONDS))
        }
    }
}
