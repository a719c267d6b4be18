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
//! | guard of a login name | `LOGIN#<folded>` | `LOGIN` | | |
//! | guard of a user's number | `USER_NUMBER#<n>` | `NUMBER` | | |
//! | guard of an organization's number | `ORG_NUMBER#<n>` | `NUMBER` | | |
//! | sign-up token | `SIGNUP#<digest>` | `SIGNUP` | | |
//! | login attempts of a quarter of an hour | `ATTEMPTS#<digest>` | `<quarter>` | | |
//! | address that a user logged in from | `KNOWN#<digest>` | `ADDRESS` | | |
//! | mails of a day, to an address or by an organization | `MAILS#<digest>` | `<day>` | | |
//! | session | `KEY#<key>` | `KEY` | | |
//! | API key | `KEY#<key>` | `KEY` | `KEYS#<org>` or `KEYS#OPERATOR` | `<key>` |
//! | counter | `COUNTER` | `USER` or `ORG` | | |
//! | event | `ORG#<org>` | `EVENT#<event>` | | |
//! | part of a user in an event | `ORG#<org>` | `PART#<user>#<end>#<event>` | `EVENTS#<org>#<user>` | `CONFIRMED#<event>` or `OPEN#<event>` |
//! | event, as it was copied to its users before there were parts | `ORG#<org>` | `INVOLVED#<user>#<event>` | | |
//! | four weeks of a member's reservations | `ORG#<org>` | `AGENDA#<user>#<bucket>` | | |
//! | ledger of a team | `ORG#<org>` | `LEDGER#<team>` | | |
//! | decision of a team | `ORG#<org>` | `DECISION#<team>#<number>` | | |
//! | idempotency key | `ORG#<org>` | `IDEMPOTENCY#<digest>` | | |
//! | mail to be sent, or sent lately | `ORG#<org>` | `MAIL#<mail>` | | |
//!
//! | Access pattern | How |
//! |---|---|
//! | user with its organization's name | `BatchGetItem` of both |
//! | all of an organization, to export it | `Query` `pk`; its keys in `gsi1`; `BatchGetItem` of the guards that follow from its users |
//! | users of an organization, in order of creation | `Query` `pk`, `sk` begins with `USER#` |
//! | user by address, extid, nickname, login name, number | `GetItem` guard, then user |
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
//! | events of a member that are not over, also strongly | `Query` `pk`, `sk` from `PART#<user>#<now>` on, then `BatchGetItem` |
//! | events of a member between two instants | the same, to `PART#<user>#<instant>` |
//! | what a member has reserved around a date | `BatchGetItem` of the agenda's buckets |
//! | last decisions of a team | `Query` `pk`, `sk` begins with `DECISION#<team>#` |
//! | API key, from its text | `GetItem` |
//! | who calls, where a cached answer will not do | `BatchGetItem` of key and user, then `ConditionCheck` of both |
//! | API keys of an organization; organizations | `Query` `gsi1` |
//! | mails to be sent | the table's stream: items made whose `sk` begins with `MAIL#` |
//! | mail | `GetItem` |
//!
//! `<end>` is when the last date of an event ends, and sorts; behind all others
//! where it has no date. A part is small and names the event, so that a booking
//! costs little however many take part, and is written in the same transaction.
//!
//! A guard is written in the same transaction as what it guards, and holds the
//! id of what holds the value in `holder`.

pub mod kind;
pub mod partition;

use jiff::Timestamp;

use self::partition::Partition;
use roster_domain::{
    EventId, KeyId, MailId, OrganizationId, TeamId, Tenancy, UserId,
    access::secret::SecretDigest,
    text::{Email, ExternalId, LoginName, Nickname},
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

/// An organization.
#[must_use]
pub fn organization(id: impl Into<Tenancy>) -> Key {
    Key::new(partition(id), "ORG")
}

/// An organization in the list of all.
#[must_use]
pub fn organization_index(id: OrganizationId) -> IndexKey {
    IndexKey {
        pk: Partition::Organizations.of(""),
        sk: id.to_string(),
    }
}

/// All organizations.
#[must_use]
pub fn organizations() -> Range {
    Range {
        pk: Partition::Organizations.of(""),
        sk_prefix: String::new(),
        index: true,
    }
}

/// A user.
#[must_use]
pub fn user(organization: impl Into<Tenancy>, id: UserId) -> Key {
    Key::new(partition(organization), format!("USER#{id}"))
}

/// A user that was deleted.
#[must_use]
pub fn deleted_user(organization: impl Into<Tenancy>, id: UserId) -> Key {
    Key::new(partition(organization), format!("DELETED#{id}"))
}

/// How many users can manage the organization's account.
#[must_use]
pub fn account_managers(organization: impl Into<Tenancy>) -> Key {
    Key::new(partition(organization), "MANAGERS")
}

/// The users of an organization, in order of creation.
#[must_use]
pub fn users(organization: impl Into<Tenancy>) -> Range {
    Range {
        pk: partition(organization),
        sk_prefix: "USER#".into(),
        index: false,
    }
}

/// A team, without its people.
#[must_use]
pub fn team(organization: impl Into<Tenancy>, id: TeamId) -> Key {
    Key::new(partition(organization), format!("TEAM#{id}"))
}

/// A public team on its page.
#[must_use]
pub fn page(id: TeamId) -> IndexKey {
    IndexKey {
        pk: Partition::Page.of(id),
        sk: "TEAM".into(),
    }
}

/// A person of a team.
#[must_use]
pub fn person(organization: impl Into<Tenancy>, team: TeamId, user: UserId) -> Key {
    Key::new(partition(organization), format!("TEAM#{team}#USER#{user}"))
}

/// A member on a team's page.
#[must_use]
pub fn page_member(team: TeamId, user: UserId) -> IndexKey {
    IndexKey {
        pk: Partition::Page.of(team),
        sk: format!("USER#{user}"),
    }
}

/// A team and its members, as its page shows them.
#[must_use]
pub fn whole_page(team: TeamId) -> Range {
    Range {
        pk: Partition::Page.of(team),
        sk_prefix: String::new(),
        index: true,
    }
}

/// A team with its people.
#[must_use]
pub fn team_with_people(organization: impl Into<Tenancy>, id: TeamId) -> Range {
    Range {
        pk: partition(organization),
        sk_prefix: format!("TEAM#{id}"),
        index: false,
    }
}

/// The teams of an organization with their people, in order of creation.
#[must_use]
pub fn teams(organization: impl Into<Tenancy>) -> Range {
    Range {
        pk: partition(organization),
        sk_prefix: "TEAM#".into(),
        index: false,
    }
}

/// A key behind the last person of a team and before the next team: where the
/// list of teams goes on.
#[must_use]
pub fn behind_team(organization: impl Into<Tenancy>, id: TeamId) -> Key {
    // '~' sorts behind every character of a person's sort key.
    Key::new(partition(organization), format!("TEAM#{id}#~"))
}

/// Guard of a user's address.
#[must_use]
pub fn email_guard(organization: impl Into<Tenancy>, email: &Email) -> Key {
    Key::new(
        partition(organization),
        format!("UNIQUE#EMAIL#{}", email.folded()),
    )
}

/// Guard of a user's external id.
#[must_use]
pub fn user_extid_guard(organization: impl Into<Tenancy>, extid: &ExternalId) -> Key {
    Key::new(
        partition(organization),
        format!("UNIQUE#USER_EXTID#{extid}"),
    )
}

/// Guard of a user's nickname.
#[must_use]
pub fn nickname_guard(organization: impl Into<Tenancy>, nickname: &Nickname) -> Key {
    Key::new(
        partition(organization),
        format!("UNIQUE#NICKNAME#{}", nickname.folded()),
    )
}

/// Guard of a team's external id.
#[must_use]
pub fn team_extid_guard(organization: impl Into<Tenancy>, extid: &ExternalId) -> Key {
    Key::new(
        partition(organization),
        format!("UNIQUE#TEAM_EXTID#{extid}"),
    )
}

/// Guard of a login name, across organizations.
#[must_use]
pub fn login_guard(name: &LoginName) -> Key {
    Key::new(Partition::Login.of(name.folded()), "LOGIN")
}

/// How often something was tried in a quarter of an hour. The digest is of what
/// is limited, so that the table names neither accounts nor addresses.
#[must_use]
pub fn login_attempts(subject: &SecretDigest, quarter: i64) -> Key {
    Key::new(
        Partition::Attempts.of(subject.as_hex()),
        quarter.to_string(),
    )
}

/// How much was mailed on a day. The digest is of what is limited, so that the
/// table does not list who was mailed.
#[must_use]
pub fn mails_of_day(subject: &SecretDigest, day: i64) -> Key {
    Key::new(Partition::Mails.of(subject.as_hex()), day.to_string())
}

/// An address that a user logged in from: the digest is of both.
#[must_use]
pub fn known_address(pair: &SecretDigest) -> Key {
    Key::new(Partition::Known.of(pair.as_hex()), "ADDRESS")
}

/// Guard of a user's number, across organizations.
#[must_use]
pub fn user_number_guard(number: u64) -> Key {
    Key::new(Partition::UserNumber.of(number), "NUMBER")
}

/// Guard of an organization's number.
#[must_use]
pub fn organization_number_guard(number: u64) -> Key {
    Key::new(Partition::OrganizationNumber.of(number), "NUMBER")
}

/// A link to finish a sign-up.
#[must_use]
pub fn signup_token(token: &SecretDigest) -> Key {
    Key::new(Partition::Signup.of(token.as_hex()), "SIGNUP")
}

/// An API key.
#[must_use]
pub fn api_key(id: KeyId) -> Key {
    Key::new(Partition::Key.of(id), "KEY")
}

fn key_list(organization: Option<OrganizationId>) -> String {
    let of = Partition::KeysOf;
    organization.map_or_else(|| of.of("OPERATOR"), |id| of.of(id))
}

/// An API key in the list of its organization, or of the operator.
#[must_use]
pub fn api_key_index(organization: Option<OrganizationId>, id: KeyId) -> IndexKey {
    IndexKey {
        pk: key_list(organization),
        sk: id.to_string(),
    }
}

/// The API keys of an organization, or of the operator.
#[must_use]
pub fn api_keys(organization: Option<OrganizationId>) -> Range {
    Range {
        pk: key_list(organization),
        sk_prefix: String::new(),
        index: true,
    }
}

/// The counter that numbers users.
#[must_use]
pub fn user_counter() -> Key {
    Key::new(Partition::Counter.of(""), "USER")
}

/// The counter that numbers organizations.
#[must_use]
pub fn organization_counter() -> Key {
    Key::new(Partition::Counter.of(""), "ORG")
}

/// An event.
#[must_use]
pub fn event(organization: impl Into<Tenancy>, id: EventId) -> Key {
    Key::new(partition(organization), format!("EVENT#{id}"))
}

/// Part of a user in an event.
#[must_use]
pub fn part(
    organization: impl Into<Tenancy>,
    user: UserId,
    end: Option<Timestamp>,
    event: EventId,
) -> Key {
    let end = end.map_or_else(|| NEVER.to_owned(), sortable);
    Key::new(
        partition(organization),
        format!("PART#{user}#{end}#{event}"),
    )
}

/// The events of a user that end after an instant, the first to end first, and
/// those without a date.
#[must_use]
pub fn parts_after(organization: impl Into<Tenancy>, user: UserId, instant: Timestamp) -> Stretch {
    let sk_prefix = format!("PART#{user}#");
    let after = milliseconds(instant) + 1;
    Stretch {
        from: format!("{sk_prefix}{after:015}"),
        to: format!("{sk_prefix}{BEHIND}"),
        range: Range {
            pk: partition(organization),
            sk_prefix,
            index: false,
        },
    }
}

/// A user's part in an event, where it is listed in order of creation.
#[must_use]
pub fn part_index(
    organization: impl Into<Tenancy>,
    user: UserId,
    confirmed: bool,
    event: EventId,
) -> IndexKey {
    let status = status(confirmed);
    IndexKey {
        pk: Partition::Events.of(format_args!("{}#{user}", organization.into())),
        sk: format!("{status}#{event}"),
    }
}

/// The events of a user that are confirmed, or that are not, in order of
/// creation, up to and including one.
#[must_use]
pub fn parts_in_order(
    organization: impl Into<Tenancy>,
    user: UserId,
    confirmed: bool,
    last: Option<EventId>,
) -> Stretch {
    let sk_prefix = format!("{}#", status(confirmed));
    let to = match last {
        Some(event) => format!("{sk_prefix}{event}"),
        None => format!("{sk_prefix}{BEHIND}"),
    };
    Stretch {
        from: sk_prefix.clone(),
        to,
        range: Range {
            pk: Partition::Events.of(format_args!("{}#{user}", organization.into())),
            sk_prefix,
            index: true,
        },
    }
}

fn status(confirmed: bool) -> &'static str {
    if confirmed { "CONFIRMED" } else { "OPEN" }
}

/// Sorts behind every digit and letter of an id.
const BEHIND: &str = "~";
/// Where events without a date stand: behind every instant.
const NEVER: &str = "999999999999999";

/// Milliseconds since a time before all others, begun ones counted as whole.
fn milliseconds(instant: Timestamp) -> i64 {
    let begun = i64::from(instant.subsec_nanosecond().rem_euclid(1_000_000) != 0);
    400_000_000_000_000
        + instant.as_second() * 1_000
        + i64::from(instant.subsec_nanosecond().div_euclid(1_000_000))
        + begun
}

/// An instant as text that sorts.
fn sortable(instant: Timestamp) -> String {
    format!("{:015}", milliseconds(instant))
}

/// The events as they were copied to their users before there were parts.
#[must_use]
pub fn involvements(organization: impl Into<Tenancy>) -> Range {
    Range {
        pk: partition(organization),
        sk_prefix: "INVOLVED#".into(),
        index: false,
    }
}

/// An event as it was copied to a user before there were parts.
#[must_use]
pub fn involved(organization: impl Into<Tenancy>, user: UserId, event: EventId) -> Key {
    Key::new(partition(organization), format!("INVOLVED#{user}#{event}"))
}

/// The event that such a copy is of.
#[must_use]
pub fn involved_event(key: &Key) -> Option<EventId> {
    let (_, event) = key.sk.strip_prefix("INVOLVED#")?.split_once('#')?;
    event.parse().ok()
}

/// Part of a member's agenda. Buckets are numbered from the year 0 on, so that
/// their keys sort.
#[must_use]
pub fn agenda(organization: impl Into<Tenancy>, user: UserId, bucket: i64) -> Key {
    let number = bucket + 100_000;
    Key::new(
        partition(organization),
        format!("AGENDA#{user}#{number:06}"),
    )
}

/// The ledger of a team.
#[must_use]
pub fn ledger(organization: impl Into<Tenancy>, team: TeamId) -> Key {
    Key::new(partition(organization), format!("LEDGER#{team}"))
}

/// A decision of a team.
#[must_use]
pub fn decision(organization: impl Into<Tenancy>, team: TeamId, number: u64) -> Key {
    Key::new(
        partition(organization),
        format!("DECISION#{team}#{number:012}"),
    )
}

/// The decisions of a team, in their order.
#[must_use]
pub fn decisions(organization: impl Into<Tenancy>, team: TeamId) -> Range {
    Range {
        pk: partition(organization),
        sk_prefix: format!("DECISION#{team}#"),
        index: false,
    }
}

/// An idempotency key.
#[must_use]
pub fn idempotency(organization: impl Into<Tenancy>, key: &SecretDigest) -> Key {
    Key::new(
        partition(organization),
        format!("IDEMPOTENCY#{}", key.as_hex()),
    )
}

/// What the sort key of a mail begins with. infra/template.yaml names it too.
const MAIL: &str = "MAIL#";

/// A mail.
#[must_use]
pub fn mail(organization: impl Into<Tenancy>, id: MailId) -> Key {
    Key::new(partition(organization), format!("{MAIL}{id}"))
}

/// The mail that a key is of; none where it is the key of something else.
#[must_use]
pub fn mail_of(key: &Key) -> Option<(OrganizationId, MailId)> {
    let organization = key.pk.strip_prefix("ORG#")?.parse().ok()?;
    let id = key.sk.strip_prefix(MAIL)?.parse().ok()?;
    Some((organization, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_ahead_until_its_event_has_ended() {
        let (organization, user) = ("5f0d7eb02003d0f6e32a9622", "5eecc40bb2181073ac6ff375");
        let organization: OrganizationId = organization.parse().expect("an id");
        let user = user.parse().expect("an id");
        let event = "5f0d7eb02003d0174a2a961c".parse().expect("an id");
        let now: Timestamp = "2026-07-16T09:00:00.25Z".parse().expect("an instant");
        let ahead = parts_after(organization, user, now);
        let is_ahead = |end: Option<&str>| {
            let end = end.map(|end| end.parse().expect("an instant"));
            let key = part(organization, user, end, event);
            ahead.from <= key.sk && key.sk <= ahead.to
        };
        assert!(!is_ahead(Some("2026-07-16T09:00:00.249Z")));
        assert!(!is_ahead(Some("2026-07-16T09:00:00.25Z")));
        assert!(is_ahead(Some("2026-07-16T09:00:00.2500001Z")));
        assert!(is_ahead(Some("2026-07-16T09:00:00.251Z")));
        assert!(!is_ahead(Some("-009999-01-03T00:00:00Z")));
        assert!(!is_ahead(Some("1969-12-31T23:59:59.5Z")));
        assert!(is_ahead(Some("9999-12-30T00:00:00Z")));
        assert!(is_ahead(None));
    }
}
