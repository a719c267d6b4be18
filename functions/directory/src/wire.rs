//! The JSON of `/api/v1`, in and out: every value that is answered is a string.
//! Nothing else knows its names.

pub mod organization_json;
pub mod user_in;
pub mod user_out;

use jiff::Timestamp;
use roster_runtime::json::Object;
use serde_json::{Value, json};

/// An instant as `/api/v1` shows it: UTC, to the second.
#[must_use]
pub fn time(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// What was created: its number.
#[must_use]
pub fn render_created(number: u64) -> Value {
    json!({ "id": number.to_string() })
}

/// An operation that has nothing to show.
#[must_use]
pub fn render_success() -> Value {
    json!({ "message": "Success" })
}

/// The number of the thing in the path, where the body repeats it.
fn same_number(object: &Object<'_>, names: &[&'static str], number: u64) {
    for name in names {
        let _: Option<()> = object.optional_with(name, |node| {
            let named: u64 = node.read()?;
            if named != number {
                node.unacceptable("must be the number in the path");
            }
            Some(())
        });
    }
}
