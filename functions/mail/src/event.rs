//! What the function that sends mails is called with.

use jiff::Timestamp;
use roster_domain::{MailId, OrganizationId, Result};
use roster_runtime::function::records::{Changed, Message};
use roster_store::{
    keys::{self, Key},
    mail::notices::EventChanged,
};
use serde::Deserialize;

use crate::queues::Queued;

/// What the function is to look at.
#[derive(Debug, Deserialize)]
pub struct Event {
    /// It, in its order.
    #[serde(rename = "Records")]
    pub records: Vec<Record>,
}

/// One thing to look at.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Record {
    /// A change to an item of the table.
    Changed(Changed),
    /// A message of the queue of mails that wait: a [`Queued`].
    Message(Message),
    /// The schedule that asks what is due.
    Schedule(Schedule),
}

/// What the schedule says, each time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// What is to be looked for.
    pub schedule: Due,
}

/// What can be due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Due {
    /// Reminders of events.
    Reminders,
}

impl Record {
    /// What the answer calls it by.
    #[must_use]
    pub fn identifier(&self) -> &str {
        match self {
            Self::Changed(changed) => &changed.dynamodb.sequence_number,
            Self::Message(message) => &message.message_id,
            Self::Schedule(_) => "schedule",
        }
    }

    /// The change of an event of which people are to be told; none where it is about
    /// something else.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn event(&self) -> Result<Option<(OrganizationId, EventChanged)>> {
        match self {
            Self::Message(_) | Self::Schedule(_) => Ok(None),
            Self::Changed(changed) => event_of(changed),
        }
    }

    /// The change of a webhook that may have paused it; none where it is about something else.
    #[must_use]
    pub fn hook(&self) -> Option<(OrganizationId, &Changed)> {
        let Self::Changed(changed) = self else {
            return None;
        };
        let (organization, _) = keys::hook_of(&changed.key()?)?;
        Some((organization, changed))
    }

    /// The mail that is to be sent, since now where it is new; none where it is about
    /// something else.
    #[must_use]
    pub fn mail(&self, now: Timestamp) -> Option<Queued> {
        match self {
            Self::Schedule(_) => None,
            Self::Message(message) => serde_json::from_str(&message.body).ok(),
            Self::Changed(changed) => {
                let (organization, mail) = new_mail(changed)?;
                Some(Queued {
                    organization,
                    mail,
                    since: now,
                    code: None,
                })
            }
        }
    }
}

/// The mail that a change puts in the outbox.
fn new_mail(changed: &Changed) -> Option<(OrganizationId, MailId)> {
    let mail = keys::mail_of(&changed.key()?)?;
    changed.is_new().then_some(mail)
}

/// The event that a change makes or changes.
fn event_of(changed: &Changed) -> Result<Option<(OrganizationId, EventChanged)>> {
    let is_event = |key: Key| keys::event_of(&key).map(|(organization, _)| organization);
    let Some(organization) = changed.key().and_then(is_event) else {
        return Ok(None);
    };
    let (before, Some(after)) = changed.images()? else {
        return Ok(None);
    };
    let at = changed.at()?;
    let changed = EventChanged { before, after, at };
    Ok(Some((organization, changed)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(event_name: &str, pk: &str, sk: &str) -> Record {
        let record = json!({
            "eventID": "1", "eventName": event_name, "eventSource": "aws:dynamodb",
            "dynamodb": {
                "Keys": { "pk": { "S": pk }, "sk": { "S": sk } },
                "NewImage": { "pk": { "S": pk }, "sk": { "S": sk }, "n": { "N": "1" } },
                "SequenceNumber": "100000000000000000001", "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        });
        serde_json::from_value(record).expect("a record")
    }

    #[test]
    fn only_a_new_mail_is_a_new_mail() {
        let organization = "5f198da1c1ac5d1a30fc00f3";
        let id = "64b0c0ffee00000000000001";
        let (pk, sk) = (format!("ORG#{organization}"), format!("MAIL#{id}"));
        let now = "2026-07-16T09:00:00Z".parse().expect("an instant");
        let found = record("INSERT", &pk, &sk).mail(now).expect("a new mail");
        assert_eq!(found.organization.to_string(), organization);
        assert_eq!((found.mail.to_string().as_str(), found.since), (id, now));
        for (event_name, pk, sk) in [
            ("MODIFY", pk.as_str(), sk.as_str()),
            ("REMOVE", &pk, &sk),
            ("INSERT", &pk, "USER#64b0c0ffee00000000000001"),
            ("INSERT", &pk, "MAIL#"),
            ("INSERT", "ORG#0", &sk),
            ("INSERT", "COUNTER", &sk),
        ] {
            let found = record(event_name, pk, sk).mail(now);
            assert_eq!(found, None, "{event_name} {pk} {sk}");
        }
    }

    #[test]
    fn a_message_of_the_queue_names_a_mail_that_waits() {
        let message = json!({
            "messageId": "7", "eventSource": "aws:sqs", "body": json!({
                "organization": "5f198da1c1ac5d1a30fc00f3", "mail": "64b0c0ffee00000000000001",
                "since": "2026-07-16T09:00:00Z",
            }).to_string(),
        });
        let record: Record = serde_json::from_value(message).expect("a record");
        assert_eq!(record.identifier(), "7");
        let now = "2026-07-16T10:00:00Z".parse().expect("an instant");
        let queued = record.mail(now).expect("a mail");
        assert_eq!(queued.since.to_string(), "2026-07-16T09:00:00Z");
        assert_eq!(queued.mail.to_string(), "64b0c0ffee00000000000001");
    }

    #[test]
    fn the_schedule_asks_for_what_is_due() {
        let record = json!({ "schedule": "reminders" });
        let record: Record = serde_json::from_value(record).expect("a record");
        let is_schedule = matches!(
            record,
            Record::Schedule(Schedule {
                schedule: Due::Reminders
            })
        );
        assert!(is_schedule, "{record:?}");
    }
}
