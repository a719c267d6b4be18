//! The lines of the file.

use jiff::Timestamp;
use roster_domain::{OrganizationId, Result};
use roster_store::{
    dynamodb::{
        item::{Item, key_of, with_key},
        json,
    },
    keys::{Key, PK, SK},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The form of the file that this release writes and reads.
pub const FORMAT: u64 = 1;

/// The first line: whose items they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The form of the file: [`FORMAT`].
    pub roster_export: u64,
    /// The newest schema version that its items may have.
    pub schema_version: u64,
    /// The organization's id.
    pub organization: OrganizationId,
    /// The organization's name when the export began.
    pub name: String,
    /// When the export began.
    pub started_at: Timestamp,
}

/// The last line: what was before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Items that the organization has.
    pub items: u64,
    /// Lines before this one.
    pub lines: u64,
    /// SHA-256 of all that is before this line, in hex.
    pub sha256: String,
}

/// A line between the two.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Line {
    /// The item is like this.
    Put(Item),
    /// The item that an earlier line put is gone.
    Delete(Key),
    /// There is no more.
    End(End),
}

impl Line {
    /// The line, without its end.
    pub(crate) fn write(&self) -> Result<String> {
        let value = match self {
            Self::Put(item) => json!({ "put": json::write(item)? }),
            Self::Delete(key) => {
                let key = with_key(Item::new(), key);
                json!({ "delete": json::write(&key)? })
            }
            Self::End(end) => json!({ "end": end }),
        };
        Ok(value.to_string())
    }

    /// What a line says; none where it says nothing of the kind.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut value: Value = serde_json::from_str(text).ok()?;
        let object = value.as_object_mut().filter(|object| object.len() == 1)?;
        if let Some(item) = object.get("put") {
            let item = json::read(item)?;
            key_of(&item).ok()?;
            return Some(Self::Put(item));
        }
        if let Some(key) = object.get("delete") {
            let key = json::read(key)?;
            let only_key = key.len() == 2 && key.contains_key(PK) && key.contains_key(SK);
            return Some(Self::Delete(key_of(&key).ok().filter(|_| only_key)?));
        }
        let end = object.remove("end")?;
        serde_json::from_value(end).ok().map(Self::End)
    }
}
