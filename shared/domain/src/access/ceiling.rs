//! What is made for somebody by somebody else never exceeds what its maker could
//! have given then. Otherwise one could make a key, a link or a password today,
//! and wait for what that person is granted later.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    access::actor::Actor, access::permission::Permissions, error::Unacceptable, text::Email,
    users::user::User,
};

/// How [`Ceiling::NONE`] is written.
const ALL: &str = "all";

/// The most that a key, or what is done with a link or a password, can do,
/// whatever its user may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ceiling(Option<Permissions>);

impl Ceiling {
    /// As much as the user.
    pub const NONE: Self = Self(None);

    /// These at most. All five are no bound.
    #[must_use]
    pub fn at(permissions: Permissions) -> Self {
        Self(Some(permissions).filter(|these| *these != Permissions::ALL))
    }

    /// Whether it bounds nothing.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// The permissions that are left at most, where it bounds anything.
    #[must_use]
    pub fn permissions(self) -> Option<Permissions> {
        self.0
    }

    /// What is left of a user's permissions.
    #[must_use]
    pub fn bound(self, permissions: Permissions) -> Permissions {
        self.0
            .map_or(permissions, |ceiling| ceiling.common(&permissions))
    }

    /// Both this and another.
    #[must_use]
    pub fn lower(self, other: Self) -> Self {
        other.0.map_or(self, |other| Self(Some(self.bound(other))))
    }
}

/// As the authorizer hands it on.
impl fmt::Display for Ceiling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str(ALL),
            Some(permissions) => permissions.fmt(f),
        }
    }
}

impl FromStr for Ceiling {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            ALL => Ok(Self::NONE),
            names => names.parse().map(|permissions| Self(Some(permissions))),
        }
    }
}

impl Actor {
    /// Marks what a change of a user leaves in the actor's hands, once it is
    /// known that they may make it.
    ///
    /// A password can give what its setter could have given. So can an address
    /// that somebody else changed, for the one before may be whose link set the
    /// password. One that was chosen by the reader of another address than the
    /// user has now does not gain what is granted, whoever changed the address:
    /// that may be who put the other one in. A link is bound likewise, and ends
    /// when its user is granted a permission: it was made for somebody who could
    /// do less.
    pub fn settle(&self, before: Option<&User>, after: &mut User) {
        let ceiling = self.ceiling_for(after.id);
        let is_granted = before.is_some_and(|before| {
            let missing = before.permissions.missing(&after.permissions);
            !missing.is_empty()
        });
        let is_readdressed = before.is_some_and(|before| address(before) != address(after));
        let address_now = address(after);
        let old = before.and_then(|user| user.login.as_ref());
        if let Some(login) = &mut after.login {
            let is_new = old.is_none_or(|old| old.password != login.password);
            if is_new || is_readdressed {
                login.ceiling = login.ceiling.lower(ceiling);
            }
            if is_new && self.is(after.id) {
                login.mailed_to = old.and_then(|old| old.mailed_to.clone());
            } else if is_readdressed && *self == Self::Owner && login.mailed_to.is_some() {
                login.mailed_to.clone_from(&after.profile.email);
            }
            let other = login.mailed_to.as_ref().map(Email::folded);
            let is_other = other.is_some() && other != address_now;
            if let Some(before) = before.filter(|_| is_granted && is_other) {
                login.ceiling = login.ceiling.lower(Ceiling::at(before.permissions));
            }
        }
        let old = before.and_then(|user| user.signup.as_ref());
        if after.signup.as_ref() == old {
            if is_granted && old.is_some() {
                after.signup = None;
                after.invited_at = None;
            }
        } else if let Some(signup) = &mut after.signup {
            signup.ceiling = ceiling;
        }
    }
}

fn address(user: &User) -> Option<String> {
    user.profile.email.as_ref().map(Email::folded)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{
        access::password::PasswordHashed, id::UserId, users::login::Login,
        users::signup::SignupTokens,
    };

    const MANAGER: Permissions = Permissions {
        account_management: false,
        user_management: true,
        add_beacons: false,
        toggle_beacons: false,
        view_metrics: false,
    };

    fn user() -> User {
        let now = Timestamp::UNIX_EPOCH;
        User::new(UserId::generate(now), 1, now)
    }

    fn manager(ceiling: Ceiling) -> Actor {
        Actor::User {
            id: user().id,
            permissions: MANAGER,
            ceiling,
        }
    }

    fn with_login(user: &User) -> User {
        let mut user = user.clone();
        let name = "jean".parse().expect("a login name");
        user.set_login(Login::new(name, PasswordHashed::of_nobody()));
        user
    }

    #[test]
    fn a_ceiling_reads_back_and_only_ever_falls() {
        let metrics = Permissions {
            view_metrics: true,
            ..Permissions::default()
        };
        let nothing = Ceiling::at(Permissions::default());
        for ceiling in [Ceiling::NONE, Ceiling::at(MANAGER), nothing] {
            assert_eq!(ceiling.to_string().parse(), Ok(ceiling));
            assert_eq!(ceiling.lower(Ceiling::NONE), ceiling);
            assert_eq!(Ceiling::NONE.lower(ceiling), ceiling);
        }
        assert_eq!(Ceiling::at(MANAGER).lower(Ceiling::at(metrics)), nothing);
        assert_eq!(Ceiling::at(MANAGER).bound(Permissions::ALL), MANAGER);
        assert!(Ceiling::at(Permissions::ALL).is_none());
    }

    #[test]
    fn a_password_is_bound_by_who_set_it_and_not_by_who_keeps_it() {
        let before = user();
        for (actor, expected) in [
            (Actor::Owner, Ceiling::NONE),
            (manager(Ceiling::NONE), Ceiling::at(MANAGER)),
        ] {
            let mut after = with_login(&before);
            actor.settle(Some(&before), &mut after);
            let login = after.login.clone().expect("a login");
            assert_eq!(login.ceiling, expected);
            // Another name for the same password.
            let mut renamed = after.clone();
            let name = "jean.dupont".parse().expect("a login name");
            renamed.set_login(Login::new(name, login.password));
            Actor::Owner.settle(Some(&after), &mut renamed);
            assert_eq!(renamed.login.expect("a login").ceiling, expected);
        }
    }

    #[test]
    fn an_address_that_somebody_else_changes_binds_the_password() {
        let before = with_login(&user());
        let mut after = before.clone();
        after.profile.email = "other@example.com".parse().ok();
        let mut own = after.clone();
        manager(Ceiling::NONE).settle(Some(&before), &mut after);
        assert_eq!(after.login.expect("a login").ceiling, Ceiling::at(MANAGER));
        let oneself = Actor::User {
            id: before.id,
            permissions: MANAGER,
            ceiling: Ceiling::NONE,
        };
        oneself.settle(Some(&before), &mut own);
        assert!(own.login.expect("a login").ceiling.is_none());
    }

    #[test]
    fn a_grant_ends_the_open_link_and_nothing_else_does() {
        let mut before = user();
        let tokens = SignupTokens {
            answered: Some("token".to_owned()),
            mailed: None,
        };
        before.invite(&tokens, Timestamp::UNIX_EPOCH);
        let mut granted = before.clone();
        granted.permissions.view_metrics = true;
        let mut withdrawn = granted.clone();
        withdrawn.permissions.view_metrics = false;
        Actor::Owner.settle(Some(&granted.clone()), &mut withdrawn);
        assert!(withdrawn.signup.is_some());
        Actor::Owner.settle(Some(&before), &mut granted);
        assert_eq!((granted.signup, granted.invited_at), (None, None));
    }
}
