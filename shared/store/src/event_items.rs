//! How an event is kept: one item, and a copy for each user who takes part, so
//! that a member's events are one query.

use std::collections::BTreeSet;

use roster_domain::{Result, UserId, event::Event};

use crate::{Tenant, condition::Condition, keys, table::to_item, transaction::Write};

impl Tenant<'_> {
    /// Writes an event as it is now. `before` is what it was, where it was.
    pub(crate) fn put_event(&self, event: &Event, before: Option<&Event>) -> Result<Vec<Write>> {
        let organization = self.organization_id();
        let condition = match before {
            Some(before) => Condition::version(before.version),
            None => Condition::absent(),
        };
        let item = to_item(event)?;
        let key = keys::event(organization, event.id);
        let mut writes = vec![Write::put(&key, None, item.clone(), condition)];
        let had: BTreeSet<UserId> = before.iter().flat_map(|before| before.users()).collect();
        let has: BTreeSet<UserId> = event.users().into_iter().collect();
        for user in &has {
            let key = keys::involved(organization, *user, event.id);
            let condition = if had.contains(user) {
                Condition::present()
            } else {
                Condition::absent()
            };
            writes.push(Write::put(&key, None, item.clone(), condition));
        }
        for user in had.difference(&has) {
            let key = keys::involved(organization, *user, event.id);
            writes.push(Write::delete(&key, Condition::present()));
        }
        Ok(writes)
    }
}
