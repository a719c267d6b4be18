//! What a batch of users answers: an entry for each item, whole as long as the
//! answer has room, and short after that.

use lambda_http::http::StatusCode;
use roster_domain::Error;
use roster_runtime::{
    Call, Reply,
    answer::lambda::{MAX_PAYLOAD, escaped_length},
    answer::problem,
    answer::reply::JSON,
};
use roster_store::users::write::Written;
use serde_json::{Map, Value, json};

use crate::users;

/// Room for the headers, and the brackets around the entries.
const FRAME: usize = 2_048;
/// Every entry has this much, comma and escapes included: a short one needs no
/// more.
const ENTRY: usize = 768;

/// The entries. No more of them is kept in memory than can be answered.
#[derive(Debug)]
pub struct BatchAnswer {
    entries: Vec<String>,
    /// What is left for entries that need more than [`ENTRY`].
    spare: usize,
    has_link: bool,
}

impl BatchAnswer {
    /// For so many items.
    #[must_use]
    pub fn new(items: usize) -> Self {
        let reserved = items.saturating_mul(ENTRY).saturating_add(FRAME);
        Self {
            entries: vec![String::new(); items],
            spare: MAX_PAYLOAD.saturating_sub(reserved),
            has_link: false,
        }
    }

    /// An item was written. Without the user where that has no room: whoever
    /// wants it reads it by the id.
    pub fn wrote(&mut self, item: usize, call: &Call<'_>, written: &Written) {
        let status = users::status(written);
        let mut entry = users::render_written(call, written);
        let id = written.user.id.to_string();
        if let Some(entry) = entry.as_object_mut() {
            entry.insert("status".to_owned(), status.as_u16().into());
            self.has_link |= entry.contains_key("link");
        }
        self.put(item, &entry, |entry| {
            entry.remove("user");
            entry.insert("_id".to_owned(), id.into());
        });
    }

    /// An item was refused. Without the list of what is wrong where that has no
    /// room.
    pub fn refused(&mut self, item: usize, error: &Error) {
        let status = problem::status(error);
        if status.is_server_error() {
            tracing::error!(cause = %error, "an item of a batch failed");
        }
        let members = problem::members(error);
        let entry = json!({ "status": status.as_u16(), "error": members });
        self.put(item, &entry, |entry| {
            let detail = "is not acceptable; send it alone to see why";
            entry.insert(
                "error".to_owned(),
                json!({
                    "title": status.canonical_reason().unwrap_or_default(),
                    "status": status.as_u16(),
                    "detail": detail,
                }),
            );
        });
    }

    fn put(&mut self, item: usize, entry: &Value, shorten: impl FnOnce(&mut Map<String, Value>)) {
        let mut text = entry.to_string();
        let more = (escaped_length(&text) + 1).saturating_sub(ENTRY);
        if more <= self.spare {
            self.spare -= more;
        } else {
            let mut short = entry.as_object().cloned().unwrap_or_default();
            shorten(&mut short);
            text = Value::Object(short).to_string();
        }
        if let Some(entry) = self.entries.get_mut(item) {
            *entry = text;
        }
    }

    /// The whole answer.
    #[must_use]
    pub fn reply(self) -> Reply {
        let body = format!("[{}]", self.entries.join(","));
        let reply = Reply::text(StatusCode::MULTI_STATUS, JSON, body);
        if self.has_link {
            reply.with_secret()
        } else {
            reply
        }
    }
}
