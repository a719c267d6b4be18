//! Putting what there was before the feed into it.

use roster_domain::{
    Result,
    changes::{Resource, ResourceKind, action::Action},
};

use super::{NewChange, Sequence};
use crate::{
    Store, Tenant,
    dynamodb::{
        item::key_of,
        table::{Freshness, query::Order},
    },
    keys::{self, Range},
};

/// Resources that one transaction puts into the feed.
const AT_ONCE: usize = 20;
/// Items that are read at once.
const PAGE: usize = 500;

/// Gives everything that a table has, and that no change is known of, one in the feed. May
/// be interrupted and repeated, and run while the table is in use. Answers how many it gave.
///
/// # Errors
/// When the table cannot be reached.
pub async fn note_existing(store: &Store<'_>) -> Result<u64> {
    let mut noted = 0;
    for id in store.organization_ids().await? {
        let tenant = store.tenant(id);
        for range in [
            keys::users(id),
            keys::teams(id),
            keys::events(id, None).range,
            keys::hooks(id),
        ] {
            noted += tenant.note_range(&range).await?;
        }
    }
    Ok(noted)
}

impl Tenant<'_> {
    async fn note_range(&self, range: &Range) -> Result<u64> {
        let (mut start, mut noted) = (None, 0);
        loop {
            let found = self.store.table.query_in(
                Order::Ascending,
                range,
                start,
                Some(PAGE),
                Freshness::Strong,
            );
            let found = found.await?;
            let mut changes = Vec::new();
            for item in &found.items {
                let key = key_of(item)?;
                // People of a team are part of it.
                let is_person = keys::resource_of(&key)
                    .is_some_and(|(_, one)| one.kind == ResourceKind::Team && !keys::is_team(&key));
                if let Some((_, resource)) = keys::resource_of(&key).filter(|_| !is_person) {
                    changes.push(self.existing(resource));
                }
            }
            for changes in changes.chunks(AT_ONCE) {
                // Nothing that is known has a newer change by this.
                let given = self.note_changes(changes, 0).await?;
                noted += u64::try_from(given).unwrap_or_default();
            }
            start = found.next;
            if start.is_none() {
                return Ok(noted);
            }
        }
    }

    fn existing(&self, resource: Resource) -> NewChange {
        let action = match resource.kind {
            ResourceKind::User => Action::UserJoined,
            ResourceKind::Team => Action::TeamCreated,
            ResourceKind::Event => Action::EventCreated,
            ResourceKind::Hook => Action::HookCreated,
        };
        NewChange {
            at: self.store.now,
            actions: vec![action],
            resource,
            deleted: false,
            sequence: Sequence::none(),
            body: String::new(),
            told: Vec::new(),
        }
    }
}
