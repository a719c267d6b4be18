//! The kinds of partitions: what their keys begin with, and how a policy of IAM
//! names them (`dynamodb:LeadingKeys`).

use std::fmt::Display;

/// A kind of partition of the table or of its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Partition {
    /// Everything of an organization.
    Organization,
    /// The users without an organization.
    NoOrganization,
    /// An API key.
    Key,
    /// A session: apart from the keys, so that what makes and ends sessions can do
    /// nothing to a key.
    Session,
    /// The guard of a login name.
    Login,
    /// Who has a nickname.
    Nickname,
    /// The token of a link to finish a sign-up.
    Signup,
    /// The guard of a user's number.
    UserNumber,
    /// The guard of an organization's number.
    OrganizationNumber,
    /// The counters that numbers come from.
    Counter,
    /// Logins that were tried.
    Attempts,
    /// Addresses that an account was used from.
    Known,
    /// Who books next with a team.
    Turns,
    /// Mails that were sent.
    Mails,
    /// Reminders that are due in an hour.
    Reminders,
    /// The change feed of an organization.
    Changes,
    /// The audit log of an organization.
    Audit,
    /// The webhooks of an organization.
    Hooks,
    /// What is sent to webhooks.
    Deliveries,
    /// The calendars of an organization's users.
    Calendars,
    /// In the index: the keys of an organization, or the operator's.
    KeysOf,
    /// In the index: the page of a public team.
    Page,
    /// In the index: the events of a user.
    Events,
    /// In the index: all organizations.
    Organizations,
    /// In the index: the calendars that are to be read.
    DueCalendars,
}

impl Partition {
    /// What its partition keys look like, with `*` for any text.
    #[must_use]
    pub const fn pattern(self) -> &'static str {
        match self {
            Self::Organization => "ORG#*",
            Self::NoOrganization => "ORG#0",
            Self::Key => "KEY#*",
            Self::Session => "SESSION#*",
            Self::Login => "LOGIN#*",
            Self::Nickname => "NICKNAME#*",
            Self::Signup => "SIGNUP#*",
            Self::UserNumber => "USER_NUMBER#*",
            Self::OrganizationNumber => "ORG_NUMBER#*",
            Self::Counter => "COUNTER",
            Self::Attempts => "ATTEMPTS#*",
            Self::Known => "KNOWN#*",
            Self::Turns => "TURNS#*",
            Self::Mails => "MAILS#*",
            Self::Reminders => "REMINDERS#*",
            Self::Changes => "CHANGES#*",
            Self::Audit => "AUDIT#*",
            Self::Hooks => "HOOKS#*",
            Self::Deliveries => "DELIVERIES#*",
            Self::Calendars => "CALENDARS#*",
            Self::KeysOf => "KEYS#*",
            Self::Page => "PAGE#*",
            Self::Events => "EVENTS#*",
            Self::Organizations => "ORGS",
            Self::DueCalendars => "DUE_CALENDARS#*",
        }
    }

    /// What names a partition of this kind, read back from its key; none where the key is of
    /// another kind.
    ///
    /// ```
    /// # use roster_store::keys::partition::Partition;
    /// assert_eq!(Partition::Hooks.id_in("HOOKS#7"), Some("7"));
    /// assert_eq!(Partition::Hooks.id_in("ORG#7"), None);
    /// ```
    #[must_use]
    pub fn id_in(self, pk: &str) -> Option<&str> {
        pk.strip_prefix(self.pattern().strip_suffix('*')?)
    }

    /// The partition of this kind that `id` names. One that is alone of its kind
    /// has no other name.
    ///
    /// ```
    /// # use roster_store::keys::partition::Partition;
    /// assert_eq!(Partition::UserNumber.of(7), "USER_NUMBER#7");
    /// assert_eq!(Partition::Counter.of(""), "COUNTER");
    /// ```
    #[must_use]
    pub fn of(self, id: impl Display) -> String {
        match self.pattern().strip_suffix('*') {
            Some(prefix) => format!("{prefix}{id}"),
            None => self.pattern().to_owned(),
        }
    }
}
