//! What belongs to an organization outside of its partition, told from the
//! items within: the guards that are looked up without knowing it.

use std::fmt;

use jiff::Timestamp;
use roster_domain::{
    OrganizationId, Result, UserId, organization::Organization, users::user::User,
};

use crate::{
    dynamodb::{
        guard::{HOLDER, guard},
        item::{Item, from_item},
        schema::TIME_TO_LIVE,
    },
    keys::{self, Key, kind::Kind},
    teams::items::TeamItem,
    users::{
        commit::{MAILED, signup_guard},
        guards::{ORGANIZATION, global_guard},
    },
};

/// All that a guard outside of a partition has besides its key.
pub const GUARD_ATTRIBUTES: [&str; 4] = [HOLDER, ORGANIZATION, TIME_TO_LIVE, MAILED];

/// What a guard guards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guarded {
    /// A login name.
    Login(UserId, String),
    /// A nickname, which is the address of a booking page.
    Nickname(UserId, String),
    /// A user's number.
    UserNumber(UserId, u64),
    /// The organization's number.
    OrganizationNumber(u64),
    /// A link to finish a sign-up.
    SignupToken(UserId),
}

impl fmt::Display for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Login(user, name) => write!(f, "the login name {name:?} of user {user}"),
            Self::Nickname(user, name) => write!(f, "the nickname {name:?} of user {user}"),
            Self::UserNumber(user, number) => write!(f, "the number {number} of user {user}"),
            Self::OrganizationNumber(number) => write!(f, "the organization's number {number}"),
            Self::SignupToken(user) => write!(f, "the sign-up link of user {user}"),
        }
    }
}

/// A guard outside of the partition.
#[derive(Debug, Clone, PartialEq)]
pub struct Guard {
    /// Its key.
    pub key: Key,
    /// What it guards.
    pub guarded: Guarded,
    /// Who holds the value.
    holder: Item,
}

impl Guard {
    /// The guard of a user's number.
    #[must_use]
    pub fn of_user_number(organization: OrganizationId, user: UserId, number: u64) -> Self {
        Self {
            key: keys::user_number_guard(number),
            guarded: Guarded::UserNumber(user, number),
            holder: global_guard(organization.into(), user),
        }
    }

    /// The guard of the organization's number.
    #[must_use]
    pub fn of_organization_number(organization: OrganizationId, number: u64) -> Self {
        Self {
            key: keys::organization_number_guard(number),
            guarded: Guarded::OrganizationNumber(number),
            holder: guard(organization),
        }
    }

    /// The guard as it is written, without what only some guards have.
    #[must_use]
    pub fn item(&self) -> Item {
        self.holder.clone()
    }

    /// Whether an item that has the guard's key says the same.
    #[must_use]
    pub fn is(&self, item: &Item) -> bool {
        [HOLDER, ORGANIZATION]
            .iter()
            .all(|name| item.get(*name) == self.holder.get(*name))
    }

    /// Whether an item is the guard as it was written, with what only some
    /// guards have.
    #[must_use]
    pub fn is_as_written(&self, item: &Item) -> bool {
        GUARD_ATTRIBUTES
            .iter()
            .all(|name| item.get(*name) == self.holder.get(*name))
    }

    /// Whether an item that has the guard's key is this organization's,
    /// whichever of its users holds the value.
    #[must_use]
    pub fn is_in(&self, item: &Item) -> bool {
        let name = match self.guarded {
            Guarded::OrganizationNumber(_) => HOLDER,
            _ => ORGANIZATION,
        };
        item.get(name).is_some() && item.get(name) == self.holder.get(name)
    }
}

/// The guards that follow from an item of the partition.
///
/// # Errors
/// When a user or the organization cannot be read.
pub fn guards_of(organization: OrganizationId, kind: Kind, item: &Item) -> Result<Vec<Guard>> {
    Ok(match kind {
        Kind::Organization => {
            let found: Organization = from_item(item.clone())?;
            vec![Guard::of_organization_number(organization, found.number)]
        }
        Kind::User(id) => guards_of_user(organization, id, &from_item(item.clone())?),
        Kind::DeletedUser(id) => {
            let user: User = from_item(item.clone())?;
            vec![Guard::of_user_number(organization, id, user.number)]
        }
        _ => Vec::new(),
    })
}

fn guards_of_user(organization: OrganizationId, id: UserId, user: &User) -> Vec<Guard> {
    let mut guards = vec![Guard::of_user_number(organization, id, user.number)];
    let holder = || global_guard(organization.into(), id);
    guards.extend(user.login.as_ref().map(|login| Guard {
        key: keys::login_guard(&login.username),
        guarded: Guarded::Login(id, login.username.to_string()),
        holder: holder(),
    }));
    guards.extend(user.nickname().map(|nickname| Guard {
        key: keys::page_owner(organization, nickname),
        guarded: Guarded::Nickname(id, nickname.to_string()),
        holder: holder(),
    }));
    if let Some(signup) = &user.signup {
        guards.extend(signup.tokens().map(|token| Guard {
            key: keys::signup_token(token),
            guarded: Guarded::SignupToken(id),
            holder: signup_guard(holder(), signup, token),
        }));
    }
    guards
}

/// The guards within the partition that follow from an item of it, and the id
/// that each holds.
///
/// # Errors
/// When a user or a team cannot be read.
pub fn inner_guards_of(
    organization: OrganizationId,
    kind: Kind,
    item: &Item,
) -> Result<Vec<(Key, Item)>> {
    Ok(match kind {
        Kind::User(id) => {
            let user: User = from_item(item.clone())?;
            let profile = &user.profile;
            let email = profile.email.as_ref();
            let extid = profile.extid.as_ref();
            let keys = [
                email.map(|email| keys::email_guard(organization, email)),
                extid.map(|extid| keys::user_extid_guard(organization, extid)),
                user.nickname()
                    .map(|name| keys::nickname_guard(organization, name)),
            ];
            keys.into_iter()
                .flatten()
                .map(|key| (key, guard(id)))
                .collect()
        }
        Kind::Team(id) => {
            let team: TeamItem = from_item(item.clone())?;
            vec![(keys::team_extid_guard(organization, &team.extid), guard(id))]
        }
        _ => Vec::new(),
    })
}

/// Whether an item's time to live is over.
#[must_use]
pub fn is_expired(item: &Item, now: Timestamp) -> bool {
    let expires = item.get(TIME_TO_LIVE).and_then(|value| value.as_n().ok());
    let expires = expires.and_then(|number| number.parse::<i64>().ok());
    expires.is_some_and(|expires| expires <= now.as_second())
}
