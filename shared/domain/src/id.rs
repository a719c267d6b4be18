//! Identifiers: 24 hex digits, as in BSON's `ObjectId`: 4 bytes of seconds since
//! 1970, 5 random bytes per process, a 3-byte counter. Shown in lower case, read
//! in either.

use std::{
    fmt,
    str::FromStr,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{access::secret, error::Unacceptable};

/// Twelve bytes, unique without coordination, ordered by creation second.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId([u8; 12]);

/// Random once per process, so that two processes never give out one id.
static PROCESS: LazyLock<[u8; 5]> = LazyLock::new(secret::random_bytes);
static COUNTER: LazyLock<AtomicU32> =
    LazyLock::new(|| AtomicU32::new(u32::from_be_bytes(secret::random_bytes())));

impl ObjectId {
    /// A new id, stamped with the second of `now`.
    #[must_use]
    pub fn generate(now: Timestamp) -> Self {
        let seconds = u32::try_from(now.as_second()).unwrap_or_default();
        let count = COUNTER.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let [s0, s1, s2, s3] = seconds.to_be_bytes();
        let [p0, p1, p2, p3, p4] = *PROCESS;
        let [_, c0, c1, c2] = count;
        Self([s0, s1, s2, s3, p0, p1, p2, p3, p4, c0, c1, c2])
    }

    /// The id's bytes.
    #[must_use]
    pub fn bytes(self) -> [u8; 12] {
        self.0
    }

    /// The id with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 12]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ObjectId {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 12];
        match hex::decode_to_slice(text, &mut bytes) {
            Ok(()) => Ok(Self(bytes)),
            Err(_) => Err(Unacceptable::new("must be an id of 24 hex digits")),
        }
    }
}

impl Serialize for ObjectId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(ObjectId);

        impl $name {
            /// A new id, stamped with the second of `now`.
            #[must_use]
            pub fn generate(now: Timestamp) -> Self {
                Self(ObjectId::generate(now))
            }

            /// The id's bytes.
            #[must_use]
            pub fn bytes(self) -> [u8; 12] {
                self.0.bytes()
            }

            /// The id with these bytes.
            #[must_use]
            pub fn from_bytes(bytes: [u8; 12]) -> Self {
                Self(ObjectId::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

macro_rules! any_id_is_read {
    ($($name:ident),*) => { $(
        impl FromStr for $name {
            type Err = Unacceptable;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )* };
}

typed_id!(
    /// An organization: the tenant.
    OrganizationId
);
impl FromStr for OrganizationId {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse()? {
            ObjectId(bytes) if bytes == [0; 12] => Err(Unacceptable::new(
                "must not be 24 zeros: no organization has that _id",
            )),
            id => Ok(Self(id)),
        }
    }
}

/// Where a user is: in an organization, or in none (`/api/v1`'s `org_id` 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tenancy {
    /// In this organization.
    Organization(OrganizationId),
    /// In none: before joining one, or after having left it.
    None,
}

impl Tenancy {
    /// The organization, where there is one.
    #[must_use]
    pub fn organization(self) -> Option<OrganizationId> {
        match self {
            Self::Organization(id) => Some(id),
            Self::None => None,
        }
    }
}

impl fmt::Display for Tenancy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization(id) => id.fmt(f),
            Self::None => f.write_str("none"),
        }
    }
}

impl From<OrganizationId> for Tenancy {
    fn from(id: OrganizationId) -> Self {
        Self::Organization(id)
    }
}
typed_id!(
    /// A user.
    UserId
);
typed_id!(
    /// A team.
    TeamId
);
typed_id!(
    /// An event.
    EventId
);
typed_id!(
    /// An API key (its id, not its secret).
    KeyId
);
typed_id!(
    /// A mail.
    MailId
);
typed_id!(
    /// A webhook.
    HookId
);
typed_id!(
    /// A message to a webhook.
    DeliveryId
);
typed_id!(
    /// An entry of the audit log.
    AuditId
);
typed_id!(
    /// A time in which somebody is away.
    TimeOffId
);
typed_id!(
    /// A calendar of a user.
    CalendarId
);
any_id_is_read!(
    AuditId, CalendarId, UserId, TeamId, EventId, KeyId, MailId, HookId, DeliveryId, TimeOffId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_generated_in_one_process_differ_and_read_back() {
        let now = Timestamp::from_second(1_600_000_000).expect("in range");
        let ids: std::collections::BTreeSet<_> = (0..1000).map(|_| UserId::generate(now)).collect();
        assert_eq!(ids.len(), 1000);
        for id in ids {
            let text = id.to_string();
            assert!(
                text.starts_with("5f5e1000"),
                "{text} starts with its second"
            );
            assert_eq!(text.parse(), Ok(id));
        }
    }

    #[test]
    fn an_id_is_exactly_24_hex_digits_in_either_case() {
        let id: UserId = "5f5e1000AAAAAAAAAAAAAAAA".parse().expect("an id");
        assert_eq!(id.to_string(), "5f5e1000aaaaaaaaaaaaaaaa");
        for wrong in ["", "5f5e1000", "zf5e1000aaaaaaaaaaaaaaaa"] {
            assert!(wrong.parse::<UserId>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn zeros_are_the_id_of_nothing_and_never_name_where_users_without_an_organization_are() {
        let zeros = "0".repeat(24);
        assert!(zeros.parse::<UserId>().is_ok());
        assert!(zeros.parse::<OrganizationId>().is_err());
    }
}
