//! What a key is of: [`super`] read backwards.

use roster_domain::{EventId, KeyId, OrganizationId, TeamId, UserId};

use super::{IndexKey, Key};

/// What the items of an organization's partition begin with whose keys say no
/// more than that, and what such items hold.
const OTHERS: [(&str, Content); 9] = [
    ("UNIQUE#", Content::Holder),
    ("EVENT#", Content::Event),
    ("HOLD#", Content::Hold),
    ("INVOLVED#", Content::Event),
    ("DAY#", Content::AgendaDay),
    ("AGENDA#", Content::AgendaWeeks),
    ("LEDGER#", Content::Ledger),
    ("DECISION#", Content::Decision),
    ("IDEMPOTENCY#", Content::Idempotency),
];

/// What an item holds whose key says no more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The number of account managers.
    Managers,
    /// Who has something that is unique in the organization.
    Holder,
    /// An event, or a copy of one.
    Event,
    /// A time that is kept for an event.
    Hold,
    /// A day of a member's agenda.
    AgendaDay,
    /// Four weeks of a member's agenda, as an earlier release kept it.
    AgendaWeeks,
    /// The ledger of a team.
    Ledger,
    /// A decision of a team.
    Decision,
    /// An idempotency key.
    Idempotency,
}

/// What the key of an item that belongs to an organization is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The organization.
    Organization,
    /// A user.
    User(UserId),
    /// A user that was deleted.
    DeletedUser(UserId),
    /// A team.
    Team(TeamId),
    /// A person of a team.
    Person(TeamId, UserId),
    /// Part of a user in an event.
    Part(UserId, EventId),
    /// A mail.
    Mail,
    /// Something else in the organization's partition.
    Other(Content),
    /// An API key.
    ApiKey(KeyId),
    /// A guard outside the partition: of a login name, of a nickname, of a number, or of
    /// a sign-up token.
    Guard,
}

impl Kind {
    /// What this is the key of; none where it is in another partition, or is
    /// the key of nothing that this release knows.
    #[must_use]
    pub fn of(key: &Key, organization: OrganizationId) -> Option<Self> {
        if key.pk == super::partition(organization) {
            return Self::in_partition(key, organization);
        }
        let (kind, id) = key.pk.split_once('#')?;
        match (kind, key.sk.as_str()) {
            ("KEY", "KEY") => id.parse().ok().map(Self::ApiKey),
            ("NICKNAME", own) if own == organization.to_string() => Some(Self::Guard),
            ("LOGIN", "LOGIN")
            | ("SIGNUP", "SIGNUP")
            | ("USER_NUMBER" | "ORG_NUMBER", "NUMBER") => Some(Self::Guard),
            _ => None,
        }
    }

    fn in_partition(key: &Key, organization: OrganizationId) -> Option<Self> {
        let sk = key.sk.as_str();
        if *key == super::organization(organization) {
            return Some(Self::Organization);
        }
        if *key == super::account_managers(organization) {
            return Some(Self::Other(Content::Managers));
        }
        let mut others = OTHERS.iter();
        if let Some((_, content)) = others.find(|(prefix, _)| sk.starts_with(prefix)) {
            return Some(Self::Other(*content));
        }
        if sk.starts_with(super::mail::MAIL) {
            return Some(Self::Mail);
        }
        let (kind, id) = sk.split_once('#')?;
        match (kind, id.split_once("#USER#")) {
            ("USER", _) => id.parse().ok().map(Self::User),
            ("PART", _) => {
                let (user, rest) = id.split_once('#')?;
                let (_, event) = rest.split_once('#')?;
                Some(Self::Part(user.parse().ok()?, event.parse().ok()?))
            }
            ("DELETED", _) => id.parse().ok().map(Self::DeletedUser),
            ("TEAM", None) => id.parse().ok().map(Self::Team),
            ("TEAM", Some((team, user))) => {
                Some(Self::Person(team.parse().ok()?, user.parse().ok()?))
            }
            _ => None,
        }
    }

    /// Where in the index such an item may be: in one of these places and
    /// nowhere else, and not necessarily there.
    #[must_use]
    pub fn indexes(self, organization: OrganizationId) -> Vec<IndexKey> {
        match self {
            Self::Organization => vec![super::organization_index(organization)],
            Self::Team(team) => vec![super::page(team)],
            Self::Person(team, user) => vec![super::page_member(team, user)],
            Self::ApiKey(key) => vec![super::api_key_index(Some(organization), key)],
            Self::Part(user, event) => [true, false]
                .map(|confirmed| super::part_index(organization, user, confirmed, event))
                .to_vec(),
            Self::User(_) | Self::DeletedUser(_) | Self::Mail | Self::Other(_) | Self::Guard => {
                Vec::new()
            }
        }
    }
}

#[cfg(test)]
mod tests;
