//! A team's ledger, and the decisions that made it.

pub mod assignments;
pub mod credit;
mod members;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use roster_domain::{
    EventId, Result, TeamId,
    bookings::assignment::{Considered, Credit, Decision, Ledger, Outcome},
    bookings::event::Event,
};
use serde::{Deserialize, Serialize};

use self::members::{MEMBER_CHANGED, MemberChange};
use crate::{
    Tenant,
    dynamodb::{
        condition::{Condition, VERSION},
        item::{Item, from_item, to_attribute, to_item},
        transaction::Write,
    },
    keys,
};

/// The ledger as it was read.
///
/// Every booking writes it, so it also holds bookings to the team and the members that they
/// were decided by: who changes them says so here, and a booking need not check their items
/// as well.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct LedgerItem {
    #[serde(default, skip_serializing_if = "is_new")]
    pub(crate) ledger: Ledger,
    /// None: nothing was booked yet.
    #[serde(rename = "__v", default, skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    /// The version of the team that its last change made. None: it was not changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    team_version: Option<u64>,
    /// How many waited to book with the team when this was written
    /// ([`crate::bookings::turns`]).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) waiting: u64,
    /// The last change of a member. None: none was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_changed: Option<MemberChange>,
}

/// What a team's ledger has booked: a decision, that one was taken back, or a credit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// The event that it is about; none where it is a credit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventId>,
    /// What was decided; none where a booking was only taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The decision that this one replaces, or that was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Decision>,
    /// Whether the member of the decision that this one replaces was still one
    /// of the team's. The team's members were those considered, and this one:
    /// with that, a ledger can be made again from its decisions.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replaced_stays: bool,
    /// That a booking was only taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<TakenBack>,
    /// Units that were given or taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Credit>,
    /// Who was considered.
    pub considered: Vec<Considered>,
    /// When.
    pub at: Timestamp,
}

/// A booking that was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// Its number among the team's decisions.
    pub number: u64,
    /// How the booking ended.
    pub outcome: Outcome,
}

impl DecisionRecord {
    /// Its number among the team's decisions, from 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        let decided = self.decision.as_ref().map(|decision| decision.number);
        let taken_back = self.taken_back.map(|taken_back| taken_back.number);
        let credit = self.credit.as_ref().map(|credit| credit.number);
        decided.or(taken_back).or(credit).unwrap_or_default()
    }
}

/// Attribute: [`LedgerItem::team_version`].
const TEAM_VERSION: &str = "team_version";

fn is_new(ledger: &Ledger) -> bool {
    *ledger == Ledger::default()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl LedgerItem {
    /// What was read at its key.
    pub(crate) fn read(item: Option<Item>) -> Result<Self> {
        Ok(item.map(from_item).transpose()?.unwrap_or_default())
    }

    /// Whether a team that was read beside it in this version may be gone by.
    pub(crate) fn allows(&self, version: u64) -> bool {
        self.team_version.is_none_or(|changed| version >= changed)
    }

    /// That it is as it was read.
    fn as_read(&self) -> Result<Condition> {
        let number = |number: u64| AttributeValue::N(number.to_string());
        let changed = self.member_changed.as_ref().map(to_attribute);
        let own = [
            (VERSION, self.version.map(number)),
            (TEAM_VERSION, self.team_version.map(number)),
            (MEMBER_CHANGED, changed.transpose()?),
        ];
        let names = [VERSION, TEAM_VERSION, MEMBER_CHANGED];
        let there = own.into_iter();
        let there = there.filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let there: Item = there.collect();
        if there.is_empty() {
            return Ok(Condition::absent());
        }
        Ok(Condition::unchanged(&there, &names))
    }
}

impl Tenant<'_> {
    /// The record of a decision, and of the one that it replaces. `ledger` is the one
    /// that it leads to.
    pub(crate) fn decided(
        &self,
        event: &Event,
        decision: &Decision,
        replaces: Option<&Decision>,
        ledger: &Ledger,
    ) -> DecisionRecord {
        let stays = |decision: &Decision| {
            let member = decision.member.to_string();
            ledger.accounts.contains_key(&member)
        };
        DecisionRecord {
            event: Some(event.id),
            decision: Some(decision.clone()),
            replaces: replaces.cloned(),
            replaced_stays: replaces.is_some_and(stays),
            taken_back: None,
            credit: None,
            considered: event.considered.clone(),
            at: self.store.now,
        }
    }

    /// Takes a decision back in a ledger, for a booking that ended like that.
    pub(crate) fn take_back(
        &self,
        event: EventId,
        decision: Decision,
        outcome: Outcome,
        ledger: &mut Ledger,
    ) -> DecisionRecord {
        ledger.revert(&decision);
        ledger.bookings += 1;
        let number = ledger.bookings;
        DecisionRecord {
            event: Some(event),
            decision: None,
            replaces: Some(decision),
            replaced_stays: false,
            taken_back: Some(TakenBack { number, outcome }),
            credit: None,
            considered: Vec::new(),
            at: self.store.now,
        }
    }

    /// Writes what was booked in a ledger, and the ledger that it leads to.
    pub(crate) fn put_ledger(
        &self,
        team: TeamId,
        read: &LedgerItem,
        ledger: &Ledger,
        record: &DecisionRecord,
        waiting: u64,
    ) -> Result<[Write; 2]> {
        let version = Some(read.version.map_or(0, |version| version + 1));
        let item = to_item(&LedgerItem {
            ledger: ledger.clone(),
            version,
            team_version: read.team_version,
            waiting,
            member_changed: read.member_changed,
        })?;
        let organization = self.tenancy();
        let number = keys::decision(organization, team, record.number());
        let ledger = keys::ledger(organization, team);
        Ok([
            Write::put(&ledger, None, item, read.as_read()?),
            Write::put(&number, None, to_item(record)?, Condition::absent()),
        ])
    }

    /// Says beside the ledger that a team is changed to this version, or deleted: what
    /// is decided by an earlier one is not booked any more.
    pub(crate) fn change_team(&self, team: TeamId, version: u64) -> Write {
        let number = AttributeValue::N(version.to_string());
        let changed = [(TEAM_VERSION.to_owned(), Some(number))];
        let key = keys::ledger(self.tenancy(), team);
        Write::update(&key, changed, false, Condition::none())
    }
}
