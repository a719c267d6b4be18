//! Changes of members that bookings must know of.
//!
//! A booking writes the team's ledger anyway, so what holds it to the member whom it is
//! given to stands there, and it need not check the member's own item as well: who changes
//! the hours or the time off of a member, or takes a member away, says so in the ledgers of
//! the member's teams. A booking that was decided before is then decided again; and for a
//! while, bookings read members as every write left them, because a cheaper read may still
//! show them as they were.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use roster_domain::{
    Error, Result, TeamId, UserId, bookings::agenda::decides_alike, team::TeamRole,
    users::user::User,
};
use serde::{Deserialize, Serialize};

use super::LedgerItem;
use crate::{
    Tenant,
    dynamodb::{condition::Condition, item::to_attribute, table::Freshness, transaction::Write},
    keys,
};

/// Attribute: [`LedgerItem::member_changed`].
pub(super) const MEMBER_CHANGED: &str = "member_changed";
/// How long a change counts as new: far longer than a read lags behind a write.
const NEW: SignedDuration = SignedDuration::from_mins(15);

/// A change of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MemberChange {
    user: UserId,
    /// The version of the user that it made.
    version: u64,
    at: Timestamp,
}

impl LedgerItem {
    /// How fresh members must be read beside it, where `asked` would do otherwise.
    pub(crate) fn freshness(&self, asked: Freshness, now: Timestamp) -> Freshness {
        let is_new = |change: MemberChange| now.duration_since(change.at) < NEW;
        if self.member_changed.is_some_and(is_new) {
            Freshness::Strong
        } else {
            asked
        }
    }

    /// Whether members who were read beside the one are as they were beside the other.
    pub(crate) fn has_same_members(&self, other: &Self) -> bool {
        self.member_changed == other.member_changed
    }
}

impl Tenant<'_> {
    /// Says in the ledgers of a user's teams that the user is changed, where that matters
    /// to bookings: what was decided by the user as it was is not booked any more. `after`
    /// is what the user becomes here; none where it goes.
    pub(crate) fn tell_ledgers(&self, before: &User, after: Option<&User>) -> Result<Vec<Write>> {
        let version = after.map_or(before.version + 1, |after| after.version);
        let is_alike = after.is_some_and(|after| decides_alike(before, after));
        let stays = |team: &String| after.is_some_and(|after| is_member(&after.teams, team));
        let teams = before.teams.keys();
        let told = teams.filter(|team| is_member(&before.teams, team));
        let told = told.filter(|team| !(is_alike && stays(team)));
        told.map(|team| self.tell_ledger(team, before.id, version))
            .collect()
    }

    /// As [`Tenant::tell_ledgers`], of a change that matters wherever the user is a member.
    pub(crate) fn tell_all_ledgers(
        &self,
        user: UserId,
        teams: &BTreeMap<String, TeamRole>,
        version: u64,
    ) -> Result<Vec<Write>> {
        let told = teams.keys().filter(|team| is_member(teams, team));
        told.map(|team| self.tell_ledger(team, user, version))
            .collect()
    }

    fn tell_ledger(&self, team: &str, user: UserId, version: u64) -> Result<Write> {
        let team: TeamId = team.parse().map_err(Error::internal)?;
        let at = self.store.now;
        let change = to_attribute(&MemberChange { user, version, at })?;
        let attributes = [(MEMBER_CHANGED.to_owned(), Some(change))];
        let key = keys::ledger(self.tenancy(), team);
        Ok(Write::update(&key, attributes, false, Condition::none()))
    }
}

fn is_member(teams: &BTreeMap<String, TeamRole>, team: &String) -> bool {
    teams.get(team).is_some_and(|role| role.member)
}
