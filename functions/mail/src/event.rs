//! The events that Lambda makes of a table's stream and of a queue, as far as they are
//! read here, and the answer that says which of their records failed.

use std::collections::HashMap;

use jiff::Timestamp;
use roster_domain::{Error, MailId, OrganizationId, Result};
use roster_store::{
    dynamodb::{item::Item, json},
    keys::{self, Key, PK, SK},
    mail::notices::EventChanged,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    /// A message of the queue of mails that wait.
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

/// A change to an item.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    /// `INSERT`, `MODIFY` or `REMOVE`.
    pub event_name: String,
    /// What changed.
    pub dynamodb: Change,
}

/// A message of a queue.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its id.
    pub message_id: String,
    /// What it says: a [`Queued`].
    pub body: String,
}

/// Which item changed, and when.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Change {
    /// The item's key.
    pub keys: HashMap<String, Text>,
    /// The change's place in the stream.
    pub sequence_number: String,
    /// The item as it was; none where it is new.
    #[serde(default)]
    pub old_image: Option<Value>,
    /// The item as it is; none where it is gone.
    #[serde(default)]
    pub new_image: Option<Value>,
    /// When it was written: seconds since 1970.
    #[serde(default)]
    pub approximate_creation_date_time: f64,
}

/// An attribute that is a text.
#[derive(Debug, Deserialize)]
pub struct Text {
    /// The text.
    #[serde(rename = "S")]
    pub text: String,
}

/// Which records are to be delivered again.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResponse {
    /// They, in their order. Lambda goes on from the first of them.
    pub batch_item_failures: Vec<BatchItemFailure>,
}

/// A record that is to be delivered again.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemFailure {
    /// Its sequence number.
    pub item_identifier: String,
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
            Self::Changed(changed) => changed.event(),
        }
    }

    /// The mail that is to be sent, since now where it is new; none where it is about
    /// something else.
    #[must_use]
    pub fn mail(&self, now: Timestamp) -> Option<Queued> {
        match self {
            Self::Schedule(_) => None,
            Self::Message(message) => serde_json::from_str(&message.body).ok(),
            Self::Changed(changed) => {
                let (organization, mail) = changed.new_mail()?;
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

impl Changed {
    fn key(&self) -> Option<Key> {
        let text = |name| self.dynamodb.keys.get(name).map(|value| value.text.clone());
        let (pk, sk) = (text(PK)?, text(SK)?);
        Some(Key { pk, sk })
    }

    /// The mail that this puts in the outbox.
    fn new_mail(&self) -> Option<(OrganizationId, MailId)> {
        let mail = keys::mail_of(&self.key()?)?;
        (self.event_name == "INSERT").then_some(mail)
    }

    /// The event that this makes or changes.
    fn event(&self) -> Result<Option<(OrganizationId, EventChanged)>> {
        let is_event = |key: Key| keys::event_of(&key).map(|(organization, _)| organization);
        let Some(organization) = self.key().and_then(is_event) else {
            return Ok(None);
        };
        let Change {
            old_image,
            new_image: Some(after),
            approximate_creation_date_time: second,
            ..
        } = &self.dynamodb
        else {
            return Ok(None);
        };
        #[expect(clippy::cast_possible_truncation, reason = "of seconds, the fraction")]
        let at = Timestamp::from_second(*second as i64).map_err(Error::internal)?;
        let changed = EventChanged {
            before: old_image.as_ref().map(image).transpose()?,
            after: image(after)?,
            at,
        };
        Ok(Some((organization, changed)))
    }
}

/// An item, as the stream shows it.
fn image(image: &Value) -> Result<Item> {
    json::read(image).ok_or_else(|| Error::internal("an image of an item cannot be read"))
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

    #[test]
    fn the_answer_names_what_failed_as_lambda_reads_it() {
        let answer = BatchResponse {
            batch_item_failures: vec![BatchItemFailure {
                item_identifier: "1".to_owned(),
            }],
        };
        assert_eq!(
            serde_json::to_value(&answer).expect("JSON"),
            json!({ "batchItemFailures": [{ "itemIdentifier": "1" }] })
        );
    }
}
