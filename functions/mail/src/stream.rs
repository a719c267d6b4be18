//! The event that Lambda makes of a table's stream, as far as it is read here,
//! and the answer that says which of its records failed.

use std::collections::HashMap;

use roster_domain::{MailId, OrganizationId};
use roster_store::keys::{self, Key, PK, SK};
use serde::{Deserialize, Serialize};

/// A batch of changes to the table.
#[derive(Debug, Deserialize)]
pub struct Event {
    /// The changes, in their order.
    #[serde(rename = "Records")]
    pub records: Vec<Record>,
}

/// A change to an item.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// `INSERT`, `MODIFY` or `REMOVE`.
    pub event_name: String,
    /// What changed.
    pub dynamodb: Change,
}

/// Which item changed, and when.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Change {
    /// The item's key.
    pub keys: HashMap<String, Text>,
    /// The change's place in the stream.
    pub sequence_number: String,
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
    /// The mail that this record puts in the outbox; none where it is about
    /// something else.
    #[must_use]
    pub fn new_mail(&self) -> Option<(OrganizationId, MailId)> {
        let text = |name| self.dynamodb.keys.get(name).map(|value| value.text.clone());
        let (pk, sk) = (text(PK)?, text(SK)?);
        let mail = keys::mail_of(&Key { pk, sk })?;
        (self.event_name == "INSERT").then_some(mail)
    }
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
        let found = record("INSERT", &pk, &sk).new_mail().expect("a new mail");
        assert_eq!(found.0.to_string(), organization);
        assert_eq!(found.1.to_string(), id);
        for (event_name, pk, sk) in [
            ("MODIFY", pk.as_str(), sk.as_str()),
            ("REMOVE", &pk, &sk),
            ("INSERT", &pk, "USER#64b0c0ffee00000000000001"),
            ("INSERT", &pk, "MAIL#"),
            ("INSERT", "ORG#0", &sk),
            ("INSERT", "COUNTER", &sk),
        ] {
            let found = record(event_name, pk, sk).new_mail();
            assert_eq!(found, None, "{event_name} {pk} {sk}");
        }
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
