//! Calling a receiver: a stranger's server, at an address that is checked when the
//! connection is made.

use std::time::Duration;

use http::{
    Method, Request,
    header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT},
};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use roster_domain::hooks::{
    delivery::MAX_HEAD,
    target::{TargetUrl, Targets},
};
use roster_outgoing::{Bounds, Unanswered};

/// What a receiver may take: as much of its answer as is read.
const BOUNDS: Bounds = Bounds {
    time: Duration::from_secs(15),
    bytes: 4 * 1024,
};

/// What a receiver said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// How the body begins.
    pub head: String,
    /// How long it asks to wait.
    pub retry_after: Option<SignedDuration>,
}

/// What is sent.
#[derive(Debug)]
pub struct Message<'a> {
    /// `webhook-id`.
    pub id: &'a str,
    /// `webhook-timestamp`: seconds since 1970.
    pub second: i64,
    /// `webhook-signature`.
    pub signature: &'a str,
    /// The body.
    pub body: String,
}

/// Calls receivers.
#[derive(Debug)]
pub struct Client(roster_outgoing::Client);

impl Client {
    /// One that goes to these targets alone.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(targets: Targets) -> Result<Self, rustls::Error> {
        roster_outgoing::Client::new(targets).map(Self)
    }

    /// Sends a message once.
    ///
    /// # Errors
    /// Why there is no answer: a sentence for whoever looks at the delivery.
    pub async fn send(
        &self,
        target: &TargetUrl,
        message: Message<'_>,
        now: Timestamp,
    ) -> Result<Answer, String> {
        let request = Request::builder()
            .method(Method::POST)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("Roster/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.second)
            .header("webhook-signature", message.signature);
        let answered = self.0.send(target, request, message.body, BOUNDS).await;
        let answer = answered.map_err(|unanswered| match unanswered {
            Unanswered::NotAllowed(detail) => format!("target_url {detail}"),
            Unanswered::Unreachable(why) => format!("The receiver could not be reached: {why}"),
            Unanswered::TooLate(time) => {
                let seconds = time.as_secs();
                format!("The receiver did not answer within {seconds} seconds.")
            }
            Unanswered::Broken(why) => format!("The receiver did not answer as HTTP asks: {why}"),
        })?;
        let retry_after = answer.header(RETRY_AFTER.as_str());
        Ok(Answer {
            status: answer.status,
            head: head(&answer.body),
            retry_after: retry_after.and_then(|value| wait(value, now)),
        })
    }
}

/// How a body begins, on one line.
fn head(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let shown = |c: char| if c.is_control() { ' ' } else { c };
    let head: String = text.chars().map(shown).take(MAX_HEAD).collect();
    head.trim().to_owned()
}

/// How long `Retry-After` asks to wait: seconds, or a date (RFC 9110, 10.2.3).
fn wait(value: &str, now: Timestamp) -> Option<SignedDuration> {
    if let Ok(seconds) = value.trim().parse::<u32>() {
        return Some(SignedDuration::from_secs(seconds.into()));
    }
    let at = rfc2822::parse(value.trim()).ok()?.timestamp();
    Some(at.duration_since(now).max(SignedDuration::ZERO))
}

#[cfg(test)]
mod tests;
