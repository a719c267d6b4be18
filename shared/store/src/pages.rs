//! Booking pages: whose they are, and how often a guest may ask for something on one.

use std::net::IpAddr;

use roster_domain::{
    Error, EventId, OrganizationId, Result, UserId, access::secret::SecretDigest,
    bookings::hold::Hold, text::Nickname, users::user::User,
};

use crate::{
    Store, Tenant,
    access::rate_limit::{COUNT, network},
    dynamodb::{
        capacity::try_join_all,
        condition::Condition,
        guard::holder,
        item::{from_item, key_of},
        retry::retry,
        table::Freshness,
        transaction::Write,
    },
    keys,
};

/// What a guest may ask for in a quarter of an hour on one page, from one network.
const MOST_FROM_ADDRESS: u64 = 20;
/// What all guests of a page together may.
const MOST_ON_PAGE: u64 = 300;

impl Store<'_> {
    /// Whose booking page has a nickname for an address: one round trip. Where users of
    /// several organizations have it, that of the oldest organization.
    ///
    /// # Errors
    /// [`Error::NotFound`] where nobody has it.
    pub async fn page_owner(&self, nickname: &Nickname) -> Result<(OrganizationId, UserId)> {
        let range = keys::page_owners(nickname);
        let found = self.table.query(&range, None, Some(1), Freshness::Eventual);
        let item = found.await?.items.into_iter().next();
        let item = item.ok_or(Error::NotFound("page"))?;
        let organization = key_of(&item)?.sk.parse().map_err(Error::internal)?;
        let user = holder(&item).ok_or_else(|| Error::internal("a page has no owner"))?;
        Ok((organization, user))
    }

    /// Counts that somebody asks for something on a page. Answers whether they may: not too
    /// often.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn count_guest(&self, page: &str, address: Option<IpAddr>) -> Result<bool> {
        let (quarter, end) = self.quarter();
        let from = address.map(|address| format!("guest {page} {}", network(address)));
        let all = [(format!("page {page}"), MOST_ON_PAGE)];
        let counted = from
            .map(|from| (from, MOST_FROM_ADDRESS))
            .into_iter()
            .chain(all);
        let counted = counted.map(|(subject, most)| async move {
            let key = keys::login_attempts(&SecretDigest::of(&subject), quarter);
            self.table.add_below(&key, COUNT, most, end).await
        });
        let below = try_join_all(counted).await?;
        Ok(!below.contains(&false))
    }
}

impl Tenant<'_> {
    /// A time that is held, to be shown to whom it is held for: one round trip.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it was used, was freed, or has ended.
    pub async fn hold_shown(&self, id: EventId) -> Result<Hold> {
        let hold = self.hold_named(Some(id)).await;
        let gone = || Error::NotFound("hold");
        let hold = match hold {
            Ok(hold) => hold,
            Err(Error::Conflict(_)) => None,
            Err(error) => return Err(error),
        };
        hold.filter(|hold| hold.is_on(self.store.now))
            .ok_or_else(gone)
    }
}

/// Gives every user of a table who has a nickname a booking page that is found by it.
/// Answers how many. May be interrupted and repeated, and run while the table is in use.
///
/// # Errors
/// When the table cannot be reached.
pub async fn find_existing(store: &Store<'_>) -> Result<u64> {
    let mut done = 0;
    for id in store.organization_ids().await? {
        let tenant = store.tenant(id);
        let mut start = None;
        loop {
            let range = keys::users(id);
            let found = store
                .table
                .query(&range, start, None, Freshness::Strong)
                .await?;
            for item in found.items {
                let user: User = from_item(item)?;
                done += u64::from(tenant.find_existing_page(user.id).await?);
            }
            start = found.next;
            if start.is_none() {
                break;
            }
        }
    }
    Ok(done)
}

impl Tenant<'_> {
    async fn find_existing_page(&self, user: UserId) -> Result<bool> {
        retry!(async {
            let key = keys::user(self.tenancy(), user);
            let item = self.store.table.get(&key, Freshness::Strong).await?;
            let user: Option<User> = item.map(from_item).transpose()?;
            let Some(user) = user else {
                return Ok(false);
            };
            let Some(page) = self.page_owner(&user) else {
                return Ok(false);
            };
            let as_read = Condition::version(user.version);
            let writes = vec![
                self.put_page_owner(&page, user.id),
                Write::check(&key, as_read),
            ];
            self.store.transact(writes).await?;
            Ok(true)
        })
    }
}
