//! Adding a user, and changing one by id: what every surface but the body of `/v2/users`
//! needs. One round trip to read, one to write.

use roster_domain::{
    Actor, Error, Result, Tenancy, UserId, organization::Organization, users::user::User,
};

use crate::{
    Tenant,
    dynamodb::{
        capacity::try_join, item::from_item, retry::retry, table::Freshness, transaction::Write,
        write_failure::Failure,
    },
    keys,
    users::commit::Commit,
};

/// A user with the organization that answers name.
#[derive(Debug)]
pub struct Member {
    /// The user.
    pub user: User,
    /// Its organization; none where it is in none.
    pub organization: Option<Organization>,
}

impl Member {
    /// The organization of a user that must be in one.
    ///
    /// # Errors
    /// [`Error::NotFound`] otherwise.
    pub fn organization(&self) -> Result<&Organization> {
        self.organization
            .as_ref()
            .ok_or(Error::NotFound("organization"))
    }
}

impl Tenant<'_> {
    /// A user with its organization, as far as it is in one: one round trip.
    pub async fn member(&self, id: UserId, freshness: Freshness) -> Result<Member> {
        let user_key = keys::user(self.tenancy(), id);
        let organization_key = keys::organization(self.tenancy());
        let wanted = [user_key.clone(), organization_key.clone()];
        let mut found = self.store.table.batch_get(wanted, freshness).await?;
        let user = found.remove(&user_key).ok_or(Error::NotFound("user"))?;
        let organization = found.remove(&organization_key);
        Ok(Member {
            user: from_item(user)?,
            organization: organization.map(from_item).transpose()?,
        })
    }

    /// Changes a user. What `edit` leaves as it was is not written.
    ///
    /// # Errors
    /// What `edit` answers; [`Error::Forbidden`] where the actor may not make
    /// this change; a conflict where something is taken, or where it would
    /// leave the organization without an account manager.
    pub async fn edit_user(
        &self,
        id: UserId,
        edit: impl Fn(&mut User) -> Result<()>,
    ) -> Result<Member> {
        self.edit_member(id, |user, _| edit(user)).await
    }

    /// As [`Tenant::edit_user`], where the change also depends on the
    /// organization that the user is in, if it is in one.
    ///
    /// # Errors
    /// As [`Tenant::edit_user`].
    pub async fn edit_member(
        &self,
        id: UserId,
        edit: impl Fn(&mut User, Option<&Organization>) -> Result<()>,
    ) -> Result<Member> {
        retry!(self.try_edit(id, &edit))
    }

    async fn try_edit(
        &self,
        id: UserId,
        edit: &impl Fn(&mut User, Option<&Organization>) -> Result<()>,
    ) -> Result<Member, Failure> {
        let member = self.member(id, Freshness::Strong);
        let (actor, member) = self.store.with_actor(member).await?;
        let Member {
            user: before,
            organization,
        } = member;
        let mut after = before.clone();
        edit(&mut after, organization.as_ref())?;
        if after != before {
            after.version += 1;
            after.updated_at = self.store.now;
            self.write_edit(&actor, &before, &mut after, Vec::new())
                .await?;
        }
        Ok(Member {
            user: after,
            organization,
        })
    }

    /// Writes what was made of a user, with what its teams copy of it.
    pub(crate) async fn write_edit(
        &self,
        actor: &Actor,
        before: &User,
        after: &mut User,
        mut writes: Vec<Write>,
    ) -> Result<(), Failure> {
        after.end_misdirected_invitation(before);
        self.link_teams(&[], &[], Some(before), after, &mut writes)?;
        self.commit(Commit {
            actor,
            before: Some(before),
            after,
            upsert: false,
            proof: None,
            writes,
        })
        .await
    }

    /// Adds a user: the organization and a number at once, then one
    /// transaction.
    ///
    /// # Errors
    /// What `build` answers; a conflict where something is taken.
    pub async fn add_user(
        &self,
        build: impl Fn(&mut User) -> Result<Vec<Write>>,
    ) -> Result<Member> {
        let organization = async {
            if self.tenancy() == Tenancy::None {
                return Ok(None);
            }
            self.organization_to_join().await.map(Some)
        };
        let number = self.take_user_numbers(1);
        let known = try_join(organization, number);
        let (_, (organization, number)) = self.store.with_actor(known).await?;
        let mut user = User::new(UserId::generate(self.store.now), number, self.store.now);
        retry!(async {
            let writes = build(&mut user)?;
            let commit = Commit {
                actor: &self.store.actor().await?,
                before: None,
                after: &mut user,
                upsert: false,
                proof: None,
                writes,
            };
            self.commit(commit).await
        })?;
        Ok(Member { user, organization })
    }
}
