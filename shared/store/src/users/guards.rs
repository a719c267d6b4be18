//! What is unique about a user, and the guards that keep it so.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{Conflict, Error, Field, Tenancy, UserId, users::user::User};

use crate::{
    Tenant,
    dynamodb::{
        condition::Condition,
        guard::{PROVEN, guard, holder},
        item::Item,
        transaction::Write,
    },
    keys::{self, Key},
};

/// Attribute of a guard: the organization of who holds the value.
pub(crate) const ORGANIZATION: &str = "organization";

/// That a user reads what is mailed to the address that they log in with.
pub(crate) struct Proof {
    /// The guard of the name, as it was read.
    pub(crate) guard: Option<Item>,
}

impl Proof {
    /// The guard is as it was read, and not proven by somebody else.
    fn condition(&self, user: UserId) -> Condition {
        let held: Option<UserId> = self.guard.as_ref().and_then(holder);
        match held {
            None => Condition::absent(),
            Some(held) if held == user => Condition::held_by(&user.to_string()),
            Some(other) => Condition::held_unproven_by(&other.to_string()),
        }
    }
}

impl Tenant<'_> {
    /// Releases the guards of values that the user no longer has, and takes
    /// those of the values that are new.
    pub(crate) fn move_guards(
        &self,
        before: Option<&User>,
        after: &User,
        upsert: bool,
        proof: Option<&Proof>,
        writes: &mut Vec<Write>,
    ) {
        let email = |user: &User| self.email_guard(user);
        let extid = |user: &User| self.extid_guard(user);
        let nickname = |user: &User| self.nickname_guard(user);
        let mut put =
            |old: Option<Key>, new: Option<Key>, field, what: Option<String>, stale: bool| {
                if old == new {
                    return;
                }
                if let Some(old) = old {
                    writes.push(release(&old, after.id));
                }
                if let Some(new) = new {
                    let write = Write::put(&new, None, guard(after.id), Condition::absent());
                    writes.push(if stale {
                        write
                    } else {
                        write.or_fail(taken(field, what.unwrap_or_default()))
                    });
                }
            };
        put(
            before.and_then(email),
            email(after),
            Field::Email,
            // As it is compared: it may have been sent in another form.
            (after.profile.email.as_ref()).map(|email| format!("address {}", email.as_str())),
            false,
        );
        // Somebody else created the user that this request names: it is an
        // update now.
        let lost_race = upsert && before.is_none();
        put(
            before.and_then(extid),
            extid(after),
            Field::ExternalId,
            (after.profile.extid.as_ref()).map(|extid| format!("extid {extid}")),
            lost_race,
        );
        put(
            before.and_then(nickname),
            nickname(after),
            Field::Nickname,
            (after.nickname()).map(|nickname| format!("nickname {nickname}")),
            false,
        );

        self.move_page(before, after, writes);

        let login = |user: &User| {
            user.login
                .as_ref()
                .map(|login| keys::login_guard(&login.username))
        };
        let (old, new) = (before.and_then(login), login(after));
        if let Some(old) = old.as_ref().filter(|_| old != new) {
            writes.push(release(old, after.id));
        }
        if let (Some(new), Some(proof)) = (&new, proof) {
            let mut item = self.global_guard(after.id);
            item.insert(PROVEN.to_owned(), AttributeValue::Bool(true));
            writes.push(Write::put(new, None, item, proof.condition(after.id)));
        } else if let Some(new) = new.filter(|new| old.as_ref() != Some(new)) {
            // Who holds it may be another tenant's: not told.
            let write = Write::put(&new, None, self.global_guard(after.id), Condition::absent());
            writes.push(write.or_fail(|_| login_name_taken()));
        }
    }

    /// Says whose page a new nickname leads to, and no more of an old one.
    fn move_page(&self, before: Option<&User>, after: &User, writes: &mut Vec<Write>) {
        let (old, new) = (
            before.and_then(|user| self.page_owner(user)),
            self.page_owner(after),
        );
        if old == new {
            return;
        }
        // The guard of the nickname, in the same transaction, says whether it is free.
        writes.extend(old.map(|old| Write::delete(&old, Condition::none())));
        writes.extend(new.map(|new| self.put_page_owner(&new, after.id)));
    }

    // Where there is no organization, nothing but the login is unique.

    fn email_guard(&self, user: &User) -> Option<Key> {
        let email = user.profile.email.as_ref()?;
        self.guarded(keys::email_guard(self.tenancy(), email))
    }

    fn extid_guard(&self, user: &User) -> Option<Key> {
        let extid = user.profile.extid.as_ref()?;
        self.guarded(keys::user_extid_guard(self.tenancy(), extid))
    }

    fn nickname_guard(&self, user: &User) -> Option<Key> {
        let nickname = user.nickname()?;
        self.guarded(keys::nickname_guard(self.tenancy(), nickname))
    }

    pub(crate) fn page_owner(&self, user: &User) -> Option<Key> {
        let organization = self.organization_id().ok()?;
        Some(keys::page_owner(organization, user.nickname()?))
    }

    fn guarded(&self, guard: Key) -> Option<Key> {
        (self.tenancy() != Tenancy::None).then_some(guard)
    }

    /// The write that says whose page a nickname leads to.
    pub(crate) fn put_page_owner(&self, key: &Key, user: UserId) -> Write {
        Write::put(key, None, self.global_guard(user), Condition::none())
    }

    /// Releases everything that is unique about a user who leaves, except the
    /// login name where that goes along.
    pub(crate) fn release_guards(&self, user: &User, keep_login: bool, writes: &mut Vec<Write>) {
        let login = user.login.as_ref().filter(|_| !keep_login);
        let guards = [
            self.email_guard(user),
            self.extid_guard(user),
            self.nickname_guard(user),
            login.map(|login| keys::login_guard(&login.username)),
        ];
        let released = guards.into_iter().flatten();
        writes.extend(released.map(|guard| release(&guard, user.id)));
        let page = self.page_owner(user);
        writes.extend(page.map(|page| Write::delete(&page, Condition::none())));
    }

    /// A guard that is looked up without knowing the organization. A user
    /// without one has a guard that names none.
    pub(crate) fn global_guard(&self, user: UserId) -> Item {
        global_guard(self.tenancy(), user)
    }
}

/// As [`Tenant::global_guard`], of any organization.
pub(crate) fn global_guard(tenancy: Tenancy, user: UserId) -> Item {
    let mut item = guard(user);
    if let Tenancy::Organization(organization) = tenancy {
        let organization = AttributeValue::S(organization.to_string());
        item.insert(ORGANIZATION.to_owned(), organization);
    }
    item
}

fn release(guard: &Key, user: UserId) -> Write {
    Write::delete(guard, Condition::held_by(&user.to_string()))
}

fn taken(
    field: Field,
    what: String,
) -> impl Fn(Option<&HashMap<String, AttributeValue>>) -> Error + Send + Sync {
    move |guard| {
        // Who it is stands in `existing` alone: `/api/v2` and `/api/v1`, which know users by
        // number, do not tell.
        let existing = guard.and_then(holder::<UserId>);
        Conflict::new(format!("another user has the {what}"))
            .at(field)
            .with(existing.map(|id| id.to_string()))
            .into()
    }
}

/// What is said where somebody has the login name: not who, as it may be another
/// tenant's user.
pub(crate) fn login_name_taken() -> Error {
    Conflict::new("this login name is taken")
        .at(Field::LoginName)
        .into()
}

#[cfg(test)]
mod tests;
