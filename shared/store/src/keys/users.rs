//! Keys of users, and of the guards of what is unique about one.

use roster_domain::{
    OrganizationId, Tenancy, UserId,
    text::{Email, ExternalId, Nickname},
};

use super::{Key, Range, partition, partition::Partition};

/// A user.
#[must_use]
pub fn user(organization: impl Into<Tenancy>, id: UserId) -> Key {
    Key::new(partition(organization), format!("USER#{id}"))
}

/// A user that was deleted.
#[must_use]
pub fn deleted_user(organization: impl Into<Tenancy>, id: UserId) -> Key {
    Key::new(partition(organization), format!("DELETED#{id}"))
}

/// How many users can manage the organization's account.
#[must_use]
pub fn account_managers(organization: impl Into<Tenancy>) -> Key {
    Key::new(partition(organization), "MANAGERS")
}

/// The users of an organization, in order of creation.
#[must_use]
pub fn users(organization: impl Into<Tenancy>) -> Range {
    Range {
        pk: partition(organization),
        sk_prefix: "USER#".into(),
        index: false,
    }
}

/// Guard of a user's address.
#[must_use]
pub fn email_guard(organization: impl Into<Tenancy>, email: &Email) -> Key {
    Key::new(
        partition(organization),
        format!("UNIQUE#EMAIL#{}", email.folded()),
    )
}

/// Guard of a user's external id.
#[must_use]
pub fn user_extid_guard(organization: impl Into<Tenancy>, extid: &ExternalId) -> Key {
    Key::new(
        partition(organization),
        format!("UNIQUE#USER_EXTID#{extid}"),
    )
}

/// Guard of a user's nickname.
#[must_use]
pub fn nickname_guard(organization: impl Into<Tenancy>, nickname: &Nickname) -> Key {
    Key::new(
        partition(organization),
        format!("UNIQUE#NICKNAME#{}", nickname.folded()),
    )
}

/// Who has a nickname, as the address of a booking page asks for it: without the organization.
#[must_use]
pub fn page_owner(organization: OrganizationId, nickname: &Nickname) -> Key {
    Key::new(
        Partition::Nickname.of(nickname.folded()),
        organization.to_string(),
    )
}

/// Who has a nickname in which organization, the oldest first.
#[must_use]
pub fn page_owners(nickname: &Nickname) -> Range {
    Range {
        pk: Partition::Nickname.of(nickname.folded()),
        sk_prefix: String::new(),
        index: false,
    }
}

/// Guard of a user's number, across organizations.
#[must_use]
pub fn user_number_guard(number: u64) -> Key {
    Key::new(Partition::UserNumber.of(number), "NUMBER")
}

/// The counter that numbers users.
#[must_use]
pub fn user_counter() -> Key {
    Key::new(Partition::Counter.of(""), "USER")
}
