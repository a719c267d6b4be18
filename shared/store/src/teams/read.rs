//! Reading teams, and deleting them.

use roster_domain::{Error, Result, TeamId, team::Team, text::ExternalId};

use crate::{
    Page, Tenant,
    dynamodb::{
        condition::Condition,
        guard::holder,
        item::{Item, from_item, with_key},
        retry::retry,
        table::Freshness,
        transaction::Write,
        write_failure::Failure,
    },
    keys::{self, Range},
    teams::items::{JOINS, PersonItem, Stored, TeamItem},
};

/// People whose items fit one transaction beside the team's own: two writes
/// each, and room for the team and its guards.
pub(crate) const PEOPLE_PER_TRANSACTION: usize = 45;

impl Tenant<'_> {
    /// A team's own item, without its people: one round trip.
    pub(crate) async fn team_item(&self, id: TeamId, freshness: Freshness) -> Result<TeamItem> {
        let key = keys::team(self.tenancy(), id);
        let item = self.store.table.get(&key, freshness).await?;
        from_item(item.ok_or(Error::NotFound("team"))?)
    }

    pub(crate) async fn stored_team(&self, id: TeamId, freshness: Freshness) -> Result<Stored> {
        let range = keys::team_with_people(self.tenancy(), id);
        let items = self.store.table.query_all(&range, freshness).await?;
        Stored::read(items)?.pop().ok_or(Error::NotFound("team"))
    }

    /// A team: one query.
    pub async fn team(&self, id: TeamId) -> Result<Team> {
        let stored = self.stored_team(id, Freshness::Eventual).await?;
        Ok(stored.into_team(self.organization_id()?))
    }

    /// The team with this external id: guard, then team.
    pub async fn team_by_extid(&self, extid: &ExternalId) -> Result<Option<Team>> {
        let guard = keys::team_extid_guard(self.tenancy(), extid);
        let guard = self.store.table.get(&guard, Freshness::Eventual).await?;
        let Some(id) = guard.as_ref().and_then(holder::<TeamId>) else {
            return Ok(None);
        };
        match self.team(id).await {
            // The guard may be from just before a change.
            Ok(team) => Ok(Some(team).filter(|team| team.extid == *extid)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Teams in order of creation: one query as long as they fit 1 MB.
    pub async fn teams(&self, limit: usize, after: Option<TeamId>) -> Result<Page<Team, TeamId>> {
        self.teams_as(limit, after, Freshness::Eventual).await
    }

    pub(crate) async fn teams_as(
        &self,
        limit: usize,
        after: Option<TeamId>,
        freshness: Freshness,
    ) -> Result<Page<Team, TeamId>> {
        let range = keys::teams(self.tenancy());
        let mut start =
            after.map(|id| with_key(Item::new(), &keys::behind_team(self.tenancy(), id)));
        let mut items = Vec::new();
        // Teams stand between their people, so how many items hold `limit`
        // teams is not known beforehand: read more each time.
        let mut at_once = limit.saturating_mul(32).saturating_add(32);
        let mut teams = loop {
            let mut found = self
                .store
                .table
                .query(&range, start, Some(at_once), freshness)
                .await?;
            items.append(&mut found.items);
            start = found.next;
            let teams = items
                .iter()
                .filter(|item| item.contains_key("extid"))
                .count();
            if teams > limit || start.is_none() {
                break Stored::read(std::mem::take(&mut items))?;
            }
            at_once = at_once.saturating_mul(2);
        };
        let more = teams.len() > limit;
        teams.truncate(limit);
        let next = teams.last().filter(|_| more).map(|last| last.team.id);
        let organization = self.organization_id()?;
        let items = teams
            .into_iter()
            .map(|team| team.into_team(organization))
            .collect();
        Ok(Page { items, next })
    }

    /// Deletes a team. It is gone with the first transaction; the items of a
    /// large team's people follow in further ones.
    pub async fn delete_team(&self, id: TeamId) -> Result<()> {
        let people = retry!(async {
            let range = keys::team_with_people(self.tenancy(), id);
            let items = self
                .store
                .table
                .query_all(&range, Freshness::Strong)
                .await?;
            let has_people = !items.is_empty();
            let Some(stored) = Stored::read(items)?.pop() else {
                if has_people {
                    // A large team that was not deleted to the end.
                    self.forget_people(id).await?;
                }
                return Err(Error::NotFound("team").into());
            };
            let organization = self.tenancy();
            // Nobody whom the read has missed may be left in a team that is gone.
            let as_read = Condition::version_and(stored.team.version, JOINS, stored.team.joins);
            let mut writes = vec![
                Write::delete(&keys::team(organization, id), as_read),
                self.change_team(id, stored.team.version + 1),
                Write::delete(
                    &keys::team_extid_guard(organization, &stored.team.extid),
                    Condition::held_by(&id.to_string()),
                ),
            ];
            writes.append(&mut self.forget(id, &stored.people)?);
            self.store.transact(writes).await?;
            Ok(stored.people.len())
        })?;
        if people > PEOPLE_PER_TRANSACTION {
            self.forget_people(id).await?;
        }
        Ok(())
    }

    /// Removes the people of a team that is not there (any more).
    pub(crate) async fn forget_people(&self, id: TeamId) -> Result<()> {
        let range = keys::team_with_people(self.tenancy(), id);
        while retry!(self.forget_some(id, &range))? {}
        Ok(())
    }

    /// Removes some of these people; answers whether there were any.
    async fn forget_some(&self, team: TeamId, range: &Range) -> Result<bool, Failure> {
        let items = self.store.table.query_all(range, Freshness::Strong).await?;
        let people: Vec<PersonItem> = items.into_iter().map(from_item).collect::<Result<_>>()?;
        if people.is_empty() {
            return Ok(false);
        }
        self.store.transact(self.forget(team, &people)?).await?;
        Ok(true)
    }

    /// The writes that remove the first of these people from a team.
    fn forget(&self, team: TeamId, people: &[PersonItem]) -> Result<Vec<Write>> {
        let mut writes = Vec::new();
        for person in people.iter().take(PEOPLE_PER_TRANSACTION) {
            writes.push(self.remove_person(team, person.user));
            writes.push(self.set_role(person.user, team, None, None)?);
        }
        Ok(writes)
    }
}
