//! The schema of each type that stands in an answer.

use roster_domain::{
    AuditId, CalendarId, DeliveryId, EventId, HookId, KeyId, OrganizationId, TeamId, TimeOffId,
    UserId,
    bookings::assignment::{Outcome, StaleCalendars, Strategy},
    id::ObjectId,
    organization::Plan,
    text::{Address, Email, ExternalId, Message, Name, Nickname, Opaque, Title, WebOrigin, WebUrl},
    users::language::Language,
    zone::ZoneName,
};
use serde_json::json;
use utoipa::openapi::KnownFormat;

use super::{
    DATE, Field, ID, Part, Parts, array, array_of, boolean, count, format, integer, map, named,
    null, nullable, string, values,
};
use crate::wire::{Always, AtMost, ByDate, ById, Exactly, IdText};

/// A type that has a schema.
pub trait Described {
    /// Its schema, or the name of it.
    fn part() -> Part;

    /// Adds the named schemas that it is made of.
    fn collect(_parts: &mut Parts) {}

    /// The named schemas that it is made of.
    #[must_use]
    fn parts() -> Parts {
        let mut parts = Parts::new();
        Self::collect(&mut parts);
        parts
    }
}

/// A struct that an answer shows as an object.
pub trait Fields {
    /// The members of the object.
    fn fields() -> Vec<Field>;
}

/// Types whose schema has a name. `infra/openapi/src/values.rs` says what each is.
macro_rules! named {
    ($($name:literal: $($Type:ty),*;)*) => { $( $(
        impl Described for $Type {
            fn part() -> Part {
                named($name)
            }
        }
    )* )* };
}
named! {
    "Id": AuditId, CalendarId, DeliveryId, ObjectId, EventId, HookId, KeyId, OrganizationId, TeamId, TimeOffId, UserId, IdText<'_>;
    "Address": Address;
    "Email": Email;
    "ExternalId": ExternalId;
    "Language": Language;
    "Message": Message;
    "Name": Name;
    "Nickname": Nickname;
    "Opaque": Opaque;
    "Plan": Plan;
    "Outcome": Outcome;
    "StaleCalendars": StaleCalendars;
    "Strategy": Strategy;
    "TimeZone": ZoneName;
    "Title": Title;
    "WebOrigin": WebOrigin;
    "WebUrl": WebUrl;
}

macro_rules! plain {
    ($($Type:ty: $part:expr;)*) => { $(
        impl Described for $Type {
            fn part() -> Part {
                $part
            }
        }
    )* };
}
plain! {
    bool: boolean();
    String: string();
    str: string();
    u16: count();
    u32: count();
    u64: count();
    usize: count();
    i64: integer();
    (): null();
    jiff::civil::Date: format(KnownFormat::Date);
}

impl<const VALUE: bool> Described for Always<VALUE> {
    fn part() -> Part {
        values([json!(VALUE)])
    }
}

impl<const VALUE: i64> Described for Exactly<VALUE> {
    fn part() -> Part {
        values([json!(VALUE)])
    }
}

impl<T: Described + ?Sized> Described for &T {
    fn part() -> Part {
        T::part()
    }

    fn collect(parts: &mut Parts) {
        T::collect(parts);
    }
}

/// Null where there is none. A member that is left out is `[optional]` in
/// [`crate::answer!`].
impl<T: Described> Described for Option<T> {
    fn part() -> Part {
        nullable(T::part())
    }

    fn collect(parts: &mut Parts) {
        T::collect(parts);
    }
}

impl<T: Described> Described for [T] {
    fn part() -> Part {
        array(T::part())
    }

    fn collect(parts: &mut Parts) {
        T::collect(parts);
    }
}

impl<T: Described> Described for Vec<T> {
    fn part() -> Part {
        array(T::part())
    }

    fn collect(parts: &mut Parts) {
        T::collect(parts);
    }
}

impl<const MAX: usize, T: Described> Described for AtMost<MAX, T> {
    fn part() -> Part {
        array_of(T::part(), MAX)
    }

    fn collect(parts: &mut Parts) {
        T::collect(parts);
    }
}

impl<T: Described> Described for ByDate<T> {
    fn part() -> Part {
        map(T::part(), Some(DATE), None)
    }

    fn collect(parts: &mut Parts) {
        T::collect(parts);
    }
}

impl<T: Described> Described for ById<T> {
    fn part() -> Part {
        map(T::part(), Some(ID), None)
    }

    fn collect(parts: &mut Parts) {
        T::collect(parts);
    }
}
