//! Removing what an organization has, so that an older state can take its
//! place. Nobody can use what is left on the way: keys and logins go first.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use roster_domain::{OrganizationId, Result};
use roster_store::{
    Store,
    dynamodb::{
        condition::Condition, item::key_of, retry::Backoff, table::Freshness, transaction::Write,
        write_failure::Failure,
    },
    keys::{self, Key, Range, kind::Kind},
    raw::{
        self,
        belongings::{Guard, Guarded, guards_of},
    },
};

use crate::{AT_ONCE, Progress, TransferError, Watch, item, items, page, tell};

/// Which of an organization's guards go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// What lets somebody in: login names and sign-up links.
    LetIn,
    /// All that are left.
    All,
}

/// Removes all that an organization has, but its sessions and its mails. What
/// was interrupted is done by removing again.
pub(crate) async fn remove(
    store: &Store<'_>,
    organization: OrganizationId,
    watch: Watch<'_>,
) -> Result<(), TransferError> {
    let mut removal = Removal {
        store,
        organization,
        items: 0,
    };
    removal.keys(watch).await?;
    let users = keys::users(organization);
    removal.range(&users, Which::LetIn, watch).await?;
    let key = keys::organization(organization);
    let found = item(raw::table(store), &key).await?;
    if let Some(item) = found {
        let guards = guards_of(organization, Kind::Organization, &item)?;
        removal.guards(&guards).await?;
        delete(store, &key).await?;
    }
    let range = keys::whole_partition(organization);
    removal.range(&range, Which::All, watch).await
}

struct Removal<'a> {
    store: &'a Store<'a>,
    organization: OrganizationId,
    items: u64,
}

impl Removal<'_> {
    /// The index follows the table: looked at until it shows none.
    async fn keys(&mut self, watch: Watch<'_>) -> Result<(), TransferError> {
        let range = keys::api_keys(Some(self.organization));
        let mut backoff = Backoff::default();
        loop {
            let found = page(raw::table(self.store), &range, None, Freshness::Eventual).await?;
            if found.items.is_empty() {
                return Ok(());
            }
            let keys = found.items.iter().map(key_of).collect::<Result<_>>()?;
            self.delete_all(keys).await?;
            tell(watch, Progress::Removing { items: self.items })?;
            backoff.wait().await?;
        }
    }

    async fn range(
        &mut self,
        range: &Range,
        which: Which,
        watch: Watch<'_>,
    ) -> Result<(), TransferError> {
        let mut start = None;
        loop {
            let found = page(raw::table(self.store), range, start, Freshness::Strong).await?;
            let (mut guards, mut own) = (Vec::new(), Vec::new());
            for item in &found.items {
                let key = key_of(item)?;
                match Kind::of(&key, self.organization) {
                    Some(Kind::Mail) => continue,
                    Some(kind) => guards.extend(guards_of(self.organization, kind, item)?),
                    None => {}
                }
                own.push(key);
            }
            guards.retain(|guard| {
                let lets_in = matches!(guard.guarded, Guarded::Login(..) | Guarded::SignupToken(_));
                which == Which::All || lets_in
            });
            self.guards(&guards).await?;
            if which == Which::All {
                self.delete_all(own).await?;
            }
            tell(watch, Progress::Removing { items: self.items })?;
            start = found.next;
            if start.is_none() {
                return Ok(());
            }
        }
    }

    /// Guards go before what they guard, so that a removal which is resumed
    /// still knows of them.
    async fn guards(&mut self, guards: &[Guard]) -> Result<(), TransferError> {
        let wanted = guards.iter().map(|guard| guard.key.clone());
        let found = items(raw::table(self.store), wanted).await?;
        let own = guards.iter().filter(|guard| {
            let item = found.get(&guard.key);
            item.is_some_and(|item| guard.is(item))
        });
        self.delete_all(own.map(|guard| guard.key.clone()).collect())
            .await
    }

    async fn delete_all(&mut self, keys: Vec<Key>) -> Result<(), TransferError> {
        let count = keys.len() as u64;
        let store = self.store;
        let deletions = keys
            .into_iter()
            .map(|key| async move { delete(store, &key).await });
        stream::iter(deletions)
            .buffer_unordered(AT_ONCE)
            .try_collect::<Vec<()>>()
            .await?;
        self.items += count;
        Ok(())
    }
}

async fn delete(store: &Store<'_>, key: &Key) -> Result<()> {
    let mut backoff = Backoff::default();
    loop {
        match raw::transact(store, vec![Write::delete(key, Condition::none())]).await {
            Ok(()) => return Ok(()),
            Err(Failure::Error(error)) if !error.is_passing() => return Err(error),
            Err(_) => backoff.wait().await?,
        }
    }
}
