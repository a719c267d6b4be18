//! The JSON of `/v2`, in and out. Nothing else knows its names.

pub mod assignment_json;
pub mod audit_out;
pub mod availability_json;
pub mod calendars_json;
pub mod change_out;
pub mod credit_in;
pub mod decision_out;
pub mod delivery_out;
pub mod event_change_in;
pub mod event_in;
pub mod event_kept;
pub mod event_out;
pub mod feed_json;
pub mod fields;
pub mod hold_json;
pub mod hook_json;
pub mod key_json;
pub mod organization_json;
pub mod preferences_json;
pub mod slots_out;
pub mod team_json;
pub mod time_off_json;
pub mod user_in;
pub mod user_out;

use jiff::Timestamp;
use roster_runtime::wire::members::OtherName;
use serde::{Serialize, Serializer};

/// `adress` in `/v2/users`'s table, `address` everywhere else: one member.
#[derive(Debug)]
struct Adress;

impl OtherName for Adress {
    const NAME: &'static str = "adress";
}

/// An instant as `/v2` shows it: UTC, with milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Instant(pub Timestamp);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

#[cfg(feature = "schema")]
impl roster_runtime::schema::Described for Instant {
    fn part() -> roster_runtime::schema::Part {
        roster_runtime::schema::named("Instant")
    }
}
