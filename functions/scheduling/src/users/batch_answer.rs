//! What a batch of users answers: an entry for each item, whole as long as the
//! answer has room, and short after that.

use lambda_http::http::StatusCode;
use roster_domain::{Error, UserId};
use roster_runtime::{
    Call, Reply, answer,
    answer::{
        lambda::{MAX_PAYLOAD, escaped_length},
        problem::{self, ProblemAnswer, Status},
        reply::JSON,
    },
    wire,
};
use roster_store::users::write::Written;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::{users, wire::user_out::WrittenAnswer};

/// Room for the headers, and the brackets around the entries.
const FRAME: usize = 2_048;
/// Every entry has this much, comma and escapes included: a short one needs no
/// more.
const ENTRY: usize = 768;

/// Whether a user was created or changed.
#[derive(Clone, Copy, Debug)]
pub struct MadeStatus(StatusCode);

/// The status of an item that was refused.
#[derive(Clone, Copy, Debug)]
pub struct RefusedStatus(StatusCode);

impl Serialize for MadeStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Status(self.0).serialize(serializer)
    }
}

impl Serialize for RefusedStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Status(self.0).serialize(serializer)
    }
}

answer! {
    /// An item that was written.
    pub struct MadeEntry<'a> {
        "status" => status: MadeStatus,
        ..written: WrittenAnswer<'a>,
    }

    /// An item that was written, where the user has no room.
    pub struct ShortEntry {
        "status" => status: MadeStatus,
        "_id" => id: UserId,
        /// The sign-up link, if requested.
        "link" [optional] => link: String,
    }

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
pub mod schema {
    //! The schema of the entries.

    use roster_runtime::schema::{Described, Part, Parts, about, add, either, values, within};
    use serde_json::json;

    use super::{MadeEntry, MadeStatus, RefusedEntry, RefusedStatus, ShortEntry};

    impl Described for MadeStatus {
        fn part() -> Part {
            values([json!(200), json!(201)])
        }
    }

    impl Described for RefusedStatus {
        fn part() -> Part {
            within(400..=599)
        }
    }

    /// Adds the schema of an entry.
    pub fn collect(parts: &mut Parts) {
        let entry = either([MadeEntry::part(), ShortEntry::part(), RefusedEntry::part()]);
        let text = "The result of one item: the user or an error. If the response would be too large, entries have the user's `_id` instead of the user, and errors have no list.";
        add(parts, "BatchEntry", about(entry, text));
    }
}

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
        let status = MadeStatus(users::status(written));
        let link = users::signup_link(call, written);
        self.has_link |= link.is_some();
        let (user, organization) = (&written.user, &written.organization);
        let entry = wire::value(MadeEntry {
            status,
            written: WrittenAnswer::of(user, organization, &call.app_url(), link.clone()),
        });
        self.put(item, &entry, || {
            let id = written.user.id;
            wire::value(ShortEntry { status, id, link })
        });
    }

    /// An item was refused. Without the list of what is wrong where that has no
    /// room.
    pub fn refused(&mut self, item: usize, error: &Error) {
        let status = problem::status(error);
        if status.is_server_error() {
            tracing::error!(cause = %error, "an item of a batch failed");
        }
        self.put(
            item,
            &RefusedEntry::of(status, ProblemAnswer::of(error)),
            || {
                let detail = "is not acceptable; send it alone to see why";
                RefusedEntry::of(status, ProblemAnswer::short(status, detail.to_owned()))
            },
        );
    }

    fn put(&mut self, item: usize, entry: &Value, short: impl FnOnce() -> Value) {
        let mut text = entry.to_string();
        let more = (escaped_length(&text) + 1).saturating_sub(ENTRY);
        if more <= self.spare {
            self.spare -= more;
        } else {
            text = short().to_string();
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
