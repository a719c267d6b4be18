//! People's own calendars, and those of teams and organizations: one item for each who has
//! some, which is found when they are to be read, and what reading them leaves: busy times in
//! the user's agenda, holidays among the time off of the team or the organization.

mod address;
pub mod busy;
mod holidays;

use std::collections::{BTreeSet, HashMap};

pub use self::address::Address;
use jiff::Timestamp;
use roster_domain::{
    Error, EventId, OrganizationId, Result, TeamId, UserId,
    bookings::assignment::StaleCalendars,
    calendars::{Calendar, CalendarSource, Calendars, Reading, host_of, services_at},
    users::{calendar::ExchangeCredentials, user::User},
    whose::Whose,
};
use serde::Deserialize;

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
};

/// Most users whose calendars are found to be due in one go, of each part of the index.
const MOST: usize = 500;

impl Store<'_> {
    /// Whose calendars are due, the longest due first in each part of the index: one round
    /// trip.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn due_calendars(&self) -> Result<Vec<(OrganizationId, Whose)>> {
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
    /// Somebody's calendars; none were entered yet where there is no item.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn calendars_if_any(
        &self,
        whose: Whose,
        freshness: Freshness,
    ) -> Result<Option<Calendars>> {
        let key = keys::calendars(self.organization_id()?, whose);
        let item = self.store.table.get(&key, freshness).await?;
        item.map(from_item).transpose()
    }

    /// Somebody's calendars: one round trip.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is nobody.
    pub async fn calendars(&self, whose: Whose, freshness: Freshness) -> Result<Calendars> {
        let own = keys::calendars(self.organization_id()?, whose);
        let owner = self.owner_key(whose);
        let wanted = [own.clone(), owner.clone()];
        let mut found = self.store.table.batch_get(wanted, freshness).await?;
        let owner = found.remove(&owner).ok_or(Error::NotFound(whose.name()))?;
        if let Some(own) = found.remove(&own) {
            return from_item(own);
        }
        let owner: Created = from_item(owner)?;
        Ok(Calendars::none(whose, owner.created_at))
    }

    /// Those of the members of a team who have some: two round trips.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such team.
    pub async fn calendars_of_team(&self, team: TeamId) -> Result<Vec<Calendars>> {
        let members = self.stored_team(team, Freshness::Eventual).await?.members();
        self.calendars_of(&members).await
    }

    /// Those of users who have some: one round trip.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn calendars_of(&self, users: &[UserId]) -> Result<Vec<Calendars>> {
        let asking = self.asked_for_calendars(users, true)?;
        let table = &self.store.table;
        let found = table.batch_get(asking.clone(), Freshness::Eventual).await?;
        calendars_in(&asking, &found)
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
        let key = |user: &UserId| keys::calendars(organization, Whose::User(*user));
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
        stale.filter_map(|own| own.whose.user()).collect()
    }

    /// Changes somebody's calendars, which are read soon: two round trips. `edit` makes of
    /// those that there are what there is to be.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is nobody; what `edit` answers.
    pub async fn change_calendars(
        &self,
        whose: Whose,
        edit: impl Fn(&mut Calendars) -> Result<()>,
    ) -> Result<Calendars> {
        let organization = self.organization_id()?;
        let (own, owner) = (keys::calendars(organization, whose), self.owner_key(whose));
        retry!(async {
            let wanted = [own.clone(), owner.clone()];
            let read = self.store.table.batch_get(wanted, Freshness::Strong);
            let (actor, mut found) = self.store.with_actor(read).await?;
            let known = found.remove(&owner).ok_or(Error::NotFound(whose.name()))?;
            let before: Option<Calendars> = found.remove(&own).map(from_item).transpose()?;
            let none = || Calendars::none(whose, self.store.now);
            let mut after = before.clone().unwrap_or_else(none);
            edit(&mut after)?;
            if before.as_ref() == Some(&after) {
                return Ok(after);
            }
            let writes = vec![
                self.put_changed(before.as_ref(), &mut after)?,
                match whose {
                    Whose::User(_) => self.follow_calendars(&from_item(known)?, &after)?,
                    // Who goes at the same moment takes the calendars along.
                    Whose::Team(_) | Whose::Organization(_) => {
                        Write::check(&owner, Condition::present())
                    }
                },
            ];
            self.store.transact_by(&actor, writes).await?;
            Ok(after)
        })
    }

    /// The write by which a user says where their calendars are.
    fn follow_calendars(&self, user: &User, calendars: &Calendars) -> Result<Write> {
        let mut after = user.clone();
        after.calendar_sources = calendars.sources();
        let is_there = |sealed: &String| calendars.calendars.iter().any(|it| it.sealed == *sealed);
        after.sealed_calendars.retain(is_there);
        let key = keys::user(self.tenancy(), user.id);
        if after == *user {
            // Who leaves at the same moment takes the calendars along.
            return Ok(Write::check(&key, Condition::present()));
        }
        after.version += 1;
        after.updated_at = self.store.now;
        let condition = Condition::version(user.version);
        Ok(Write::put(&key, None, to_item(&after)?, condition))
    }

    /// Puts calendars of Exchange in place of those that a user has there: the credentials that
    /// are sealed in the user already. None where nothing changes.
    pub(crate) async fn set_exchange(
        &self,
        is_new: bool,
        user: &mut User,
        credentials: &[ExchangeCredentials],
    ) -> Result<Option<Write>> {
        let before = if is_new {
            None
        } else {
            let whose = Whose::User(user.id);
            self.calendars_if_any(whose, Freshness::Strong).await?
        };
        let now = self.store.now;
        let mut after = before
            .clone()
            .unwrap_or_else(|| Calendars::none(Whose::User(user.id), now));
        let exchange = credentials.iter().zip(&user.sealed_calendars);
        let exchange = exchange.map(|(one, sealed)| {
            let server = host_of(&services_at(one.server.as_str()));
            Calendar::new(CalendarSource::Exchange, server, sealed.clone(), now)
        });
        after.replace_exchange(exchange.collect::<Result<_>>()?)?;
        user.calendar_sources = after.sources();
        let was = before.as_ref().map_or(&[][..], |was| &was.calendars);
        if after.calendars == was {
            return Ok(None);
        }
        self.put_changed(before.as_ref(), &mut after).map(Some)
    }

    /// The write that puts calendars that a request changed: they are read soon.
    fn put_changed(&self, before: Option<&Calendars>, after: &mut Calendars) -> Result<Write> {
        after.updated_at = self.store.now;
        after.changes += 1;
        after.due_at = self.store.now;
        self.put_calendars(before, after)
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
        let key = keys::calendars(self.organization_id()?, after.whose);
        let due = keys::due_calendars(after.whose, after.due_at);
        Ok(Write::put(&key, Some(&due), to_item(after)?, condition))
    }

    /// Takes the calendars of a user away who leaves: their busy times go when they would
    /// have been read. Answers them, too; none where the user has none.
    pub(crate) async fn leave_calendars(&self, user: UserId) -> Result<Option<(Write, Calendars)>> {
        if self.organization_id().is_err() {
            return Ok(None);
        }
        let whose = Whose::User(user);
        let Some(before) = self.calendars_if_any(whose, Freshness::Strong).await? else {
            return Ok(None);
        };
        let mut after = before.clone();
        after.replace(Vec::new())?;
        after.due_at = self.store.now;
        let write = self.put_calendars(Some(&before), &mut after)?;
        Ok(Some((write, before)))
    }

    /// The write by which the calendars of a user come along who comes from elsewhere. `before`
    /// is what is left of those from when they were here, where they were.
    pub(crate) fn bring_calendars(
        &self,
        before: Option<&Calendars>,
        of: Calendars,
    ) -> Result<Write> {
        let mut calendars = of.calendars;
        for calendar in &mut calendars {
            calendar.reading = Reading::default();
        }
        let none = || Calendars::none(of.whose, self.store.now);
        let mut after = before.cloned().unwrap_or_else(none);
        after.replace(calendars)?;
        self.put_changed(before, &mut after)
    }

    /// Notes that an event is to be written into a user's calendars, or taken out, where one of
    /// them is written into.
    ///
    /// # Errors
    /// When the table cannot be reached, or many change the calendars at once.
    pub async fn note_to_write(&self, user: UserId, event: EventId) -> Result<()> {
        retry!(async {
            let own = self.calendars_if_any(Whose::User(user), Freshness::Strong);
            let Some(before) = own.await? else {
                return Ok(());
            };
            let mut after = before.clone();
            if !after.note_to_write(event) {
                return Ok(());
            }
            after.due_at = self.store.now;
            let write = self.put_calendars(Some(&before), &mut after)?;
            self.store.transact(vec![write]).await
        })
    }

    /// Puts what came of reading calendars and of writing into them, unless they were changed
    /// meanwhile: then they are due again, and `false`. Where nothing is left of them, the item
    /// goes.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn note_reading(&self, before: &Calendars, mut after: Calendars) -> Result<bool> {
        let write = if after.calendars.is_empty() {
            let key = keys::calendars(self.organization_id()?, after.whose);
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

/// When what has calendars was made.
#[derive(Deserialize)]
struct Created {
    created_at: Timestamp,
}
