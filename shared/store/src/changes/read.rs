//! Reading the change feed, with what there is now of what changed.

use std::{collections::HashMap, sync::Arc};

use roster_domain::{
    Error, EventId, HookId, Result, TeamId, UserId,
    bookings::event::Event,
    changes::{Change, ChangeNumber, Resource, ResourceKind},
    hooks::Hook,
    organization::Organization,
    team::Team,
    users::user::User,
};

use crate::{
    Page, Tenant,
    dynamodb::{
        capacity::{join, try_join_all},
        item::{Item, from_item},
        table::{Freshness, query::Order},
    },
    keys::{self, Key},
};

/// A change, and what there is now of what it is about.
#[derive(Debug)]
pub struct Changed {
    /// The change.
    pub change: Change,
    /// What there is; none where it is gone.
    pub shown: Option<Arc<Shown>>,
}

/// Something that changed, as it is.
#[derive(Debug)]
pub enum Shown {
    /// A user, and their organization.
    User(Box<User>, Arc<Organization>),
    /// A team.
    Team(Box<Team>),
    /// An event.
    Event(Box<Event>),
    /// A hook.
    Hook(Box<Hook>),
}

impl Tenant<'_> {
    /// The changes behind one, or from the first, in their order: two round trips, as long
    /// as they fit 1 MB.
    pub async fn changes(
        &self,
        limit: usize,
        after: Option<ChangeNumber>,
    ) -> Result<Page<Changed, ChangeNumber>> {
        let organization = self.organization_id()?;
        let stretch = keys::changes_after(organization, after.unwrap_or_default());
        // Strongly: of two that were written one after the other, the later one must not
        // be found without the earlier.
        let found = self.store.table.query_stretch(
            Order::Ascending,
            &stretch,
            None,
            Some(limit),
            Freshness::Strong,
        );
        let found = found.await?;
        let changes: Vec<Change> = found
            .items
            .into_iter()
            .map(from_item)
            .collect::<Result<_>>()?;
        let last = changes.last().map(|change| change.number);
        let shown = self.shown(&changes).await?;
        let items = changes.into_iter().map(|change| {
            let shown = shown.get(&change.resource).cloned();
            Changed { change, shown }
        });
        Ok(Page {
            items: items.collect(),
            next: last.filter(|_| found.next.is_some()),
        })
    }

    /// What there is now of what changed.
    async fn shown(&self, changes: &[Change]) -> Result<HashMap<Resource, Arc<Shown>>> {
        let mut resources: Vec<_> = changes.iter().map(|change| change.resource).collect();
        resources.sort_unstable();
        resources.dedup();
        let is_team = |resource: &Resource| resource.kind == ResourceKind::Team;
        let (teams, others): (Vec<_>, Vec<_>) = resources.into_iter().partition(is_team);
        let teams = try_join_all(teams.into_iter().map(|team| self.shown_team(team)));
        let (teams, others) = join(teams, self.shown_others(others)).await;
        let mut shown = others?;
        shown.extend(teams?.into_iter().flatten());
        Ok(shown)
    }

    async fn shown_team(&self, resource: Resource) -> Result<Option<(Resource, Arc<Shown>)>> {
        match self.team(TeamId::from_bytes(resource.id.bytes())).await {
            Ok(team) => Ok(Some((resource, Arc::new(Shown::Team(Box::new(team)))))),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn shown_others(
        &self,
        resources: Vec<Resource>,
    ) -> Result<HashMap<Resource, Arc<Shown>>> {
        if resources.is_empty() {
            return Ok(HashMap::new());
        }
        let organization_key = keys::organization(self.tenancy());
        let key = |resource: &Resource| self.key_of(*resource);
        let keyed: Vec<(Resource, Key)> = resources
            .iter()
            .map(|resource| Ok((*resource, key(resource)?)))
            .collect::<Result<_>>()?;
        let wanted = keyed.iter().map(|(_, key)| key.clone());
        let wanted = wanted.chain([organization_key.clone()]);
        let found = self.store.table.batch_get(wanted, Freshness::Eventual);
        let mut found: HashMap<Key, Item> = found.await?;
        let organization = found.remove(&organization_key);
        let organization: Option<Arc<Organization>> =
            organization.map(from_item).transpose()?.map(Arc::new);
        let Some(organization) = organization else {
            return Ok(HashMap::new());
        };
        let mut shown = HashMap::new();
        for (resource, key) in keyed {
            let Some(item) = found.remove(&key) else {
                continue;
            };
            let one = match resource.kind {
                ResourceKind::User => {
                    Shown::User(Box::new(from_item(item)?), Arc::clone(&organization))
                }
                ResourceKind::Event => Shown::Event(Box::new(from_item(item)?)),
                ResourceKind::Hook => Shown::Hook(Box::new(from_item(item)?)),
                ResourceKind::Team => continue,
            };
            shown.insert(resource, Arc::new(one));
        }
        Ok(shown)
    }

    /// The key of something that is kept in one item.
    fn key_of(&self, Resource { kind, id }: Resource) -> Result<Key> {
        let bytes = id.bytes();
        Ok(match kind {
            ResourceKind::User => keys::user(self.tenancy(), UserId::from_bytes(bytes)),
            ResourceKind::Event => keys::event(self.tenancy(), EventId::from_bytes(bytes)),
            ResourceKind::Team => keys::team(self.tenancy(), TeamId::from_bytes(bytes)),
            ResourceKind::Hook => keys::hook(self.organization_id()?, HookId::from_bytes(bytes)),
        })
    }
}
