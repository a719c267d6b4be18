//! The schema of each type that stands in a body: `from_json.rs` reads it.

use jiff::Timestamp;
use roster_domain::{
    OrganizationId, UserId,
    access::password::Password,
    id::ObjectId,
    organization::Plan,
    text::{Address, Email, ExternalId, LoginName, Message, Name, Nickname, Opaque, Title, WebUrl},
    users::language::SchedulingLanguage,
    zone::ZoneName,
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
    "Address": Address;
    "Email": Email;
    "ExternalId": ExternalId;
    "Flag": bool;
    "Id": ObjectId, OrganizationId, UserId;
    "Instant": Timestamp;
    "LoginName": LoginName;
    "Message": Message;
    "Name": Name;
    "Nickname": Nickname;
    "Opaque": Opaque;
    "Password": Password;
    "Plan": Plan;
    "SchedulingLanguage": SchedulingLanguage;
    "TimeZone": ZoneName;
    "Title": Title;
    "WebUrl": WebUrl;
}

impl Taken for String {
    fn taken() -> Part {
        string()
    }
}
