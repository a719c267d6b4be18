//! In whose name a change is made, and what they may change.

use crate::{
    access::ceiling::Ceiling,
    access::permission::{Permission, Permissions},
    error::{Error, Result},
    id::UserId,
    users::user::User,
};

/// In whose name a change is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The operator or the organization itself: everything.
    Owner,
    /// A user: what their permissions allow.
    User {
        /// The user.
        id: UserId,
        /// What they may do, with the key or session that they call with.
        permissions: Permissions,
        /// What that key or session can do at most: a bound that everything
        /// which is made with it keeps.
        ceiling: Ceiling,
    },
}

impl Actor {
    /// Whether the actor is this user. Who calls with a key that somebody else
    /// made may be that somebody.
    #[must_use]
    pub fn is(&self, user: UserId) -> bool {
        matches!(self, Self::User { id, ceiling, .. } if *id == user && ceiling.is_none())
    }

    /// The most that something can do which the actor makes for this user.
    #[must_use]
    pub fn ceiling_for(&self, user: UserId) -> Ceiling {
        match self {
            Self::Owner => Ceiling::NONE,
            Self::User { id, ceiling, .. } if *id == user => *ceiling,
            Self::User { permissions, .. } => Ceiling::at(*permissions),
        }
    }

    /// Holds a change of a user to what the actor may do. Nobody grants or
    /// withdraws a permission that they lack; and nobody takes over or
    /// switches off somebody who may do what they may not, because a password
    /// that they set themselves would lend them that user's permissions. Nor
    /// does anybody take from them what other systems know them by: whoever has
    /// it next is taken for them.
    ///
    /// # Errors
    /// [`Error::Forbidden`] that names the permissions that are missing.
    pub fn may_change(&self, before: Option<&User>, after: &User) -> Result<()> {
        let Self::User { permissions, .. } = self else {
            return Ok(());
        };
        let none = Permissions::default();
        let had = before.map_or(&none, |user| &user.permissions);
        let moved: Vec<_> = Permission::ALL
            .into_iter()
            .filter(|one| had.has(*one) != after.permissions.has(*one))
            .filter(|one| !permissions.has(*one))
            .collect();
        if !moved.is_empty() {
            return Err(lacking("grant or withdraw a permission", &moved));
        }
        let Some(before) = before.filter(|before| !self.is(before.id)) else {
            return Ok(());
        };
        let takes_over = before.login != after.login
            || before.signup != after.signup
            || before.profile.email != after.profile.email
            || before.profile.extid != after.profile.extid
            || before.nickname() != after.nickname()
            || before.deactivated_at != after.deactivated_at
            || after.deleted_at.is_some();
        if takes_over {
            self.may_act_as(before)?;
        }
        Ok(())
    }

    /// Whether the actor may get at what lets somebody act as this user: their
    /// keys, their password, their being there at all.
    ///
    /// # Errors
    /// [`Error::Forbidden`] that names the permissions that are missing.
    pub fn may_act_as(&self, user: &User) -> Result<()> {
        self.may_use(user.permissions, "do this to a user who has more")
    }

    /// Whether the actor may get at an organization's key, which may do
    /// everything.
    ///
    /// # Errors
    /// [`Error::Forbidden`] that names the permissions that are missing.
    pub fn may_act_as_organization(&self) -> Result<()> {
        self.may_use(Permissions::ALL, "get an organization's key")
    }

    fn may_use(&self, needed: Permissions, what: &str) -> Result<()> {
        match self {
            Self::Owner => Ok(()),
            Self::User { permissions, .. } => {
                let missing = permissions.missing(&needed);
                if missing.is_empty() {
                    Ok(())
                } else {
                    Err(lacking(what, &missing))
                }
            }
        }
    }
}

fn lacking(what: &str, missing: &[Permission]) -> Error {
    let names: Vec<_> = missing.iter().map(|one| one.name()).collect();
    Error::Forbidden(format!(
        "you cannot {what}: you lack {} yourself",
        names.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::users::booking_page::BookingPage;

    fn user(permissions: Permissions) -> User {
        let now = Timestamp::UNIX_EPOCH;
        User {
            permissions,
            ..User::new(UserId::generate(now), 1, now)
        }
    }

    fn actor(permissions: Permissions) -> Actor {
        let id = UserId::generate(Timestamp::UNIX_EPOCH);
        Actor::User {
            id,
            permissions,
            ceiling: Ceiling::NONE,
        }
    }

    #[test]
    fn nobody_grants_or_withdraws_a_permission_that_they_lack() {
        for permission in Permission::ALL {
            let (mut with, mut without) = (Permissions::default(), Permissions::ALL);
            with.set(permission, true);
            without.set(permission, false);
            let (plain, granted) = (user(Permissions::default()), user(with));
            for (before, after) in [(&plain, &granted), (&granted, &plain)] {
                assert!(actor(without).may_change(Some(before), after).is_err());
                assert!(actor(with).may_change(Some(before), after).is_ok());
                assert!(Actor::Owner.may_change(Some(before), after).is_ok());
            }
            assert!(actor(without).may_change(None, &granted).is_err());
        }
    }

    #[test]
    fn nobody_takes_over_or_switches_off_somebody_who_may_do_more() {
        let manager = Permissions {
            user_management: true,
            ..Permissions::default()
        };
        let before = user(Permissions::ALL);
        let mut readdressed = before.clone();
        readdressed.profile.email = "other@example.com".parse().ok();
        let mut deactivated = before.clone();
        deactivated.deactivated_at = Some(Timestamp::UNIX_EPOCH);
        let mut renamed = before.clone();
        renamed.profile.first_name = "Jean".parse().ok();
        let mut known_by_another_id = before.clone();
        known_by_another_id.profile.extid = "8".parse().ok();
        let mut at_another_page = before.clone();
        at_another_page.booking_page = Some(BookingPage {
            nickname: "other".parse().ok(),
            ..BookingPage::default()
        });
        for after in [
            &readdressed,
            &deactivated,
            &known_by_another_id,
            &at_another_page,
        ] {
            assert!(actor(manager).may_change(Some(&before), after).is_err());
            assert!(
                actor(Permissions::ALL)
                    .may_change(Some(&before), after)
                    .is_ok()
            );
        }
        assert!(actor(manager).may_change(Some(&before), &renamed).is_ok());
        // One's own address is one's own affair.
        let myself = Actor::User {
            id: before.id,
            permissions: manager,
            ceiling: Ceiling::NONE,
        };
        assert!(myself.may_change(Some(&before), &readdressed).is_ok());
        // Not with a key that may be somebody else's.
        let bound = Actor::User {
            id: before.id,
            permissions: manager,
            ceiling: Ceiling::at(manager),
        };
        assert!(bound.may_change(Some(&before), &readdressed).is_err());
    }
}
