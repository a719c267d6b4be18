//! What is unique about a user, and the guards that keep it so.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{Conflict, Error, UserId, user::User};

use crate::{
    Tenant,
    condition::Condition,
    keys::{self, Key},
    organizations::{guard, holder},
    table::Item,
    transaction::Write,
};

impl Tenant<'_> {
    /// Releases the guards of values that the user no longer has, and takes
    /// those of the values that are new.
    pub(crate) fn move_guards(
        &self,
        before: Option<&User>,
        after: &User,
        upsert: bool,
        writes: &mut Vec<Write>,
    ) {
        let organization = self.organization_id();
        let email = |user: &User| {
            user.profile
                .email
                .as_ref()
                .map(|email| keys::email_guard(organization, email))
        };
        let extid = |user: &User| {
            user.profile
                .extid
                .as_ref()
                .map(|extid| keys::user_extid_guard(organization, extid))
        };
        let nickname = |user: &User| {
            user.nickname()
                .map(|nickname| keys::nickname_guard(organization, nickname))
        };
        let mut put =
            |old: Option<Key>, new: Option<Key>, pointer, what: &'static str, stale: bool| {
                if old == new {
                    return;
                }
                if let Some(old) = old {
                    let mine = Condition::held_by(&after.id.to_string());
                    writes.push(Write::delete(&old, mine));
                }
                if let Some(new) = new {
                    let write = Write::put(&new, None, guard(after.id), Condition::absent());
                    writes.push(if stale {
                        write
                    } else {
                        write.or_refuse(taken(pointer, what))
                    });
                }
            };
        put(
            before.and_then(email),
            email(after),
            "/user/emails",
            "address",
            false,
        );
        // Somebody else created the user that this request names: it is an
        // update now.
        let lost_race = upsert && before.is_none();
        let pointer = "/user/account/organization/extid";
        put(
            before.and_then(extid),
            extid(after),
            pointer,
            "extid",
            lost_race,
        );
        put(
            before.and_then(nickname),
            nickname(after),
            "/vyteme/nickname",
            "nickname",
            false,
        );

        let login = |user: &User| {
            user.login
                .as_ref()
                .map(|login| keys::login_guard(&login.username))
        };
        let (old, new) = (before.and_then(login), login(after));
        if old != new {
            if let Some(old) = old {
                writes.push(Write::delete(
                    &old,
                    Condition::held_by(&after.id.to_string()),
                ));
            }
            if let Some(new) = new {
                // Who holds it may be another tenant's: not told.
                let write =
                    Write::put(&new, None, self.global_guard(after.id), Condition::absent());
                writes.push(write.or_refuse(|_| {
                    Error::conflict("/login/credentials/username", "this login name is taken")
                }));
            }
        }
    }

    /// A guard that is looked up without knowing the organization.
    pub(crate) fn global_guard(&self, user: UserId) -> Item {
        let mut item = guard(user);
        let organization = AttributeValue::S(self.organization_id().to_string());
        item.insert("organization".to_owned(), organization);
        item
    }
}

fn taken(
    pointer: &'static str,
    what: &'static str,
) -> impl Fn(Option<&HashMap<String, AttributeValue>>) -> Error + Send + Sync {
    move |guard| {
        let existing = guard.and_then(holder::<UserId>).map(|id| id.to_string());
        let detail = match &existing {
            Some(id) => format!("user {id} has this {what}"),
            None => format!("another user has this {what}"),
        };
        Error::Conflict(Conflict {
            pointer: Some(pointer.to_owned()),
            detail,
            existing,
            considered: Vec::new(),
        })
    }
}
