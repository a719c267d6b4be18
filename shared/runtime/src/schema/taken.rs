//! The schema of each type that stands in a body: `from_json.rs` reads it.

use jiff::Timestamp;
use roster_domain::{
    CalendarId, EventId, OrganizationId, TeamId, UserId,
    access::password::Password,
    bookings::assignment::{Outcome, StaleCalendars, Strategy},
    id::ObjectId,
    organization::Plan,
    text::{
        Address, Email, ExternalId, LoginName, Message, Name, Nickname, Opaque, Title, WebOrigin,
        WebUrl,
    },
    users::{
        directory::{ExtraEmails, Mobile, SuppressedEmails},
        language::{AccountsLanguage, SchedulingLanguage},
    },
    zone::ZoneName,
};

use super::{Part, Parts, named, string};

/// A type that a body can have. What it takes may be more than an answer shows: a flag
/// may be a string.
pub trait Taken {
    /// Its schema, or the name of it.
    fn taken() -> Part;

    /// Adds the named schemas that it is made of.
    fn collect(_parts: &mut Parts) {}
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
    "AccountsLanguage": AccountsLanguage;
    "Address": Address;
    "AddressList": ExtraEmails, SuppressedEmails;
    "Count": u32;
    "Email": Email;
    "ExternalId": ExternalId;
    "Flag": bool;
    "Id": CalendarId, ObjectId, EventId, OrganizationId, TeamId, UserId;
    "Instant": Timestamp;
    "LoginName": LoginName;
    "Message": Message;
    "Mobile": Mobile;
    "Name": Name;
    "Nickname": Nickname;
    "Number": u64;
    "Opaque": Opaque;
    "Password": Password;
    "Plan": Plan;
    "SchedulingLanguage": SchedulingLanguage;
    "Outcome": Outcome;
    "StaleCalendars": StaleCalendars;
    "Strategy": Strategy;
    "TimeZone": ZoneName;
    "Title": Title;
    "WebOrigin": WebOrigin;
    "WebUrl": WebUrl;
}

impl Taken for String {
    fn taken() -> Part {
        string()
    }
}
