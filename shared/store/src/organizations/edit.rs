//! Renaming and deleting an organization (`/api/v1`).

use roster_domain::{Conflict, Error, Result, organization::Organization, text::Name};

use crate::{
    Tenant,
    dynamodb::{
        capacity::try_join, condition::Condition, item::to_item, retry::retry, table::Freshness,
        transaction::Write,
    },
    keys,
};

/// Teams that are read at once to delete them.
const TEAMS_AT_ONCE: usize = 100;

impl Tenant<'_> {
    /// Gives the organization another name: one read, one write.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`] where it is not in the version that is expected.
    pub async fn rename_organization(
        &self,
        name: &Name,
        expected: Option<u64>,
    ) -> Result<Organization> {
        let now = self.store.now;
        self.change_organization(|organization| {
            Error::hold_version(expected, organization.version)?;
            if organization.name != *name {
                organization.name = name.clone();
                organization.updated_at = now;
            }
            Ok(())
        })
        .await
    }

    /// Deletes the organization: closes it, so that nothing more is made in it;
    /// looks whether somebody is in it; ends its keys and its teams; and removes
    /// it. Each of these is held to the authority of who asks for it.
    /// Its number is not given out again. What fails half-way is done by
    /// deleting again.
    ///
    /// # Errors
    /// A conflict that says how many users it has.
    pub async fn delete_organization(&self) -> Result<()> {
        let now = self.store.now;
        self.change_organization(|organization| {
            organization.closing_at = Some(now);
            Ok(())
        })
        .await?;
        self.must_be_empty().await?;
        self.store.revoke_keys(self.organization_id()?).await?;
        self.delete_teams().await?;
        // What is made here is held to the organization being open, so nothing
        // came since; but a list of keys may have missed the last of them.
        let keys = self.store.revoke_keys(self.organization_id()?);
        try_join(keys, self.must_be_empty()).await?;
        let organization = self.organization(Freshness::Strong).await?;
        retry!(async {
            let mine = Condition::held_by(&self.organization_id()?.to_string());
            let writes = vec![
                Write::delete(
                    &keys::organization(self.tenancy()),
                    Condition::version(organization.version),
                ),
                Write::delete(&keys::organization_number_guard(organization.number), mine),
            ];
            self.store.transact(writes).await
        })
    }

    /// Opens the organization again where somebody is in it.
    async fn must_be_empty(&self) -> Result<()> {
        let range = keys::users(self.tenancy());
        let users = self
            .store
            .table
            .query_all(&range, Freshness::Strong)
            .await?;
        let users = match users.len() {
            0 => return Ok(()),
            1 => "1 user; delete or move it first".to_owned(),
            users => format!("{users} users; delete or move them first"),
        };
        self.change_organization(|organization| {
            organization.closing_at = None;
            Ok(())
        })
        .await?;
        Err(Conflict::new(format!("the organization has {users}")).into())
    }

    /// Deletes every team: a public one would keep its page.
    async fn delete_teams(&self) -> Result<()> {
        loop {
            let page = self
                .teams_as(TEAMS_AT_ONCE, None, Freshness::Strong)
                .await?;
            for team in &page.items {
                match self.delete_team(team.id).await {
                    Ok(()) | Err(Error::NotFound(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            if page.items.is_empty() {
                return Ok(());
            }
        }
    }

    /// Changes the organization. What `change` leaves as it was is not written.
    async fn change_organization(
        &self,
        change: impl Fn(&mut Organization) -> Result<()>,
    ) -> Result<Organization> {
        let key = keys::organization(self.tenancy());
        let index = keys::organization_index(self.organization_id()?);
        retry!(async {
            let read = self.organization(Freshness::Strong);
            let (_, mut organization) = self.store.with_actor(read).await?;
            let before = organization.clone();
            change(&mut organization)?;
            if organization == before {
                return Ok(organization);
            }
            let read = before.version;
            organization.version += 1;
            let item = to_item(&organization)?;
            let write = Write::put(&key, Some(&index), item, Condition::version(read));
            self.store.transact(vec![write]).await?;
            Ok(organization)
        })
    }
}
