//! The queue of deliveries: Amazon SQS, or that of the local gateway.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_sqs::{Client, error::ProvideErrorMetadata};
use jiff::{SignedDuration, Timestamp};
use roster_domain::{DeliveryId, Error, HookId, OrganizationId, Result};
use roster_runtime::function::{app::ConfigError, aws, variable::Variable};
use serde::{Deserialize, Serialize};

/// A delivery in the queue, as its message says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// The organization.
    pub organization: OrganizationId,
    /// The hook.
    pub hook: HookId,
    /// The delivery.
    pub delivery: DeliveryId,
}

/// Where deliveries wait to be sent.
#[derive(Debug)]
pub enum Queue {
    /// In Amazon SQS.
    Sqs {
        /// The client.
        client: Client,
        /// The address of the queue.
        url: String,
    },
    /// In the local gateway.
    Local(LocalQueue),
}

impl Queue {
    /// From the function's environment: `HOOK_QUEUE_URL`, and what [`aws::config`] reads.
    ///
    /// # Errors
    /// When it is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::Sqs {
            client: Client::new(&aws::config(aws::https_client())),
            url: Variable::HookQueue.require()?,
        })
    }

    /// Puts a delivery in the queue. Those to one hook are of one group: however many they
    /// are, others do not wait behind them.
    ///
    /// # Errors
    /// When the queue cannot be reached.
    pub async fn put(&self, queued: Queued, now: Timestamp) -> Result<()> {
        match self {
            Self::Sqs { client, url } => {
                let body = serde_json::to_string(&queued).map_err(Error::internal)?;
                let message = client.send_message().queue_url(url).message_body(body);
                let message = message.message_group_id(queued.hook.to_string());
                message.send().await.map_err(|error| unavailable(&error))?;
                Ok(())
            }
            Self::Local(queue) => {
                queue.put(queued, now);
                Ok(())
            }
        }
    }

    /// Hides a message that was received for so long: it is received again after that.
    ///
    /// # Errors
    /// When the queue cannot be reached.
    pub async fn hide(&self, receipt: &str, wait: SignedDuration) -> Result<()> {
        let Self::Sqs { client, url } = self else {
            return Ok(());
        };
        let seconds = i32::try_from(wait.as_secs().max(0)).map_err(Error::internal)?;
        let change = client.change_message_visibility().queue_url(url);
        let change = change.receipt_handle(receipt).visibility_timeout(seconds);
        change.send().await.map_err(|error| unavailable(&error))?;
        Ok(())
    }
}

fn unavailable(error: &impl ProvideErrorMetadata) -> Error {
    Error::Unavailable(format!("SQS: {}", error.code().unwrap_or("not reached")))
}

/// What SQS does, within a process: a message that was put is received once it is due.
#[derive(Debug, Clone, Default)]
pub struct LocalQueue(Arc<Mutex<Vec<(Timestamp, Queued)>>>);

impl LocalQueue {
    /// Puts a message that is due then.
    pub fn put(&self, queued: Queued, due: Timestamp) {
        self.lock().push((due, queued));
    }

    /// Takes the messages that are due by now.
    #[must_use]
    pub fn take(&self, now: Timestamp) -> Vec<Queued> {
        let due = self
            .lock()
            .extract_if(.., |(due, _)| *due <= now)
            .collect::<Vec<_>>();
        due.into_iter().map(|(_, queued)| queued).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(Timestamp, Queued)>> {
        // Whoever panicked while holding it left a list that is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
