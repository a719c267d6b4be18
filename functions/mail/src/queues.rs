//! The queues of the function that sends mails (Amazon SQS): of mails that are tried
//! again later, and of those that were given up. Waiting is the queue's: a mail that
//! waits holds up no other.

use aws_sdk_sqs::Client;
use aws_types::SdkConfig;
use jiff::{SignedDuration, Timestamp};
use roster_domain::{Error, MailId, OrganizationId, Result};
use roster_runtime::function::{app::ConfigError, aws, variable::Variable};
use serde::{Deserialize, Serialize};

/// Shortest wait before a mail is tried again, and longest: what SQS allows.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_secs(15);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);

/// A mail in a queue, as its message says it. It names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// The organization.
    pub organization: OrganizationId,
    /// The mail.
    pub mail: MailId,
    /// When it first had to wait.
    pub since: Timestamp,
    /// Why it was given up; none while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl Queued {
    /// How long it waits before it is tried again: half as long as it has waited so far.
    fn wait(&self, now: Timestamp) -> SignedDuration {
        let half = now.duration_since(self.since) / 2;
        half.clamp(SHORTEST_WAIT, LONGEST_WAIT)
    }
}

/// The queues.
#[derive(Debug)]
pub struct Queues {
    client: Client,
    retries: String,
    dead_letters: String,
}

impl Queues {
    /// From the function's environment: `MAIL_RETRIES_URL` and `MAIL_DEAD_LETTERS_URL`,
    /// and what [`aws::config`] reads.
    ///
    /// # Errors
    /// When one of them is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::new(
            Variable::MailRetries.require()?,
            Variable::MailDeadLetters.require()?,
            &aws::config(aws::https_client()),
        ))
    }

    /// The queues at these addresses, as `aws` says who calls.
    #[must_use]
    pub fn new(retries: String, dead_letters: String, aws: &SdkConfig) -> Self {
        Self {
            client: Client::new(aws),
            retries,
            dead_letters,
        }
    }

    /// Puts a mail where it waits until it is tried again.
    ///
    /// # Errors
    /// When the queue cannot be reached.
    pub async fn retry(&self, queued: &Queued, now: Timestamp) -> Result<()> {
        let seconds = queued.wait(now).as_secs();
        let seconds = i32::try_from(seconds).map_err(Error::internal)?;
        self.send(&self.retries, queued, Some(seconds)).await
    }

    /// Puts a mail where the operator finds those that were given up.
    ///
    /// # Errors
    /// When the queue cannot be reached.
    pub async fn give_up(&self, queued: &Queued) -> Result<()> {
        self.send(&self.dead_letters, queued, None).await
    }

    async fn send(&self, queue: &str, queued: &Queued, seconds: Option<i32>) -> Result<()> {
        let body = serde_json::to_string(queued).map_err(Error::internal)?;
        let message = self.client.send_message().queue_url(queue);
        let message = message.message_body(body).set_delay_seconds(seconds);
        message.send().await.map_err(|error| {
            let code = aws_sdk_sqs::error::ProvideErrorMetadata::code(&error);
            Error::Unavailable(format!("SQS: {}", code.unwrap_or("not reached")))
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_waits_longer_the_older_it_is_and_as_long_as_sqs_allows() {
        let since: Timestamp = "2026-07-16T09:00:00Z".parse().expect("an instant");
        let now = since + SignedDuration::from_secs(1);
        let queued = Queued {
            organization: OrganizationId::generate(now),
            mail: MailId::generate(now),
            since,
            code: None,
        };
        for (age, wait) in [(0, 15), (40, 20), (600, 300), (20_000, 900)] {
            let waits = queued.wait(since + SignedDuration::from_secs(age));
            assert_eq!(waits.as_secs(), wait, "{age}");
        }
    }
}
