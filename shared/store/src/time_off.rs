//! Time off of users, of teams and of the organization: with whom it is about, so that a
//! booking reads it with them.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;
use roster_domain::{
    Error, Result,
    bookings::{
        agenda::{TimeSpan, zone_of},
        event::Event,
        time_off::{Away, TimeOff, TimeOffChange},
    },
    team::TeamRole,
    whose::Whose,
};
use serde::Deserialize;

use crate::{
    Tenant,
    bookings::list::{EventQuery, Only},
    dynamodb::{
        capacity::try_join,
        condition::Condition,
        item::{Item, from_item, to_attribute},
        retry::retry,
        table::Freshness,
        transaction::Write,
    },
    keys::{self, Key},
};

/// Attribute of users, teams and organizations: their time off.
pub(crate) const TIME_OFF: &str = "time_off";
/// Most events that fall into a time off and are told.
pub const MOST_EVENTS: usize = 100;

/// A list of time off, with the version of what it is of.
#[derive(Deserialize)]
pub(crate) struct Listed {
    #[serde(default, rename = "time_off")]
    pub(crate) list: Vec<TimeOff>,
    /// Of a user: the teams.
    #[serde(default)]
    teams: BTreeMap<String, TeamRole>,
    #[serde(rename = "__v")]
    version: u64,
}

impl Tenant<'_> {
    /// When somebody is away, in the order in which it was entered: one round trip.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such user or team.
    pub async fn time_off(&self, whose: Whose) -> Result<Vec<TimeOff>> {
        let listed = self.listed_time_off(whose, Freshness::Eventual).await?;
        Ok(listed.list)
    }

    /// Changes when somebody is away: two round trips. Answers the one that the change is
    /// about. Nothing is written where nothing changes.
    ///
    /// # Errors
    /// As [`Tenant::time_off`] and [`TimeOffChange::apply`].
    pub async fn change_time_off(&self, whose: Whose, change: &TimeOffChange) -> Result<TimeOff> {
        retry!(async {
            let read = self.listed_time_off(whose, Freshness::Strong);
            let (actor, listed) = self.store.with_actor(read).await?;
            let mut list = listed.list.clone();
            let changed = change.apply(&mut list, self.store.now)?;
            if list == listed.list {
                return Ok(changed);
            }
            let writes = self.put_time_off(whose, &listed, &list)?;
            self.store.transact_by(&actor, writes).await?;
            Ok(changed)
        })
    }

    /// The writes that put a list of time off in place of the one that was read.
    pub(crate) fn put_time_off(
        &self,
        whose: Whose,
        listed: &Listed,
        list: &[TimeOff],
    ) -> Result<Vec<Write>> {
        let value = Some(to_attribute(&list)?).filter(|_| !list.is_empty());
        let set = [(TIME_OFF.to_owned(), value)];
        let as_read = Condition::version(listed.version);
        let mut writes = vec![Write::update(&self.owner_key(whose), set, true, as_read)];
        // Who books by the user or the team as it was before must not.
        let version = listed.version + 1;
        match whose {
            Whose::User(user) => {
                writes.extend(self.tell_all_ledgers(user, &listed.teams, version)?);
            }
            Whose::Team(team) => writes.push(self.change_team(team, version)),
            Whose::Organization(_) => {}
        }
        Ok(writes)
    }

    /// The events that fall into a time off and have not ended, and whether there may be
    /// more than are answered. Of a team and of everybody, days are in the events' own
    /// zones.
    pub async fn events_in(&self, whose: Whose, when: &Away) -> Result<(Vec<Event>, bool)> {
        let in_own_zone = |event: &Event| {
            let zone = event.timezone.as_ref().or(event.read_in.as_ref());
            let zone = zone.map(|zone| zone.rules());
            falls_into(event, &when.span(&zone.unwrap_or(TimeZone::UTC)))
        };
        let mut events = match whose {
            Whose::User(id) => {
                let (user, events) = (self.user(id), self.events_to_reassign(id));
                let ((user, _), mut events) = try_join(user, events).await?;
                let span = when.span(&zone_of(&user));
                events.retain(|event| falls_into(event, &span));
                events
            }
            Whose::Team(team) => {
                let members = self.stored_team(team, Freshness::Strong).await?.members();
                let mut events = self.events_of_holders(&members).await?;
                events.retain(|event| event.team == Some(team) && in_own_zone(event));
                events
            }
            Whose::Organization(_) => {
                let query = EventQuery {
                    only: Only::Upcoming,
                    title: None,
                    event: Some(&in_own_zone),
                };
                let listed = self.all_events(&query, MOST_EVENTS, None).await?;
                return Ok((listed.page.items, listed.page.next.is_some()));
            }
        };
        let has_more = events.len() > MOST_EVENTS;
        events.truncate(MOST_EVENTS);
        Ok((events, has_more))
    }

    /// When everybody in the organization is away, of items that were read.
    pub(crate) fn time_off_in(&self, found: &HashMap<Key, Item>) -> Result<Vec<TimeOff>> {
        let item = found.get(&keys::organization(self.tenancy()));
        let list = item.and_then(|item| item.get(TIME_OFF).cloned());
        let list = list.map(serde_dynamo::from_attribute_value).transpose();
        Ok(list.map_err(Error::internal)?.unwrap_or_default())
    }

    /// A list of time off, read strongly; none where whose it is is gone.
    pub(crate) async fn time_off_if_any(&self, whose: Whose) -> Result<Option<Listed>> {
        let listed = self.listed_time_off(whose, Freshness::Strong).await;
        match listed {
            Err(Error::NotFound(_)) => Ok(None),
            listed => listed.map(Some),
        }
    }

    async fn listed_time_off(&self, whose: Whose, freshness: Freshness) -> Result<Listed> {
        let item = self
            .store
            .table
            .get(&self.owner_key(whose), freshness)
            .await?;
        from_item(item.ok_or(Error::NotFound(whose.name()))?)
    }

    /// The key of what it is of.
    pub(crate) fn owner_key(&self, whose: Whose) -> Key {
        match whose {
            Whose::User(user) => keys::user(self.tenancy(), user),
            Whose::Team(team) => keys::team(self.tenancy(), team),
            Whose::Organization(_) => keys::organization(self.tenancy()),
        }
    }
}

/// Whether one of an event's dates has time in a span.
fn falls_into(event: &Event, span: &TimeSpan) -> bool {
    event.dates.iter().any(|date| date.span.overlaps(span))
}
