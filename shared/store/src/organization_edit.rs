//! Renaming and deleting an organization (S4).

use roster_domain::{Conflict, Error, Result, organization::Organization, text::Name};

use crate::{
    Tenant,
    backoff::Backoff,
    condition::Condition,
    keys,
    table::{Freshness, to_item},
    transaction::Write,
};

impl Tenant<'_> {
    /// Gives the organization another name: one read, one write.
    pub async fn rename_organization(&self, name: &Name) -> Result<Organization> {
        let now = self.store.now;
        self.change_organization(|organization| {
            organization.name = name.clone();
            organization.updated_at = now;
        })
        .await
    }

    /// Deletes the organization: closes it, so that nobody joins any more; looks
    /// whether somebody is in it; ends its keys; and removes it. Its number is
    /// not given out again.
    ///
    /// # Errors
    /// A conflict that says how many users it has.
    pub async fn delete_organization(&self) -> Result<()> {
        let now = self.store.now;
        self.change_organization(|organization| organization.closing_at = Some(now))
            .await?;
        let users = self.count_users().await?;
        if users > 0 {
            self.change_organization(|organization| organization.closing_at = None)
                .await?;
            return Err(Error::Conflict(Conflict {
                pointer: None,
                detail: format!("the organization has {users} users; delete or move them first"),
                existing: None,
                considered: Vec::new(),
            }));
        }
        let organization = self.organization(Freshness::Strong).await?;
        self.store.revoke_keys(self.organization_id()).await?;
        let mut backoff = Backoff::default();
        loop {
            let mine = Condition::held_by(&self.organization_id().to_string());
            let writes = vec![
                Write::delete(
                    &keys::organization(self.organization_id()),
                    Condition::version(organization.version),
                ),
                Write::delete(&keys::organization_number_guard(organization.number), mine),
            ];
            match self.store.transact(writes).await {
                Ok(()) => return Ok(()),
                Err(failure) => backoff.after(failure).await?,
            }
        }
    }

    async fn count_users(&self) -> Result<usize> {
        let range = keys::users(self.organization_id());
        let users = self
            .store
            .table
            .query_all(&range, Freshness::Strong)
            .await?;
        Ok(users.len())
    }

    async fn change_organization(
        &self,
        change: impl Fn(&mut Organization),
    ) -> Result<Organization> {
        let key = keys::organization(self.organization_id());
        let index = keys::organization_index(self.organization_id());
        let mut backoff = Backoff::default();
        loop {
            let mut organization = self.organization(Freshness::Strong).await?;
            let read = organization.version;
            change(&mut organization);
            organization.version += 1;
            let item = to_item(&organization)?;
            let write = Write::put(&key, Some(&index), item, Condition::version(read));
            match self.store.transact(vec![write]).await {
                Ok(()) => return Ok(organization),
                Err(failure) => backoff.after(failure).await?,
            }
        }
    }
}
