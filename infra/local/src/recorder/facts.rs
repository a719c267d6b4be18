//! What a call needs of AWS's access control, read from the call as it goes over
//! the wire.

mod dynamodb;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What a call needs, as IAM's policies say it. A set that is empty does not apply.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fact {
    /// The action as IAM names it: `dynamodb:GetItem`.
    action: String,
    /// Partition keys, without what differs from item to item.
    keys: BTreeSet<String>,
    /// The index that is queried.
    index: Option<String>,
    /// The attributes that an update names, at their top level.
    attributes: BTreeSet<String>,
    /// The names in the encryption context of what is sealed or opened. None where
    /// the action has no such context.
    context: Option<BTreeSet<String>>,
    /// The address that a mail comes from.
    from: Option<String>,
}

impl Fact {
    pub(super) fn of(service: &str, operation: &str) -> Self {
        Self {
            action: format!("{service}:{operation}"),
            ..Self::default()
        }
    }

    /// A line for `tests/proofs/emulator/check_policies.py`: the fact as JSON, with
    /// the function that made the call (its binary's name).
    #[must_use]
    pub fn to_line(&self, function: &str) -> String {
        let mut line = Map::new();
        line.insert("function".to_owned(), json!(function));
        line.insert("action".to_owned(), json!(self.action));
        let sets = [("keys", &self.keys), ("attributes", &self.attributes)];
        for (name, set) in sets {
            if !set.is_empty() {
                line.insert(name.to_owned(), json!(set));
            }
        }
        if let Some(context) = &self.context {
            line.insert("context".to_owned(), json!(context));
        }
        for (name, text) in [("index", &self.index), ("from", &self.from)] {
            if let Some(text) = text {
                line.insert(name.to_owned(), json!(text));
            }
        }
        Value::Object(line).to_string()
    }
}

/// Why nobody can say what a call needs.
#[derive(Debug, thiserror::Error)]
pub enum UnknownCall {
    /// No function has made such a call so far.
    #[error("{0}: infra/local/src/recorder/facts.rs does not know what this call needs")]
    Operation(String),
    /// It is not what the service takes.
    #[error("a call has a body that cannot be read: {0}")]
    Body(#[from] serde_json::Error),
    /// What a policy could bound it by is not in it.
    #[error("a call names no {0}")]
    Missing(&'static str),
}

/// What a call needs: several facts where it does several things at once.
/// `service` is the one that its signature is for (`dynamodb`), `target` its header
/// `X-Amz-Target` or empty, `path` without the query.
///
/// # Errors
/// When it is not known what such a call needs: a policy could not be held to it.
pub fn facts(
    service: &str,
    target: &str,
    path: &str,
    body: &[u8],
) -> Result<Vec<Fact>, UnknownCall> {
    let operation = target.rsplit('.').next().unwrap_or_default();
    let fact = Fact::of(service, operation);
    match (service, operation) {
        // A connection that is opened, and asks for no right.
        ("dynamodb", "") if path == "/ping" => Ok(Vec::new()),
        ("dynamodb", _) => dynamodb::facts(operation, body),
        ("kms", "Encrypt" | "Decrypt") => {
            let sealing: Sealing = serde_json::from_slice(body)?;
            let context = sealing.encryption_context.into_keys().collect();
            Ok(vec![Fact {
                context: Some(context),
                ..fact
            }])
        }
        ("secretsmanager", "GetSecretValue" | "PutSecretValue")
        | ("sqs", "ChangeMessageVisibility" | "SendMessage") => Ok(vec![fact]),
        ("ses", _) if path == "/v2/email/outbound-emails" => {
            let mail: OutboundMail = serde_json::from_slice(body)?;
            // A message that is written out takes the one right, another the other; SES
            // has been seen to ask for both.
            let raw = mail.content.raw.map(|_| "SendRawEmail");
            let actions = ["SendEmail"].into_iter().chain(raw);
            let fact = |action| Fact {
                from: Some(mail.from_email_address.clone()),
                ..Fact::of(service, action)
            };
            Ok(actions.map(fact).collect())
        }
        _ => Err(UnknownCall::Operation(format!("{service} {target} {path}"))),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Sealing {
    #[serde(default)]
    encryption_context: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OutboundMail {
    from_email_address: String,
    #[serde(default)]
    content: OutboundContent,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OutboundContent {
    raw: Option<serde::de::IgnoredAny>,
}

#[cfg(test)]
mod tests;
