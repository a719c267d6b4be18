//! Reading a team's ledger with its last decisions.

use roster_domain::{Result, TeamId, bookings::assignment::Ledger};

use super::{DecisionRecord, LedgerItem};
use crate::{
    Tenant,
    dynamodb::{
        capacity::try_join3,
        item::from_item,
        table::{Freshness, query::Order},
    },
    keys,
};

/// Decisions that are shown.
const LAST_DECISIONS: usize = 50;

impl Tenant<'_> {
    /// A team's ledger and its last decisions, newest first: one round trip, or
    /// two where the decisions are large.
    pub async fn assignments(&self, team: TeamId) -> Result<(Ledger, Vec<DecisionRecord>)> {
        let range = keys::decisions(self.tenancy(), team);
        let ledger = keys::ledger(self.tenancy(), team);
        let (_, ledger, found) = try_join3(
            self.stored_team(team, Freshness::Eventual),
            self.store.table.get(&ledger, Freshness::Eventual),
            self.store.table.query_in(
                Order::Descending,
                &range,
                None,
                Some(LAST_DECISIONS),
                Freshness::Eventual,
            ),
        )
        .await?;
        let decisions = found.items.into_iter().map(from_item);
        let mut decisions = decisions.collect::<Result<Vec<DecisionRecord>>>()?;
        if let (Some(_), Some(last)) = (found.next, decisions.last()) {
            // A query ends at 1 MB, and a decision says something of every
            // member. The numbers of those before have no gaps.
            let missing = LAST_DECISIONS.saturating_sub(decisions.len());
            let numbers = (1..last.number()).rev().take(missing);
            let key = |number| keys::decision(self.tenancy(), team, number);
            let wanted: Vec<_> = numbers.map(key).collect();
            let mut found = self
                .store
                .table
                .batch_get(wanted.iter().cloned(), Freshness::Eventual)
                .await?;
            for item in wanted.iter().filter_map(|key| found.remove(key)) {
                decisions.push(from_item(item)?);
            }
        }
        Ok((LedgerItem::read(ledger)?.ledger, decisions))
    }
}
