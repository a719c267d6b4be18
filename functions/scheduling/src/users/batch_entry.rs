//! What a batch of users answers for an item that was written.

use lambda_http::http::StatusCode;
use roster_domain::UserId;
use roster_runtime::{Call, answer, answer::problem::Status, wire};
use roster_store::users::write::Written;
use serde::{Serialize, Serializer};

use crate::{batch::answer::Entry, users, wire::user_out::WrittenAnswer};

/// Whether a user was created or changed.
#[derive(Clone, Copy, Debug)]
pub struct MadeStatus(StatusCode);

impl Serialize for MadeStatus {
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
}

/// The entry of an item that was written. Without the user where that has no room: whoever
/// wants it reads it by the id.
#[must_use]
pub fn of(call: &Call<'_>, written: &Written) -> Entry {
    let status = MadeStatus(users::status(written));
    let link = users::signup_link(call, written);
    let (user, organization) = (&written.user, &written.organization);
    let whole = wire::value(MadeEntry {
        status,
        written: WrittenAnswer::of(user, organization, &call.app_url(), link.clone()),
    });
    Entry {
        whole: whole.to_string(),
        has_secret: link.is_some(),
        short: wire::value(ShortEntry {
            status,
            id: user.id,
            link,
        }),
    }
}

#[cfg(feature = "schema")]
pub mod schema {
    //! The schema of the entries.

    use roster_runtime::schema::{Described, Part, Parts, about, add, either, values};
    use serde_json::json;

    use super::{MadeEntry, MadeStatus, ShortEntry};
    use crate::batch::answer::RefusedEntry;

    impl Described for MadeStatus {
        fn part() -> Part {
            values([json!(200), json!(201)])
        }
    }

    /// Adds the schema of an entry.
    pub fn collect(parts: &mut Parts) {
        let entry = either([MadeEntry::part(), ShortEntry::part(), RefusedEntry::part()]);
        let text = "The result of one item: the user or an error. If the response would be too large, entries have the user's `_id` instead of the user, and errors have no list.";
        add(parts, "BatchEntry", about(entry, text));
    }
}
