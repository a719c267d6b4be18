//! Configuration and clients: made once per process, in the init phase.

use roster_store::{Store, Table, mail::seal::Sealer};

use crate::{
    Clock,
    function::aws::{self, setting},
};

/// Configuration or a client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// An environment variable is missing.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
}

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
    /// Domain of the addresses that answers to events go to.
    pub reply_domain: String,
    /// Whether mails that are written to the outbox are sent.
    pub sends_mail: bool,
    /// Whether an answer says what it cost at DynamoDB, to a request that asks:
    /// for tests and benchmarks, never on AWS.
    pub expose_cost: bool,
}

impl App {
    /// From the function's environment:
    ///
    /// | Variable | Meaning |
    /// |---|---|
    /// | `TABLE_NAME` | the table |
    /// | `SEALING_KEY_ID` | the KMS key that seals calendar credentials and mails; only for functions that seal or open |
    /// | `MAIL_FROM` | the address that mails come from; missing: none are sent |
    /// | `PUBLIC_URL` | where the API is; missing: its own domain, as API Gateway tells it |
    /// | `APP_URL` | where users find their pages; may be missing |
    /// | `REPLY_DOMAIN` | domain of the addresses that answers to events go to |
    ///
    /// and what [`aws::config`] reads.
    ///
    /// # Errors
    /// When `TABLE_NAME` is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        let table_name = setting("TABLE_NAME").ok_or(ConfigError::Missing("TABLE_NAME"))?;
        let aws = aws::config(aws::https_client());
        Ok(Self {
            table: Table::new(aws_sdk_dynamodb::Client::new(&aws), table_name),
            clock: Clock::default(),
            sealer: Sealer::Kms {
                client: aws_sdk_kms::Client::new(&aws),
                key_id: setting("SEALING_KEY_ID").unwrap_or_default(),
            },
            public_url: address("PUBLIC_URL"),
            app_url: address("APP_URL"),
            reply_domain: setting("REPLY_DOMAIN").unwrap_or_else(|| "roster.invalid".to_owned()),
            sends_mail: setting("MAIL_FROM").is_some(),
            expose_cost: false,
        })
    }

    /// The table, as whatever happens now sees it.
    #[must_use]
    pub fn store(&self) -> Store<'_> {
        Store::new(&self.table, self.clock.now())
    }
}

/// An address, without a slash at the end.
fn address(name: &str) -> Option<String> {
    setting(name).map(|url| url.trim_end_matches('/').to_owned())
}
