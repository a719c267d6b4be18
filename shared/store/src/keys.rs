//! Every key of the table, written here and nowhere else.
//!
//! | Item | `pk` | `sk` | `gsi1pk` | `gsi1sk` |
//! |---|---|---|---|---|
//! | organization | `ORG#<org>` | `ORG` | `ORGS` | `<org>` |
//! | user | `ORG#<org>` | `USER#<user>` | | |
//! | user without an organization | `ORG#0` | `USER#<user>` | | |
//! | deleted user | `ORG#<org>` or `ORG#0` | `DELETED#<user>` | | |
//! | number of account managers | `ORG#<org>` | `MANAGERS` | | |
//! | team | `ORG#<org>` | `TEAM#<team>` | `PAGE#<team>` when public | `TEAM` |
//! | person of a team | `ORG#<org>` | `TEAM#<team>#USER#<user>` | `PAGE#<team>` for members | `USER#<user>` |
//! | guard of a user's address | `ORG#<org>` | `UNIQUE#EMAIL#<folded>` | | |
//! | guard of a user's extid | `ORG#<org>` | `UNIQUE#USER_EXTID#<extid>` | | |
//! | guard of a user's nickname | `ORG#<org>` | `UNIQUE#NICKNAME#<folded>` | | |
//! | guard of a team's extid | `ORG#<org>` | `UNIQUE#TEAM_EXTID#<extid>` | | |
//! | who has a nickname in an organization | `NICKNAME#<folded>` | `<org>` | | |
//! | guard of a login name | `LOGIN#<folded>` | `LOGIN` | | |
//! | guard of a user's number | `USER_NUMBER#<n>` | `NUMBER` | | |
//! | guard of an organization's number | `ORG_NUMBER#<n>` | `NUMBER` | | |
//! | sign-up token | `SIGNUP#<digest>` | `SIGNUP` | | |
//! | login attempts of a quarter of an hour | `ATTEMPTS#<digest>` | `<quarter>` | | |
//! | address that a user logged in from | `KNOWN#<digest>` | `ADDRESS` | | |
//! | mails of a day, to an address or by an organization | `MAILS#<digest>` | `<day>` | | |
//! | reminder of an event | `REMINDERS#<hour>` | `<second>#<org>#<event>` | | |
//! | session | `SESSION#<key>` | `SESSION` | | |
//! | API key | `KEY#<key>` | `KEY` | `KEYS#<org>` or `KEYS#OPERATOR` | `<key>` |
//! | counter | `COUNTER` | `USER` or `ORG` | | |
//! | event | `ORG#<org>` | `EVENT#<event>` | | |
//! | time that is kept for an event | `ORG#<org>` | `HOLD#<event>` | | |
//! | part of a user in an event | `ORG#<org>` | `PART#<user>#<end>#<event>` | `EVENTS#<org>#<user>` | `CONFIRMED#<event>` or `OPEN#<event>` |
//! | event, as it was copied to its users before there were parts | `ORG#<org>` | `INVOLVED#<user>#<event>` | | |
//! | a day of a member's agenda | `ORG#<org>` | `DAY#<user>#<day>` | | |
//! | four weeks of a member's agenda, as it was kept before there were days | `ORG#<org>` | `AGENDA#<user>#<number>` | | |
//! | ledger of a team | `ORG#<org>` | `LEDGER#<team>` | | |
//! | turns of those who book with a team | `TURNS#<org>#<team>` | `TURNS` | | |
//! | decision of a team | `ORG#<org>` | `DECISION#<team>#<number>` | | |
//! | idempotency key | `ORG#<org>` | `IDEMPOTENCY#<digest>` | | |
//! | mail to be sent, or sent lately | `ORG#<org>` | `MAIL#<mail>` | | |
//! | change | `CHANGES#<org>` | `AT#<number>` | | |
//! | number of the last change | `CHANGES#<org>` | `LAST` | | |
//! | number of the newest change of something | `CHANGES#<org>` | `OF#<kind>#<id>` | | |
//! | entry of the audit log | `AUDIT#<org>` or `AUDIT#0` | `<millisecond>#<entry>` | | |
//! | webhook | `HOOKS#<org>` | `HOOK#<hook>` | | |
//! | number of webhooks | `HOOKS#<org>` | `COUNT` | | |
//! | delivery to a webhook | `DELIVERIES#<org>` | `HOOK#<hook>#<delivery>` | | |
//! | what deliveries say of a resource | `DELIVERIES#<org>` | `BODY#<delivery>` | | |
//! | calendars of a user | `CALENDARS#<org>` | `USER#<user>` | `DUE_CALENDARS#<shard>` | `<millisecond>#<user>` |
//! | calendars of a team | `CALENDARS#<org>` | `TEAM#<team>` | `DUE_CALENDARS#<shard>` | `<millisecond>#<team>` |
//! | calendars of an organization | `CALENDARS#<org>` | `ORGANIZATION#<org>` | `DUE_CALENDARS#<shard>` | `<millisecond>#<org>` |
//!
//! | Access pattern | How |
//! |---|---|
//! | user with its organization's name | `BatchGetItem` of both |
//! | all of an organization, to export it | `Query` `pk`; its keys in `gsi1`; `BatchGetItem` of the guards that follow from its users |
//! | users of an organization, in order of creation | `Query` `pk`, `sk` begins with `USER#` |
//! | user by address, extid, nickname, login name, number | `GetItem` guard, then user |
//! | whose booking page it is, from its nickname alone | `Query` `pk`: the first |
//! | user that was deleted, from its number | `GetItem` guard, then `BatchGetItem` of both places |
//! | organization by number | `GetItem` guard, then organization |
//! | may this login be tried | `GetItem` guard, then user and address, then `UpdateItem` of the attempts |
//! | may this be mailed | `UpdateItem` of the mails; `GetItem` where not |
//! | team with its people | `Query` `pk`, `sk` begins with `TEAM#<team>` |
//! | teams with their people, in order of creation | `Query` `pk`, `sk` begins with `TEAM#` |
//! | users of a team | team with its people, then `BatchGetItem` |
//! | teams of a user | in the user: `teams` |
//! | public team, from its id alone | `Query` `gsi1` on `PAGE#<team>` |
//! | events in which a member takes part, newest first, or only the confirmed ones | `Query` `gsi1` on `EVENTS#<org>#<user>`, from `CONFIRMED#` and `OPEN#`, then `BatchGetItem` |
//! | events of an organization, newest first | `Query` `pk`, `sk` begins with `EVENT#` |
//! | events of a member that are not over, also strongly | `Query` `pk`, `sk` from `PART#<user>#<now>` on, then `BatchGetItem` |
//! | events of a member between two instants | the same, to `PART#<user>#<instant>` |
//! | what a member has reserved around a date | `BatchGetItem` of the agenda's days |
//! | whose turn it is to book with a team | `UpdateItem` for a ticket, then `GetItem` |
//! | last decisions of a team | `Query` `pk`, `sk` begins with `DECISION#<team>#` |
//! | API key or session, from its text | `GetItem` |
//! | who calls, where a cached answer will not do | `BatchGetItem` of key and user, then `ConditionCheck` of both |
//! | API keys of an organization; organizations | `Query` `gsi1` |
//! | mails to be sent | the table's stream: items made whose `sk` begins with `MAIL#` |
//! | mail | `GetItem` |
//! | reminders that are due | `Query` `pk` of each of the last hours, `sk` up to now |
//! | what changes, to be numbered and told | the table's stream: items of users, teams, events and webhooks |
//! | changes since one | `Query` `pk`, `sk` from `AT#<number>` on; then `BatchGetItem` of what changed |
//! | entries of the audit log between two instants, newest first | `Query` `pk`, `sk` from one to the other |
//! | webhooks of an organization | `Query` `pk`, `sk` begins with `HOOK#` |
//! | deliveries to a webhook, newest first | `Query` `pk`, `sk` begins with `HOOK#<hook>#` |
//! | calendars of a user | `GetItem` |
//! | calendars that are due | `Query` `gsi1` on each `DUE_CALENDARS#<shard>`, up to now |
//! | deliveries to be made | the table's stream: items made in `DELIVERIES#` |
//!
//! `<end>` is when the last date of an event ends, and sorts; behind all others
//! where it has no date. A part is small and names the event, so that a booking
//! costs little however many take part, and is written in the same transaction.
//!
//! A guard is written in the same transaction as what it guards, and holds the
//! id of what holds the value in `holder`.

mod access;
mod audit;
mod bookings;
mod calendars;
mod changes;
mod hooks;
mod idempotency;
pub mod kind;
mod mail;
mod organizations;
pub mod partition;
mod teams;
mod users;

use roster_domain::Tenancy;

use self::partition::Partition;
pub use self::{
    access::*, audit::*, bookings::*, calendars::*, changes::*, hooks::*, idempotency::*, mail::*,
    organizations::*, teams::*, users::*,
};

/// Partition key attribute.
pub const PK: &str = "pk";
/// Sort key attribute.
pub const SK: &str = "sk";
/// The one global secondary index.
pub const INDEX: &str = "gsi1";
/// The index's partition key attribute.
pub const INDEX_PK: &str = "gsi1pk";
/// The index's sort key attribute.
pub const INDEX_SK: &str = "gsi1sk";

/// The primary key of an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self {
            pk: pk.into(),
            sk: sk.into(),
        }
    }
}

/// A key of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexKey {
    /// Partition key in the index.
    pub pk: String,
    /// Sort key in the index.
    pub sk: String,
}

/// What a query reads: one partition, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// Partition key, of the table or the index.
    pub pk: String,
    /// What the sort keys begin with.
    pub sk_prefix: String,
    /// Whether this is a range of the index.
    pub index: bool,
}

/// A part of a range: from one sort key to another, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The range.
    pub range: Range,
    /// The first sort key.
    pub from: String,
    /// The last sort key.
    pub to: String,
}

/// The partition of an organization, or of the users that are in none (`/api/v1`'s
/// `org_id` 0).
fn partition(tenancy: impl Into<Tenancy>) -> String {
    match tenancy.into() {
        Tenancy::Organization(id) => Partition::Organization.of(id),
        Tenancy::None => Partition::NoOrganization.of(""),
    }
}

/// Everything that an organization has in its own partition.
#[must_use]
pub fn whole_partition(organization: impl Into<Tenancy>) -> Range {
    Range {
        pk: partition(organization),
        sk_prefix: String::new(),
        index: false,
    }
}
