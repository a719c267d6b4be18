//! Configuration and clients: made once per process, in the init phase.

use std::sync::Arc;

use jiff::SignedDuration;
use roster_domain::hooks::target::Targets;
use roster_store::{Store, Table, mail::seal::Sealer};

use crate::{
    Clock,
    function::{aws, calendar_reader::CalendarReader, variable::Variable},
    request::edge::Edge,
};

/// Configuration or a client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// An environment variable is missing.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    /// An environment variable is something else than it should be.
    #[error("the environment variable {0} is malformed")]
    Malformed(&'static str),
}

/// For how many days the change feed keeps what is not the newest, where nothing is said.
pub const CHANGE_DAYS: u32 = 30;

/// For how many days the audit log keeps its entries, where nothing is said.
pub const AUDIT_DAYS: u32 = 365;

/// What handlers work with.
#[derive(Debug)]
pub struct App {
    /// The table.
    pub table: Table,
    /// The time that requests go by.
    pub clock: Clock,
    /// Seals calendar credentials and mails.
    pub sealer: Sealer,
    /// Where the API is, without a slash at the end: links lead there. None: the
    /// API's own domain, as API Gateway tells it.
    pub public_url: Option<String>,
    /// Where users find their pages (`account.app_url`, `/v2/users`), without a slash at
    /// the end. None: where the API is.
    pub app_url: Option<String>,
    /// What stands in front of the API: whatever comes another way is refused. None:
    /// nothing does.
    pub edge: Option<Edge>,
    /// Domain of the addresses that answers to events go to.
    pub reply_domain: String,
    /// Which targets webhooks may have.
    pub targets: Targets,
    /// For how many days the change feed keeps changes that are not the newest of
    /// something.
    pub change_days: u32,
    /// For how many days the audit log keeps its entries.
    pub audit_days: u32,
    /// How old what is known of people's own calendars may be when a search or a booking goes
    /// by it: what is older is read first. None: it is read by the schedule alone.
    pub calendar_age: Option<SignedDuration>,
    /// Who reads calendars for requests. None: the function of its own.
    pub calendar_reader: Option<Arc<dyn CalendarReader>>,
    /// Whether mails that are written to the outbox are sent.
    pub sends_mail: bool,
    /// Whether an answer says what it cost at DynamoDB, to a request that asks:
    /// for tests and benchmarks, never on AWS.
    pub expose_cost: bool,
}

impl App {
    /// From the function's environment: the [`Variable`]s, and what [`aws::config`]
    /// reads. `SEALING_KEY_ID` is there only for functions that seal or open, and
    /// `PUBLIC_URL`, `APP_URL` and `MAIL_FROM` only where they are configured.
    ///
    /// # Errors
    /// When `TABLE_NAME` is not set, or another variable is malformed.
    pub fn from_env() -> Result<Self, ConfigError> {
        let table_name = Variable::TableName.require()?;
        let reply_domain = Variable::ReplyDomain.read();
        let aws = aws::config(aws::https_client());
        Ok(Self {
            table: Table::new(aws_sdk_dynamodb::Client::new(&aws), table_name),
            clock: Clock::default(),
            sealer: Sealer::Kms {
                client: aws_sdk_kms::Client::new(&aws),
                key_id: Variable::SealingKey.read().unwrap_or_default(),
            },
            public_url: address(Variable::PublicUrl),
            app_url: address(Variable::AppUrl),
            edge: edge(Variable::EdgeSecretDigest)?,
            reply_domain: reply_domain.unwrap_or_else(|| "roster.invalid".to_owned()),
            targets: targets()?,
            change_days: number(Variable::ChangeDays, CHANGE_DAYS)?,
            audit_days: number(Variable::AuditDays, AUDIT_DAYS)?,
            calendar_age: calendar_age()?,
            calendar_reader: None,
            sends_mail: Variable::MailFrom.read().is_some(),
            expose_cost: false,
        })
    }

    /// The table, as whatever happens now sees it.
    #[must_use]
    pub fn store(&self) -> Store<'_> {
        Store::new(&self.table, self.clock.now())
    }
}

/// What stands in front of the API, where something does.
fn edge(variable: Variable) -> Result<Option<Edge>, ConfigError> {
    let Some(digest) = variable.read() else {
        return Ok(None);
    };
    let edge = Edge::new(&digest).ok_or(ConfigError::Malformed(variable.name()))?;
    Ok(Some(edge))
}

/// Which targets webhooks may have, from `HOOK_TARGETS`: public ones, where nothing is said.
///
/// # Errors
/// When it is something else than `public` or `any`.
pub fn targets() -> Result<Targets, ConfigError> {
    let variable = Variable::HookTargets;
    let Some(name) = variable.read() else {
        return Ok(Targets::Public);
    };
    Targets::named(&name).ok_or(ConfigError::Malformed(variable.name()))
}

/// How old what is known of calendars may be; none where that does not matter.
fn calendar_age() -> Result<Option<SignedDuration>, ConfigError> {
    let minutes = number(Variable::CalendarAge, 0)?;
    Ok((minutes > 0).then(|| SignedDuration::from_mins(i64::from(minutes))))
}

/// A number: of days, or of minutes.
fn number(variable: Variable, default: u32) -> Result<u32, ConfigError> {
    let Some(number) = variable.read() else {
        return Ok(default);
    };
    let number = number.parse();
    number.map_err(|_| ConfigError::Malformed(variable.name()))
}

/// An address, without a slash at the end.
fn address(variable: Variable) -> Option<String> {
    variable
        .read()
        .map(|url| url.trim_end_matches('/').to_owned())
}
