//! The feed of a calendar: what somebody, or a team, has from a month ago on. It is read
//! without an API key, so that its secret is looked at first, in the present.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::SignedDuration;
use roster_domain::{
    Error, Result, TeamId, UserId, access::feed::Feed, bookings::event::Event, text::Name,
    users::user::User,
};

use crate::{
    Tenant,
    bookings::{event_items::Part, list::readers},
    dynamodb::{
        capacity::branch,
        condition::Condition,
        item::{from_item, to_item},
        retry::retry,
        table::{Freshness, query::Order},
        transaction::Write,
    },
    keys,
};

/// How long what is over stays in a feed.
const KEPT: SignedDuration = SignedDuration::from_hours(31 * 24);
/// Most events of a feed.
const MOST: usize = 1_000;
/// Attribute of a team: [`crate::teams::items::TeamItem::feed`].
const FEED: &str = "feed";

impl Tenant<'_> {
    /// The user whose feed a secret opens: one round trip.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it opens none: nobody is told why.
    pub async fn user_of_feed(&self, id: UserId, secret: &str) -> Result<User> {
        let key = keys::user(self.tenancy(), id);
        let item = self.store.table.get(&key, Freshness::Strong).await?;
        let user: Option<User> = item.map(from_item).transpose()?;
        let is_open = |user: &User| {
            let feed = user.feed.as_ref();
            user.is_active() && feed.is_some_and(|feed| feed.opens(secret))
        };
        user.filter(is_open).ok_or(Error::NotFound("feed"))
    }

    /// The name of the team whose feed a secret opens: one round trip.
    ///
    /// # Errors
    /// As [`Tenant::user_of_feed`].
    pub async fn team_of_feed(&self, id: TeamId, secret: &str) -> Result<Name> {
        let closed = Error::NotFound("feed");
        let team = match self.team_item(id, Freshness::Strong).await {
            Ok(team) => team,
            Err(Error::NotFound(_)) => return Err(closed),
            Err(error) => return Err(error),
        };
        let is_open = team.feed.is_some_and(|feed| feed.opens(secret));
        if is_open { Ok(team.name) } else { Err(closed) }
    }

    /// What a user takes part in: two round trips.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn calendar_of_user(&self, id: UserId) -> Result<Vec<Event>> {
        let mut events = self.since_a_month(&[id]).await?;
        // What they declined is not theirs.
        events.retain(|event| event.occupied().contains(&id));
        Ok(events)
    }

    /// What is booked with a team: three round trips.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn calendar_of_team(&self, id: TeamId) -> Result<Vec<Event>> {
        let team = self.team_of_events(id, None).await?;
        let mut events = self.since_a_month(&team.users()).await?;
        events.retain(|event| team.is_of(event));
        Ok(events)
    }

    /// What one of these users takes part in and is not cancelled, that ends from a month
    /// ago on: the first of it, where it is much.
    async fn since_a_month(&self, users: &[UserId]) -> Result<Vec<Event>> {
        let since = self.store.now - KEPT;
        let page = readers::page_ahead(users.len());
        let read = users.iter().copied().map(|user| {
            branch(async move {
                let stretch = keys::parts_after(self.tenancy(), user, since);
                let (table, order) = (&self.store.table, Order::Ascending);
                let found =
                    table.query_stretch(order, &stretch, None, Some(page), Freshness::Eventual);
                found.await
            })
        });
        let read = stream::iter(read).buffer_unordered(readers::AT_ONCE);
        let found: Vec<_> = read.try_collect().await?;
        let mut ends = BTreeSet::new();
        for item in found.into_iter().flat_map(|found| found.items) {
            let part: Part = from_item(item)?;
            if let Some(end) = part.ends_at.filter(|_| !part.cancelled) {
                ends.insert((end, part.event));
            }
        }
        let ids: Vec<_> = ends.into_iter().map(|(_, id)| id).take(MOST).collect();
        let (mut events, _) = self.read_events(&ids, Freshness::Eventual).await?;
        events.retain(|event| !event.is_cancelled());
        Ok(events)
    }

    /// Gives a team's calendar a feed, in place of the one that it has, or takes it away.
    /// Two round trips.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such team.
    pub async fn set_team_feed(&self, id: TeamId, feed: Option<&Feed>) -> Result<()> {
        let key = keys::team(self.tenancy(), id);
        retry!(async {
            let read = self.team_item(id, Freshness::Strong);
            let (actor, team) = self.store.with_actor(read).await?;
            if team.feed.as_ref() == feed {
                return Ok(());
            }
            let value = feed.map(to_item).transpose()?.map(AttributeValue::M);
            let set = [(FEED.to_owned(), value)];
            let as_read = Condition::version(team.version);
            let write = Write::update(&key, set, true, as_read);
            self.store.transact_by(&actor, vec![write]).await?;
            Ok(())
        })
    }
}
