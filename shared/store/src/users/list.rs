//! Reading users.

use roster_domain::{
    Error, Result, TeamId, UserId,
    organization::Organization,
    text::{Email, ExternalId},
    users::user::User,
};

use crate::{
    Page, Tenant,
    dynamodb::{
        guard::holder,
        item::{Item, from_item, with_key},
        table::Freshness,
    },
    keys::{self, Key},
};

impl Tenant<'_> {
    /// A user, with the organization that its answers name: one round trip.
    pub async fn user(&self, id: UserId) -> Result<(User, Organization)> {
        let user_key = keys::user(self.tenancy(), id);
        let organization_key = keys::organization(self.tenancy());
        let mut found = self
            .store
            .table
            .batch_get(
                [user_key.clone(), organization_key.clone()],
                Freshness::Eventual,
            )
            .await?;
        let user = found.remove(&user_key).ok_or(Error::NotFound("user"))?;
        let organization = found
            .remove(&organization_key)
            .ok_or(Error::NotFound("organization"))?;
        Ok((from_item(user)?, from_item(organization)?))
    }

    /// Users in order of creation: one query.
    pub async fn users(&self, limit: usize, after: Option<UserId>) -> Result<Page<User, UserId>> {
        let start = after.map(|id| with_key(Item::new(), &keys::user(self.tenancy(), id)));
        self.store
            .table
            .page(&keys::users(self.tenancy()), start, limit, |user: &User| {
                user.id
            })
            .await
    }

    /// The user with this address: guard, then user.
    pub async fn user_by_email(&self, email: &Email) -> Result<Option<User>> {
        self.user_by_guard(&keys::email_guard(self.tenancy(), email))
            .await
    }

    /// The user with this external id: guard, then user.
    pub async fn user_by_extid(&self, extid: &ExternalId) -> Result<Option<User>> {
        self.user_by_guard(&keys::user_extid_guard(self.tenancy(), extid))
            .await
    }

    async fn user_by_guard(&self, guard: &Key) -> Result<Option<User>> {
        let guard = self.store.table.get(guard, Freshness::Eventual).await?;
        let Some(id) = guard.as_ref().and_then(holder::<UserId>) else {
            return Ok(None);
        };
        let key = keys::user(self.tenancy(), id);
        let user = self.store.table.get(&key, Freshness::Eventual).await?;
        user.map(from_item).transpose()
    }

    /// The members and admins of a team in order of their creation: the team,
    /// then its people in batches at once. A page begins behind `after`.
    pub async fn users_of_team(
        &self,
        team: TeamId,
        limit: usize,
        after: Option<UserId>,
    ) -> Result<Page<User, UserId>> {
        let team = self.stored_team(team, Freshness::Eventual).await?;
        let mut ids: Vec<_> = team
            .people
            .iter()
            .map(|person| person.user)
            .filter(|id| after.is_none_or(|after| *id > after))
            .collect();
        ids.sort_unstable();
        let more = ids.len() > limit;
        ids.truncate(limit);
        let next = ids.last().copied().filter(|_| more);
        let wanted = ids.iter().map(|id| keys::user(self.tenancy(), *id));
        let found = self
            .store
            .table
            .batch_get(wanted, Freshness::Eventual)
            .await?;
        let mut items = found
            .into_values()
            .map(from_item)
            .collect::<Result<Vec<User>>>()?;
        items.sort_by_key(|user| user.id);
        Ok(Page { items, next })
    }
}
