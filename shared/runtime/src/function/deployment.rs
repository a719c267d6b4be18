//! What a function needs where it is deployed, beyond its routes. `infra/generate`
//! makes its part of the template of it. No binary carries it: nothing that runs
//! refers to it.

pub use super::variable::Variable;
pub use roster_store::keys::partition::Partition;

use std::time::Duration;

use crate::Route;

/// What a function needs.
#[derive(Debug, Clone, Copy)]
pub struct Needs {
    /// What its role may do: exactly what its code does. The tests record what
    /// that is, and the two are compared.
    pub grants: &'static [Grant],
    /// What stands in its environment, besides what every function has.
    pub variables: &'static [Variable],
    /// Most round trips to DynamoDB one after another, for one thing or one page, and
    /// where no race is lost. What it reads of the caller's authority is among them.
    pub round_trips: u32,
    /// How much memory it has, and with it how much of a processor.
    pub memory: Memory,
    /// How long it may run.
    pub timeout: Timeout,
    /// Whether no more of it run at once than the parameter `LoginConcurrency`
    /// says.
    pub limited: bool,
    /// Whether a gradual deployment moves traffic to a new version bit by bit.
    /// Others get it at once: each one costs three resources of the stack.
    pub gradual: bool,
}

impl Needs {
    /// Nothing.
    pub const NONE: Self = Self {
        grants: &[],
        variables: &[],
        round_trips: 0,
        memory: Memory::Default,
        timeout: Timeout::Default,
        limited: false,
        gradual: false,
    };
}

/// A right of a function's role: one statement of its policy. All partitions of
/// an action stand in one, because the condition holds every key of a batch or a
/// transaction to the same statement.
#[derive(Debug, Clone, Copy)]
pub enum Grant {
    /// Actions on items of the table.
    Table {
        /// The actions.
        actions: &'static [Action],
        /// On items of these partitions.
        partitions: &'static [Partition],
        /// And, where there are any, no other attributes than these.
        attributes: &'static [&'static str],
    },
    /// Queries of the index.
    Index(&'static [Partition]),
    /// Sealing for these purposes.
    Seal(&'static [Purpose]),
    /// Having people's own calendars read.
    ReadCalendars,
    /// Reading and writing the secret with the operator's key.
    AdminKeySecret,
}

/// Actions on items of these partitions.
#[must_use]
pub const fn table(actions: &'static [Action], partitions: &'static [Partition]) -> Grant {
    Grant::Table {
        actions,
        partitions,
        attributes: &[],
    }
}

/// As [`table`], on these attributes alone: for a function that updates items
/// without ever putting one, so that it changes no password and no permission.
#[must_use]
pub const fn attributes(
    actions: &'static [Action],
    partitions: &'static [Partition],
    attributes: &'static [&'static str],
) -> Grant {
    Grant::Table {
        actions,
        partitions,
        attributes,
    }
}

/// Reading a key and its user in the present, and holding a transaction to them:
/// what every operation does that is declared with
/// [`Authority::Present`](crate::function::route::Authority::Present).
pub const STANDING: Grant = table(
    &[Action::BatchGetItem, Action::ConditionCheckItem],
    &[Partition::Key, Partition::Session, Partition::Organization],
);

/// As [`STANDING`], for what only the operator does, who is no user.
pub const STANDING_OF_OPERATOR: Grant = table(
    &[Action::BatchGetItem, Action::ConditionCheckItem],
    &[Partition::Key],
);

/// Waiting for one's turn to book with a team.
pub const TAKE_TURNS: Grant = table(&[Action::GetItem, Action::UpdateItem], &[Partition::Turns]);

/// Counting the mails of a day.
pub const COUNT_MAILS: Grant = table(&[Action::GetItem, Action::UpdateItem], &[Partition::Mails]);

/// An action of DynamoDB on items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Reads some items.
    BatchGetItem,
    /// Holds a transaction to an item.
    ConditionCheckItem,
    /// Deletes an item.
    DeleteItem,
    /// Reads an item.
    GetItem,
    /// Writes a whole item.
    PutItem,
    /// Reads items of one partition.
    Query,
    /// Changes an item.
    UpdateItem,
}

/// What something is sealed for (the encryption context's key).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Calendar credentials of a user.
    User,
    /// Those of a team.
    Team,
    /// Those of an organization.
    Organization,
    /// A mail.
    Mail,
    /// What signs a webhook's deliveries.
    Hook,
}

/// How much memory a function has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// The parameter `MemorySize`.
    Default,
    /// The parameter `PasswordMemorySize`: it hashes passwords.
    Passwords,
}

/// How long a function may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeout {
    /// As every function.
    Default,
    /// These many seconds.
    Seconds(u32),
}

impl Timeout {
    /// Of every function that declares none, in seconds.
    pub const DEFAULT: u32 = 10;

    /// How long it is.
    #[must_use]
    pub const fn duration(self) -> Duration {
        let seconds = match self {
            Self::Default => Self::DEFAULT,
            Self::Seconds(seconds) => seconds,
        };
        Duration::from_secs(seconds as u64)
    }
}

/// As long as API Gateway waits: for a whole organization in one answer, or work
/// that grows with it.
pub const LONGEST: Timeout = Timeout::Seconds(29);

/// An operation, as its package declares it.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The name of its route in `routes`.
    pub name: &'static str,
    /// Its route.
    pub route: &'static Route,
    /// What its function needs.
    pub needs: Needs,
}

/// A function that serves no route.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// The name of its binary.
    pub binary: &'static str,
    /// What it needs.
    pub needs: Needs,
}

/// What the rows of `routes!` are written with.
pub mod prelude {
    pub use super::{
        Action::{
            BatchGetItem, ConditionCheckItem, DeleteItem, GetItem, PutItem, Query, UpdateItem,
        },
        COUNT_MAILS, Grant,
        Grant::{Index, ReadCalendars, Seal},
        LONGEST,
        Memory::Passwords,
        Partition as P,
        Purpose::{self, Hook, Mail, User},
        STANDING, STANDING_OF_OPERATOR, TAKE_TURNS, Variable as V, attributes, table,
    };
}
