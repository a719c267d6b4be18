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

/// The entry of an item.
#[derive(Debug)]
pub struct Entry {
    /// As JSON.
    pub whole: String,
    /// The same where that has no room.
    pub short: Value,
    /// Whether it has something in it that is shown this once.
    pub has_secret: bool,
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

    /// An item was written. Short where the entry has no room.
    pub fn put(&mut self, item: usize, entry: Entry) {
        self.has_secret |= entry.has_secret;
        let more = (escaped_length(&entry.whole) + 1).saturating_sub(ENTRY);
        let text = if more <= self.spare {
            self.spare -= more;
            entry.whole
        } else {
            entry.short.to_string()
        };
        if let Some(place) = self.entries.get_mut(item) {
            *place = text;
        }
    }

    /// An item was refused. Without the list of what is wrong where that has no
    /// room.
    pub fn refused(&mut self, item: usize, error: &Error) {
        let status = problem::status(error);
        if status.is_server_error() {
            tracing::error!(cause = %error, "an item of a batch failed");
        }
        let detail = "is not acceptable; send it alone to see why";
        let short = ProblemAnswer::short(status, detail.to_owned());
        let entry = Entry {
            whole: RefusedEntry::of(status, ProblemAnswer::of(error)).to_string(),
            short: RefusedEntry::of(status, short),
            has_secret: false,
        };
        self.put(item, entry);
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
