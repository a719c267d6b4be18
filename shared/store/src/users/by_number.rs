//! Users by their number (`/api/v2`'s `_id`, `/api/v1`'s `id`): guard, then user.

use roster_domain::{Error, Result, Tenancy, UserId};

use crate::{
    Store, Tenant,
    dynamodb::{
        guard::holder,
        item::{Item, from_item},
        table::Freshness,
    },
    keys,
    users::{edit::Member, guards::ORGANIZATION},
};

/// Where the user with a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Located {
    /// In which organization, if any.
    pub tenancy: Tenancy,
    /// Its id.
    pub user: UserId,
}

/// Where the user is that holds the value of a guard.
pub(crate) fn located(guard: &Item) -> Option<Located> {
    let tenancy = match guard.get(ORGANIZATION) {
        Some(value) => Tenancy::Organization(value.as_s().ok()?.parse().ok()?),
        None => Tenancy::None,
    };
    Some(Located {
        tenancy,
        user: holder(guard)?,
    })
}

impl Store<'_> {
    /// Where the user with this number is.
    ///
    /// # Errors
    /// [`Error::NotFound`] where no user has it.
    pub async fn locate(&self, number: u64) -> Result<Located> {
        let key = keys::user_number_guard(number);
        let guard = self.table.get(&key, Freshness::Strong).await?;
        guard
            .as_ref()
            .and_then(located)
            .ok_or(Error::NotFound("user"))
    }
}

impl Tenant<'_> {
    /// The id of this organization's user with a number.
    ///
    /// # Errors
    /// [`Error::NotFound`] alike for a number that nobody has and for another
    /// organization's user.
    pub async fn user_with_number(&self, number: u64) -> Result<UserId> {
        let located = self.store.locate(number).await?;
        if located.tenancy == self.tenancy() {
            Ok(located.user)
        } else {
            Err(Error::NotFound("user"))
        }
    }

    /// A user, also one that was deleted: one round trip.
    pub async fn member_or_deleted(&self, id: UserId) -> Result<Member> {
        let organization = self.tenancy();
        let wanted = [
            keys::user(organization, id),
            keys::deleted_user(organization, id),
        ];
        let organization_key = keys::organization(organization);
        let all = wanted.iter().chain([&organization_key]).cloned();
        let mut found = self.store.table.batch_get(all, Freshness::Eventual).await?;
        let user = wanted.iter().find_map(|key| found.remove(key));
        let organization = found.remove(&organization_key);
        Ok(Member {
            user: from_item(user.ok_or(Error::NotFound("user"))?)?,
            organization: organization.map(from_item).transpose()?,
        })
    }
}
