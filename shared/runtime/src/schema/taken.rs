//! The schema of each type that stands in a body: `from_json.rs` reads it.

use jiff::Timestamp;
use roster_domain::{
    OrganizationId, UserId,
    id::ObjectId,
    organization::Plan,
    text::{Email, Name},
    users::language::SchedulingLanguage,
};

use super::{Part, named, string};

/// A type that a body can have. What it takes may be more than an answer shows: a flag
/// may be a string.
pub trait Taken {
    /// Its schema, or the name of it.
    fn taken() -> Part;
}

macro_rules! taken {
    ($($name:literal: $($Type:ty),*;)*) => { $( $(
        impl Taken for $Type {
            fn taken() -> Part {
                named($name)
            }
        }
    )* )* };
}
taken! {
    "Email": Email;
    "Flag": bool;
    "Id": ObjectId, OrganizationId, UserId;
    "Instant": Timestamp;
    "Name": Name;
    "Plan": Plan;
    "SchedulingLanguage": SchedulingLanguage;
}

impl Taken for String {
    fn taken() -> Part {
        string()
    }
}
