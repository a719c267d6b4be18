//! The JSON of `/api/v1`, in and out: every value that is answered is a string.
//! Nothing else knows its names.

mod detail;
pub mod fields;
pub mod organization_json;
pub mod user_in;
pub mod user_out;

use jiff::Timestamp;
use roster_runtime::{
    answer, choice,
    json::{from_json::FromJson as _, read::Object},
    wire,
};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// A number, as a text.
#[derive(Clone, Copy, Debug)]
pub struct Digits(pub u64);

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// An instant as `/api/v1` shows it: UTC, to the second.
#[derive(Clone, Copy, Debug)]
pub struct Time(pub Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.strftime("%Y-%m-%d %H:%M:%S"))
    }
}

/// An instant, or an empty text where there is none.
#[derive(Clone, Copy, Debug)]
pub struct TimeOrNone(pub Option<Time>);

impl Serialize for TimeOrNone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(time) => time.serialize(serializer),
            None => serializer.serialize_str(""),
        }
    }
}

#[cfg(feature = "schema")]
mod schema {
    use roster_runtime::schema::{Described, Part, any_of, named, one_of};

    use super::{Digits, Time, TimeOrNone};

    impl Described for Digits {
        fn part() -> Part {
            named("Digits")
        }
    }

    impl Described for Time {
        fn part() -> Part {
            named("Time")
        }
    }

    impl Described for TimeOrNone {
        fn part() -> Part {
            any_of([Time::part(), one_of(&[""])])
        }
    }
}

choice! {
    /// What an operation says that has nothing to show.
    struct Done of ["Success"];
}

answer! {
    /// What was created: its number.
    pub struct CreatedAnswer as "DirectoryId" {
        "id" => id: Digits,
    }

    /// An operation that has nothing to show.
    pub struct SuccessAnswer as "DirectorySuccess" {
        "message" => message: Done,
    }
}

/// What was created: its number.
#[must_use]
pub fn render_created(number: u64) -> Value {
    wire::value(CreatedAnswer { id: Digits(number) })
}

/// An operation that has nothing to show.
#[must_use]
pub fn render_success() -> Value {
    wire::value(SuccessAnswer {
        message: Done("Success"),
    })
}

/// Holds members that repeat the number in the path to it. What is no number is noted
/// where the member is read.
fn same_number(object: &Object<'_>, names: &[&'static str], number: u64) {
    for name in names {
        if let Some(node) = object.node(name)
            && u64::from_json(node.value).is_ok_and(|named| named != number)
        {
            node.unacceptable("must be the number in the path");
        }
    }
}
