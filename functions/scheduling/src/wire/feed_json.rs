//! The addresses of a calendar's feed.

use roster_domain::access::feed::Feed;
use roster_runtime::{answer, wire};
use serde_json::Value;

use super::Instant;

answer! {
    /// The addresses of a calendar's feed. Whoever has them can read it.
    pub struct FeedAnswer as "Feed" {
        /// What takes place, for a calendar program. Shown only here.
        "calendar" => calendar: String,
        /// When somebody is busy, without what with. Shown only here.
        "freebusy" => freebusy: String,
        "createdAt" => created_at: Instant,
    }
}

/// A feed of what is at `base`, with the parameter that has its secret.
#[must_use]
pub fn render(base: &str, key: &str, feed: &Feed) -> Value {
    wire::value(FeedAnswer {
        calendar: format!("{base}/calendar.ics?{key}"),
        freebusy: format!("{base}/freebusy.ics?{key}"),
        created_at: Instant(feed.created_at),
    })
}
