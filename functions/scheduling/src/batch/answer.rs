//! What a batch answers: an entry for each item, whole as long as the
//! answer has room, and short after that.

use lambda_http::http::StatusCode;
use roster_domain::Error;
use roster_runtime::{
    Reply, answer,
    answer::{
        lambda::{MAX_PAYLOAD, escaped_length},
        problem::{self, ProblemAnswer, Status},
        reply::JSON,
    },
    wire,
};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// Room for the headers, and the brackets around the entries.
const FRAME: usize = 2_048;
/// Every entry has this much, comma and escapes included: a short one needs no
/// more.
const ENTRY: usize = 768;

/// The status of an item that was refused.
#[derive(Clone, Copy, Debug)]
pub struct RefusedStatus(StatusCode);

impl Serialize for RefusedStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Status(self.0).serialize(serializer)
    }
}

answer! {
    /// An item that was refused.
    pub struct RefusedEntry<'a> {
        "status" => status: RefusedStatus,
        "error" => error: ProblemAnswer<'a>,
    }
}

impl RefusedEntry<'_> {
    fn of(status: StatusCode, error: ProblemAnswer<'_>) -> Value {
        wire::value(RefusedEntry {
            status: RefusedStatus(status),
            error,
        })
    }
}

#[cfg(feature = "schema")]
impl roster_runtime::schema::Described for RefusedStatus {
    fn part() -> roster_runtime::schema::Part {
        roster_runtime::schema::within(400..=599)
    }
}

/// The entries. No more of them is kept in memory than can be answered.
#[derive(Debug)]
pub struct BatchAnswer {
    entries: Vec<String>,
    /// What is left for entries that need more than [`ENTRY`].
    spare: usize,
    has_secret: bool,
}

impl BatchAnswer {
    /// For so many items.
    #[must_use]
    pub fn new(items: usize) -> Self {
        let reserved = items.saturating_mul(ENTRY).saturating_add(FRAME);
        Self {
            entries: vec![String::new(); items],
            spare: MAX_PAYLOAD.saturating_sub(reserved),
            has_secret: false,
        }
    }

    /// An item has this entry, as JSON; `short` where that has no room.
    pub fn put(&mut self, item: usize, mut entry: String, short: impl FnOnce() -> Value) {
        let more = (escaped_length(&entry) + 1).saturating_sub(ENTRY);
        if more <= self.spare {
            self.spare -= more;
        } else {
            entry = short().to_string();
        }
        if let Some(place) = self.entries.get_mut(item) {
            *place = entry;
        }
    }

    /// The answer has something in it that is shown this once.
    pub fn has_secret(&mut self) {
        self.has_secret = true;
    }

    /// An item was refused. Without the list of what is wrong where that has no
    /// room.
    pub fn refused(&mut self, item: usize, error: &Error) {
        let status = problem::status(error);
        if status.is_server_error() {
            tracing::error!(cause = %error, "an item of a batch failed");
        }
        let entry = RefusedEntry::of(status, ProblemAnswer::of(error));
        self.put(item, entry.to_string(), || {
            let detail = "is not acceptable; send it alone to see why";
            RefusedEntry::of(status, ProblemAnswer::short(status, detail.to_owned()))
        });
    }

    /// The whole answer.
    #[must_use]
    pub fn reply(self) -> Reply {
        let body = format!("[{}]", self.entries.join(","));
        let reply = Reply::text(StatusCode::MULTI_STATUS, JSON, body);
        if self.has_secret {
            reply.with_secret()
        } else {
            reply
        }
    }
}
