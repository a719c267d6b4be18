//! Delivering what the stream brings: each mail once, or not at all.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use roster_domain::{
    Error, MailId, OrganizationId, Result,
    access::secret,
    mail::{Mail, OUTCOME_UNKNOWN},
};
use roster_runtime::{
    App,
    function::records::{BatchItemFailure, BatchResponse},
};
use roster_store::mail::{outbox::Claimed, reminders};

use crate::{
    Queues, Sender,
    event::{Event, Record},
    queues::Queued,
    render::render,
    sender::Verdict,
};

/// Most attempts at one mail in one invocation: others wait behind it.
const MAX_ATTEMPTS: u32 = 3;
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// How long a mail is tried again. A link in it works for 7 days; one that is late by more
/// hours is better sent again by whoever waits for it.
pub const LONGEST_AGE: SignedDuration = SignedDuration::from_hours(6);
/// What a mail is given up with that could not be sent for so long.
pub const TOO_LATE: &str = "too-late";
/// What a mail is given up with that tells what is not so any more.
pub const SUPERSEDED: &str = "superseded";
/// How long before the deadline no attempt begins any more: one that is cut off
/// costs the mail.
pub const RESERVE: Duration = Duration::from_secs(45);

/// One invocation: what mails are sent with.
#[derive(Debug)]
pub struct Delivery<'a> {
    /// Configuration and clients.
    pub app: &'a App,
    /// Where mails go.
    pub sender: &'a Sender,
    /// Where those go that are not sent now. None: whatever brings records brings those
    /// again that failed, and no queue is needed (the local gateway).
    pub queues: Option<&'a Queues>,
    /// When the process is stopped.
    pub deadline: Instant,
}

/// What came of a mail in this invocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was sent, now.
    Sent {
        /// The id that the mail service gave it.
        message_id: String,
    },
    /// It was sent before, or is no longer there.
    Nothing,
    /// It is given up, with this code, now or before.
    Failed(String),
    /// It was not sent, for this reason, and may be later.
    Later(String),
}

impl Outcome {
    fn name(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "sent",
            Self::Nothing => "nothing-to-do",
            Self::Failed(_) => "failed",
            Self::Later(_) => "later",
        }
    }
}

/// What one attempt says about the next.
enum Attempt {
    Ended(Outcome),
    /// It may be tried again, for this reason.
    Again(String),
    /// Another attempt holds it: wait for how that ends.
    Elsewhere,
}

impl Delivery<'_> {
    /// Delivers the mails of a batch, one after another, and answers which of
    /// its records failed. Records about anything else are done with.
    pub async fn serve(&self, event: &Event) -> BatchResponse {
        let mut response = BatchResponse::default();
        for record in &event.records {
            let is_done = match record.mail(self.app.clock.now()) {
                Some(queued) => {
                    let outcome = self.deliver(&queued).await;
                    self.is_done(queued, outcome).await
                }
                None => self.tell(record).await,
            };
            if !is_done {
                response.batch_item_failures.push(BatchItemFailure {
                    item_identifier: record.identifier().to_owned(),
                });
            }
        }
        response
    }

    /// Puts mails in the outbox for whoever is to be told of an event's change. The stream
    /// brings them as it brings any mail. Answers whether the record is done with.
    async fn tell(&self, record: &Record) -> bool {
        if let Record::Schedule(_) = record {
            return self.remind().await;
        }
        let told = async {
            let store = self.app.store();
            if let Some((organization, changed)) = record.hook() {
                let (before, Some(after)) = changed.images()? else {
                    return Ok(None);
                };
                let tenant = store.tenant(organization);
                let queued = tenant.tell_of_pause(before, after).await?;
                return Ok(Some((organization, queued)));
            }
            let Some((organization, changed)) = record.event()? else {
                return Ok(None);
            };
            let queued = store.tenant(organization).tell(changed).await?;
            Ok::<_, Error>(Some((organization, queued)))
        };
        match told.await {
            Ok(None | Some((_, 0))) => true,
            Ok(Some((organization, queued))) => {
                let organization = organization.to_string();
                tracing::info!(organization, queued, "mails are queued");
                true
            }
            Err(error) => {
                let (record, cause) = (record.identifier(), error.cause());
                tracing::error!(record, cause, "a change was not told");
                false
            }
        }
    }

    /// Puts mails in the outbox for the reminders that are due. Answers whether that is
    /// done with: what is not is due the next time, too.
    async fn remind(&self) -> bool {
        match reminders::send_due(&self.app.store()).await {
            Ok(0) => true,
            Ok(queued) => {
                tracing::info!(queued, "reminders are queued");
                true
            }
            Err(error) => {
                tracing::error!(cause = error.cause(), "reminders were not sent");
                false
            }
        }
    }

    /// Whether the record of a mail is done with: the mail is sent, or in the queue where
    /// it belongs now.
    async fn is_done(&self, mut queued: Queued, outcome: Outcome) -> bool {
        let (Outcome::Failed(_) | Outcome::Later(_)) = outcome else {
            return true;
        };
        let Some(queues) = self.queues else {
            return false;
        };
        let put = if let Outcome::Failed(code) = outcome {
            queued.code = Some(code);
            queues.give_up(&queued).await
        } else {
            queues.retry(&queued, self.app.clock.now()).await
        };
        if let Err(error) = &put {
            problem(queued.mail, error);
        }
        put.is_ok()
    }

    /// Delivers one mail, with as many attempts as there is time for. What
    /// comes of it is logged here, once.
    #[expect(
        clippy::disallowed_methods,
        reason = "between attempts at SES, within one invocation"
    )]
    pub async fn deliver(&self, queued: &Queued) -> Outcome {
        let (organization, id) = (queued.organization, queued.mail);
        let (mut attempts, mut waits) = (0, 0);
        let mut reason = "no-time".to_owned();
        let (outcome, attempt) = loop {
            let attempt = secret::random_base62(22);
            if attempts == MAX_ATTEMPTS || Instant::now() + RESERVE > self.deadline {
                break (Outcome::Later(reason), attempt);
            }
            match Box::pin(self.attempt(queued, &attempt)).await {
                Attempt::Ended(outcome) => break (outcome, attempt),
                Attempt::Again(code) => {
                    attempts += 1;
                    reason = code;
                }
                Attempt::Elsewhere => "elsewhere".clone_into(&mut reason),
            }
            waits += 1;
            if attempts < MAX_ATTEMPTS {
                tokio::time::sleep(wait(waits)).await;
            }
        };
        log_outcome(organization, id, &attempt, &outcome);
        outcome
    }

    async fn attempt(&self, queued: &Queued, attempt: &str) -> Attempt {
        let (organization, id) = (queued.organization, queued.mail);
        let store = self.app.store();
        let is_late = store.now.duration_since(queued.since) > LONGEST_AGE;
        let tenant = store.tenant(organization);
        let claimed = tenant.claim_mail(&self.app.sealer, id, attempt).await;
        match claimed {
            Ok(Claimed::Mine(_)) if is_late => {
                mark(id, tenant.mail_failed(id, attempt, TOO_LATE).await);
                Attempt::Ended(Outcome::Failed(TOO_LATE.to_owned()))
            }
            Ok(Claimed::Mine(mail)) => self.send(organization, id, attempt, &mail).await,
            Ok(Claimed::Sent | Claimed::Gone) => Attempt::Ended(Outcome::Nothing),
            Ok(Claimed::Failed(code)) => Attempt::Ended(Outcome::Failed(code)),
            Ok(Claimed::Elsewhere) => Attempt::Elsewhere,
            Ok(Claimed::Abandoned { attempt: dead }) => {
                // Whoever loses this race reads the winner's verdict.
                match tenant.mail_failed(id, &dead, OUTCOME_UNKNOWN).await {
                    Ok(true) => Attempt::Ended(Outcome::Failed(OUTCOME_UNKNOWN.to_owned())),
                    Ok(false) => Attempt::Elsewhere,
                    Err(error) => Attempt::Again(problem(id, &error)),
                }
            }
            Err(error) => {
                // The claim may have been made for all that, and nothing was
                // sent under it.
                if let Err(error) = tenant.mail_released(id, attempt).await {
                    problem(id, &error);
                }
                Attempt::Again(problem(id, &error))
            }
        }
    }

    /// Sends a mail that this attempt holds.
    async fn send(
        &self,
        organization: OrganizationId,
        id: MailId,
        attempt: &str,
        mail: &Mail,
    ) -> Attempt {
        let verdict = match render(mail, self.app.public_url.as_deref()) {
            Ok(Some(rendered)) => self.sender.send(&rendered).await,
            Ok(None) => {
                let store = self.app.store();
                let tenant = store.tenant(organization);
                mark(id, tenant.mail_failed(id, attempt, SUPERSEDED).await);
                return Attempt::Ended(Outcome::Nothing);
            }
            Err(error) => {
                problem(id, &error);
                Verdict::Refused {
                    code: "not-written".to_owned(),
                }
            }
        };
        let store = self.app.store();
        let tenant = store.tenant(organization);
        match verdict {
            Verdict::Accepted { message_id } => {
                mark(id, tenant.mail_sent(id, attempt, &message_id).await);
                Attempt::Ended(Outcome::Sent { message_id })
            }
            Verdict::Later { code } => {
                mark(id, tenant.mail_released(id, attempt).await);
                Attempt::Again(code)
            }
            Verdict::Refused { code } => {
                mark(id, tenant.mail_failed(id, attempt, &code).await);
                Attempt::Ended(Outcome::Failed(code))
            }
            Verdict::Unknown { code } => {
                let code = format!("{OUTCOME_UNKNOWN}: {code}");
                mark(id, tenant.mail_failed(id, attempt, &code).await);
                Attempt::Ended(Outcome::Failed(code))
            }
        }
    }
}

/// What came of a mail could not be written down. The claim stands, so the
/// mail is not sent again.
fn mark(id: MailId, marked: Result<bool>) {
    let cause = match marked {
        Ok(true) => return,
        Ok(false) => "another attempt took this one for dead".to_owned(),
        Err(error) => error.cause(),
    };
    let mail = id.to_string();
    tracing::error!(mail, cause, "what came of a mail was not noted");
}

/// Logs what kept an attempt from its end, and answers a code for it.
fn problem(id: MailId, error: &Error) -> String {
    let mail = id.to_string();
    tracing::error!(mail, cause = error.cause(), "an attempt at a mail failed");
    match error {
        Error::Busy(_) | Error::Unavailable(_) => "busy".to_owned(),
        _ => "internal".to_owned(),
    }
}

fn log_outcome(organization: OrganizationId, id: MailId, attempt: &str, outcome: &Outcome) {
    let (organization, mail) = (organization.to_string(), id.to_string());
    let name = outcome.name();
    match outcome {
        Outcome::Sent { message_id } => tracing::info!(
            organization,
            mail,
            attempt,
            outcome = name,
            message_id,
            "mail {name}"
        ),
        Outcome::Nothing => {
            tracing::info!(organization, mail, attempt, outcome = name, "mail {name}");
        }
        Outcome::Failed(code) | Outcome::Later(code) => tracing::error!(
            organization,
            mail,
            attempt,
            outcome = name,
            code,
            "mail {name}"
        ),
    }
}

/// The wait before another attempt: exponential, its second half drawn by lot.
fn wait(count: u32) -> Duration {
    let ceiling = FIRST_WAIT
        .saturating_mul(1 << count.saturating_sub(1).min(8))
        .min(LONGEST_WAIT);
    let lot = f64::from(u32::from_be_bytes(secret::random_bytes())) / f64::from(u32::MAX);
    ceiling.mul_f64(0.5 + lot / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound() {
        for (count, most) in [
            (1, 500),
            (2, 1_000),
            (3, 2_000),
            (4, 4_000),
            (5, 5_000),
            (99, 5_000),
        ] {
            let most = Duration::from_millis(most);
            let waited = wait(count);
            assert!(waited <= most && waited >= most / 2, "{count}: {waited:?}");
        }
    }
}
