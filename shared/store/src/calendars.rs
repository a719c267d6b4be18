//! People's own calendars: one item for each user who has some, which is found when they are
//! to be read, and the busy times that reading them leaves in the user's agenda.

pub mod busy;

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use roster_domain::{
    Error, OrganizationId, Result, UserId,
    bookings::assignment::StaleCalendars,
    calendars::{Calendar, Calendars},
    hooks::target::TargetUrl,
    users::user::User,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    Store, Tenant,
    dynamodb::{
        capacity::try_join_all,
        condition::Condition,
        item::{Item, from_item, key_of, to_item},
        retry::retry,
        table::{Freshness, query::Order},
        transaction::Write,
        write_failure::Failure,
    },
    keys::{self, Key},
    mail::seal::{SealContext, Sealer},
};

/// Most users whose calendars are found to be due in one go, of each part of the index.
const MOST: usize = 500;

impl Store<'_> {
    /// Whose calendars are due, the longest due first in each part of the index: one round
    /// trip.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn due_calendars(&self) -> Result<Vec<(OrganizationId, UserId)>> {
        let now = self.now;
        let shards = (0..keys::SHARDS).map(|shard| async move {
            let due = keys::calendars_due_by(shard, now);
            let (table, order) = (&self.table, Order::Ascending);
            let found = table.query_stretch(order, &due, None, Some(MOST), Freshness::Eventual);
            Ok::<_, Error>(found.await?.items)
        });
        let mut due = Vec::new();
        for items in try_join_all(shards).await? {
            for item in items {
                due.extend(keys::calendars_of(&key_of(&item)?));
            }
        }
        Ok(due)
    }
}

impl Tenant<'_> {
    /// The calendars of a user; none were entered yet where there is no item.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn calendars_if_any(
        &self,
        user: UserId,
        freshness: Freshness,
    ) -> Result<Option<Calendars>> {
        let key = keys::calendars(self.organization_id()?, user);
        let item = self.store.table.get(&key, freshness).await?;
        item.map(from_item).transpose()
    }

    /// The calendars of a user: one round trip.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such user.
    pub async fn calendars(&self, user: UserId, freshness: Freshness) -> Result<Calendars> {
        let own = keys::calendars(self.organization_id()?, user);
        let of_user = keys::user(self.tenancy(), user);
        let wanted = [own.clone(), of_user.clone()];
        let mut found = self.store.table.batch_get(wanted, freshness).await?;
        let known = found.remove(&of_user).ok_or(Error::NotFound("user"))?;
        if let Some(own) = found.remove(&own) {
            return from_item(own);
        }
        let known: User = from_item(known)?;
        Ok(Calendars::none(user, known.created_at))
    }

    /// The keys of calendars, where they are asked for.
    pub(crate) fn asked_for_calendars(
        &self,
        users: &[UserId],
        are_asked_for: bool,
    ) -> Result<Vec<Key>> {
        if !are_asked_for {
            return Ok(Vec::new());
        }
        let organization = self.organization_id()?;
        let key = |user: &UserId| keys::calendars(organization, *user);
        Ok(users.iter().map(key).collect())
    }

    /// Whose calendars were not read for long, where `rule` goes by that.
    pub(crate) fn stale_of(
        &self,
        calendars: &[Calendars],
        rule: StaleCalendars,
    ) -> BTreeSet<UserId> {
        let counts = rule == StaleCalendars::Refuse;
        let now = self.store.now;
        let stale = calendars.iter().filter(|own| counts && own.is_stale(now));
        stale.map(|own| own.user).collect()
    }

    /// Changes the calendars of a user, which are read soon: two round trips. `edit` makes of
    /// those that there are what there is to be.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such user; what `edit` answers.
    pub async fn change_calendars(
        &self,
        user: UserId,
        edit: impl Fn(&mut Calendars) -> Result<()>,
    ) -> Result<Calendars> {
        let organization = self.organization_id()?;
        let (own, of_user) = (
            keys::calendars(organization, user),
            keys::user(self.tenancy(), user),
        );
        retry!(async {
            let wanted = [own.clone(), of_user.clone()];
            let read = self.store.table.batch_get(wanted, Freshness::Strong);
            let (actor, mut found) = self.store.with_actor(read).await?;
            if !found.contains_key(&of_user) {
                return Err(Error::NotFound("user").into());
            }
            let before: Option<Calendars> = found.remove(&own).map(from_item).transpose()?;
            let now = self.store.now;
            let mut after = before.clone().unwrap_or_else(|| Calendars::none(user, now));
            edit(&mut after)?;
            if before.as_ref() == Some(&after) {
                return Ok(after);
            }
            after.updated_at = now;
            after.changes += 1;
            after.due_at = now;
            let writes = vec![
                self.put_calendars(before.as_ref(), &mut after)?,
                // Who leaves at the same moment takes the calendars along.
                Write::check(&of_user, Condition::present()),
            ];
            self.store.transact_by(&actor, writes).await?;
            Ok(after)
        })
    }

    /// The write that puts the calendars of a user, in their next version.
    pub(crate) fn put_calendars(
        &self,
        before: Option<&Calendars>,
        after: &mut Calendars,
    ) -> Result<Write> {
        let condition = match before {
            Some(before) => {
                after.version = before.version + 1;
                Condition::version(before.version)
            }
            None => Condition::absent(),
        };
        let key = keys::calendars(self.organization_id()?, after.user);
        let due = keys::due_calendars(after.user, after.due_at);
        Ok(Write::put(&key, Some(&due), to_item(after)?, condition))
    }

    /// Takes the calendars of a user away who leaves: their busy times go when they would
    /// have been read. None where the user has none.
    pub(crate) async fn leave_calendars(&self, user: UserId) -> Result<Option<Write>> {
        if self.organization_id().is_err() {
            return Ok(None);
        }
        let Some(before) = self.calendars_if_any(user, Freshness::Strong).await? else {
            return Ok(None);
        };
        let mut after = before.clone();
        after.replace(Vec::new())?;
        after.due_at = self.store.now;
        self.put_calendars(Some(&before), &mut after).map(Some)
    }

    /// Puts what came of reading calendars, unless they were changed meanwhile: then they are
    /// due again, and `false`. Where nothing is left of them, the item goes.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn note_reading(
        &self,
        before: &Calendars,
        calendars: Vec<Calendar>,
        due_at: Timestamp,
    ) -> Result<bool> {
        let mut after = Calendars {
            calendars,
            gone: Vec::new(),
            due_at,
            ..before.clone()
        };
        let write = if after.calendars.is_empty() {
            let key = keys::calendars(self.organization_id()?, after.user);
            Write::delete(&key, Condition::version(before.version))
        } else {
            self.put_calendars(Some(before), &mut after)?
        };
        match self.store.transact(vec![write]).await {
            Ok(()) => Ok(true),
            Err(Failure::Error(error)) => Err(error),
            Err(_) => Ok(false),
        }
    }
}

/// The calendars that were found of those that were asked for.
pub(crate) fn calendars_in(
    asked_for: &[Key],
    found: &HashMap<Key, Item>,
) -> Result<Vec<Calendars>> {
    let items = asked_for.iter().filter_map(|key| found.get(key));
    items.cloned().map(from_item).collect()
}

/// Where a calendar is, and what lets Roster in.
#[derive(Debug)]
pub struct Address {
    /// Where it is.
    pub url: TargetUrl,
    /// The name to log in with, where there is one.
    pub username: Option<String>,
    /// The password.
    pub password: Option<SecretString>,
}

/// The same, as it is sealed.
#[derive(Serialize, Deserialize)]
struct Sealed {
    url: TargetUrl,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

impl Address {
    /// Seals an address for the owner of the calendar.
    ///
    /// # Errors
    /// As [`Sealer::seal_text`].
    pub async fn seal(&self, sealer: &Sealer, user: UserId) -> Result<String> {
        let password = self.password.as_ref();
        let plain = serde_json::to_string(&Sealed {
            url: self.url.clone(),
            username: self.username.clone(),
            password: password.map(|it| it.expose_secret().to_owned()),
        });
        let plain = plain.map_err(Error::internal)?;
        sealer.seal_text(SealContext::User(user), &plain).await
    }

    /// Opens what [`Address::seal`] sealed.
    ///
    /// # Errors
    /// As [`Sealer::open_text`].
    pub async fn open(sealer: &Sealer, user: UserId, sealed: &str) -> Result<Self> {
        let plain = sealer.open_text(SealContext::User(user), sealed).await?;
        let sealed: Sealed =
            serde_json::from_str(plain.expose_secret()).map_err(Error::internal)?;
        Ok(Self {
            url: sealed.url,
            username: sealed.username,
            password: sealed.password.map(SecretString::from),
        })
    }
}
