//! Sending a delivery, and noting what came of it.

use std::convert::Infallible;

use jiff::{SignedDuration, Timestamp};
use roster_domain::{
    Error, Result,
    hooks::{
        Hook, Pause, PauseReason,
        delivery::{Delivery, DeliveryState, Try},
        message_id, retry, signing,
    },
};
use roster_runtime::{
    App,
    function::records::{self as queued, BatchItemFailure, BatchResponse},
};
use roster_scheduling::wire::delivery_out;
use roster_store::{
    Tenant,
    dynamodb::capacity::try_join_all,
    hooks::deliveries::{Due, Health},
    mail::seal::SealContext,
};
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use crate::{
    Client, Queue, Queued,
    client::{Answer, Message},
};

/// With this status a receiver says that it does not want to hear of anything again.
const GONE: u16 = 410;

/// One invocation: what deliveries are sent with.
#[derive(Debug)]
pub struct Courier<'a> {
    /// Configuration and clients.
    pub app: &'a App,
    /// Calls receivers.
    pub client: &'a Client,
}

/// What is to become of a message of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is done with.
    Done,
    /// It is to come again, after this time.
    Later(SignedDuration),
}

/// What follows from a try.
struct Verdict {
    state: DeliveryState,
    wait: Option<SignedDuration>,
    health: Option<Health>,
}

/// What the function is called with.
#[derive(Debug, Deserialize)]
pub struct Event {
    /// Messages of the queue.
    #[serde(rename = "Records")]
    pub records: Vec<queued::Message>,
}

impl Courier<'_> {
    /// Sends the deliveries of a batch, all at once: one that takes its time holds up no
    /// other. Answers which are to come again; for how long each is hidden until then, the
    /// queue is told.
    pub async fn serve(&self, event: &Event, queue: &Queue) -> BatchResponse {
        let each = event.records.iter().map(|message| async move {
            let is_done = self.is_done(message, queue).await;
            let failure = (!is_done).then(|| BatchItemFailure {
                item_identifier: message.message_id.clone(),
            });
            Ok::<_, Infallible>(failure)
        });
        let Ok(failures) = try_join_all(each).await;
        BatchResponse {
            batch_item_failures: failures.into_iter().flatten().collect(),
        }
    }

    async fn is_done(&self, message: &queued::Message, queue: &Queue) -> bool {
        let delivered = async {
            let queued = serde_json::from_str(&message.body).map_err(Error::internal)?;
            match self.deliver(queued).await? {
                Outcome::Done => Ok(true),
                Outcome::Later(wait) => {
                    queue.hide(&message.receipt_handle, wait).await?;
                    Ok(false)
                }
            }
        };
        delivered.await.unwrap_or_else(|error: Error| {
            let (message, cause) = (message.message_id.as_str(), error.to_string());
            tracing::error!(message, cause, "a delivery is to come again");
            false
        })
    }

    /// Sends a delivery, where it is to be sent now. Whoever is killed between sending and
    /// noting leaves it to be sent again: with the same `webhook-id`.
    ///
    /// # Errors
    /// When the table or KMS cannot be reached: it is to come again.
    pub async fn deliver(&self, queued: Queued) -> Result<Outcome> {
        let store = self.app.store();
        let tenant = store.tenant(queued.organization);
        let due = tenant.due(queued.hook, queued.delivery).await?;
        let Some(due) = due.filter(|due| due.delivery.state == DeliveryState::Waiting) else {
            return Ok(Outcome::Done);
        };
        if let Some(next_at) = due.delivery.next_at
            && next_at > store.now
        {
            return Ok(Outcome::Later(next_at.duration_since(store.now)));
        }
        let Some(hook) = &due.hook else {
            return self.give_up(&tenant, &due, "The hook was deleted.").await;
        };
        if hook.paused.is_some() {
            return self.give_up(&tenant, &due, "The hook is paused.").await;
        }
        let answer = self.send(hook, &due, store.now).await?;
        // The answer took its time.
        let now = self.app.store().now;
        let (made, verdict) = judged(answer, hook, &due.delivery, now);
        let next_at = verdict.wait.and_then(|wait| now.checked_add(wait).ok());
        let (hook_id, id) = (due.delivery.hook, due.delivery.id);
        tenant
            .note_try(hook_id, id, Some(&made), verdict.state, next_at)
            .await?;
        let is_paused = match verdict.health {
            Some(health) => tenant.note_health(hook, health).await?,
            None => false,
        };
        log(queued, &made, verdict.state, is_paused);
        Ok(verdict.wait.map_or(Outcome::Done, Outcome::Later))
    }

    async fn give_up(&self, tenant: &Tenant<'_>, due: &Due, why: &str) -> Result<Outcome> {
        let made = Try {
            at: self.app.store().now,
            status: None,
            head: String::new(),
            error: Some(why.to_owned()),
        };
        let Delivery { hook, id, .. } = due.delivery;
        let state = DeliveryState::Failed;
        tenant.note_try(hook, id, Some(&made), state, None).await?;
        Ok(Outcome::Done)
    }

    async fn send(&self, hook: &Hook, due: &Due, now: Timestamp) -> Result<Result<Answer, String>> {
        let context = SealContext::Hook(hook.id);
        let secret = self.app.sealer.open_text(context, &hook.sealed_secret);
        let secret = secret.await?;
        let previous = hook.previous.as_ref();
        let previous = match previous.filter(|previous| previous.until > now) {
            Some(previous) => Some(self.app.sealer.open_text(context, &previous.sealed).await?),
            None => None,
        };
        let secrets = [Some(&secret), previous.as_ref()];
        let secrets = secrets.into_iter().flatten();
        let secrets = secrets.map(|secret| secret.expose_secret());
        let id = message_id(due.delivery.message);
        let body = delivery_out::message(&due.delivery, hook.organization, &due.resource);
        let second = now.as_second();
        let signature = signing::signatures(secrets, &id, second, &body);
        let message = Message {
            id: &id,
            second,
            signature: &signature,
            body,
        };
        Ok(self.client.send(&hook.target_url, message, now).await)
    }
}

/// What a try was, and what follows from it.
fn judged(
    answer: Result<Answer, String>,
    hook: &Hook,
    delivery: &Delivery,
    now: Timestamp,
) -> (Try, Verdict) {
    let (status, head, error, asked) = match answer {
        Ok(Answer {
            status,
            head,
            retry_after,
        }) => {
            let error = match status {
                200..=299 => None,
                300..=399 => Some(format!(
                    "The receiver answered {status}. Redirects are not followed: set target_url \
                     to where it leads."
                )),
                GONE => Some(format!(
                    "The receiver answered {status}: it wants no more. The hook is paused."
                )),
                _ => Some(format!("The receiver answered {status}.")),
            };
            (Some(status), head, error, retry_after)
        }
        Err(why) => (None, String::new(), Some(why), None),
    };
    let has_arrived = error.is_none();
    let made = Try {
        at: now,
        status,
        head,
        error,
    };
    let paused = |reason| Some(Health::Paused(Pause { at: now, reason }));
    let verdict = if has_arrived {
        Verdict {
            state: DeliveryState::Delivered,
            wait: None,
            health: hook.failing_since.map(|_| Health::Well),
        }
    } else if status == Some(GONE) {
        Verdict {
            state: DeliveryState::Failed,
            wait: None,
            health: paused(PauseReason::Gone),
        }
    } else if let Some(wait) = retry::wait(delivery.tries.len() + 1, asked) {
        let is_new = hook.failing_since.is_none();
        Verdict {
            state: DeliveryState::Waiting,
            wait: Some(wait),
            health: is_new.then_some(Health::Failing(now)),
        }
    } else {
        let is_failing = hook.fails_since(delivery.created_at, now);
        Verdict {
            state: DeliveryState::Failed,
            wait: None,
            health: is_failing.then(|| paused(PauseReason::Failing)).flatten(),
        }
    };
    (made, verdict)
}

/// Says once what came of a try. Never where to, nor what the receiver said.
fn log(queued: Queued, made: &Try, state: DeliveryState, is_paused: bool) {
    let organization = queued.organization.to_string();
    let (hook, delivery) = (queued.hook.to_string(), queued.delivery.to_string());
    let (status, state) = (made.status.unwrap_or_default(), state.name());
    if is_paused {
        tracing::warn!(
            organization,
            hook,
            delivery,
            status,
            state,
            "a hook is paused"
        );
    } else {
        tracing::info!(
            organization,
            hook,
            delivery,
            status,
            state,
            "a delivery was tried"
        );
    }
}
