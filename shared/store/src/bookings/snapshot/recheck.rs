//! Refusing only where nobody could take it at one and the same moment.
//!
//! Items are read one after another. An event that is handed over meanwhile can
//! be found with the member who had it and with the one who has it now: both
//! look busy, though one of them was free all the time. So what such an answer rests
//! on is read once more: what is the same in both was so at once, after the
//! first and before the second.

use roster_domain::{Error, Result};

use crate::{
    Tenant,
    bookings::snapshot::{People, Team},
    dynamodb::{
        capacity::try_join, condition::is_version, table::Freshness, write_failure::Failure,
    },
    keys::{self, Key},
};

impl Tenant<'_> {
    /// The error, or that what it was decided from has changed: one round
    /// trip. `event` is the one that was to be moved, in the version that was
    /// read.
    pub(crate) async fn refuse(
        &self,
        error: Error,
        team: &Team,
        people: &People,
        event: Option<(Key, u64)>,
    ) -> Failure {
        match self.is_unchanged(team, people, event).await {
            Ok(true) => error.into(),
            Ok(false) => Failure::Stale,
            Err(error) => error.into(),
        }
    }

    async fn is_unchanged(
        &self,
        team: &Team,
        people: &People,
        event: Option<(Key, u64)>,
    ) -> Result<bool> {
        let organization = self.tenancy();
        let users = people.agendas.keys().filter_map(|id| people.users.get(id));
        let versions: Vec<_> = users
            .map(|user| (keys::user(organization, user.id), user.version))
            .chain(event)
            .collect();
        let agendas = people.agendas.values();
        let keys = versions
            .iter()
            .map(|(key, _)| key.clone())
            .chain(agendas.clone().flat_map(|agenda| agenda.own_keys(*self)));
        let (stored, found) = try_join(
            self.stored_team(team.stored.team.id, Freshness::Strong),
            self.store.table.batch_get(keys, Freshness::Strong),
        )
        .await?;
        // A user's own write may add a member without another version.
        let same_team =
            stored.team.version == team.stored.team.version && stored.members() == team.members;
        let same_items = versions.iter().all(|(key, version)| {
            found
                .get(key)
                .is_some_and(|item| is_version(item, *version))
        });
        let mut unchanged = same_team && same_items;
        for agenda in agendas {
            unchanged &= !agenda.has_released(*self, &found)?;
        }
        Ok(unchanged)
    }
}
