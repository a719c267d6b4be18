//! Configuration and clients: made once per process, in the init phase.

use std::{env, time::Duration};

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Region, SharedCredentialsProvider, SharedHttpClient, timeout::TimeoutConfig,
};
use aws_smithy_http_client::{Builder, tls};
use roster_store::{Store, Table, mail::seal::Sealer};

use crate::Clock;

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
    /// Where users find their pages (`account.app_url`, S1), without a slash at
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
    /// | `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_DYNAMODB` | another endpoint; may be missing |
    /// | `AWS_REGION`, `AWS_ACCESS_KEY_ID`, … | set by Lambda |
    ///
    /// # Errors
    /// When `TABLE_NAME` is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        let table_name = setting("TABLE_NAME").ok_or(ConfigError::Missing("TABLE_NAME"))?;
        let http = https_client();
        Ok(Self {
            table: Table::new(dynamodb_from_env(http.clone()), table_name),
            clock: Clock::default(),
            sealer: Sealer::Kms {
                client: kms_from_env(http, None),
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

fn setting(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// An address, without a slash at the end.
fn address(name: &str) -> Option<String> {
    setting(name).map(|url| url.trim_end_matches('/').to_owned())
}

fn region() -> Region {
    Region::new(setting("AWS_REGION").unwrap_or_else(|| "us-east-1".to_owned()))
}

fn credentials() -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new())
}

/// A client of DynamoDB, with region, credentials and endpoint from the
/// environment.
#[must_use]
pub fn dynamodb_from_env(http: SharedHttpClient) -> aws_sdk_dynamodb::Client {
    let mut config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region())
        .credentials_provider(credentials())
        .timeout_config(timeouts())
        .http_client(http);
    config.set_endpoint_url(
        setting("AWS_ENDPOINT_URL_DYNAMODB").or_else(|| setting("AWS_ENDPOINT_URL")),
    );
    aws_sdk_dynamodb::Client::from_conf(config.build())
}

/// As [`dynamodb_from_env`], of KMS; in another region where one is given.
#[must_use]
pub fn kms_from_env(http: SharedHttpClient, other: Option<&str>) -> aws_sdk_kms::Client {
    let mut config = aws_sdk_kms::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(other.map_or_else(region, |other| Region::new(other.to_owned())))
        .credentials_provider(credentials())
        .timeout_config(timeouts())
        .http_client(http);
    config
        .set_endpoint_url(setting("AWS_ENDPOINT_URL_KMS").or_else(|| setting("AWS_ENDPOINT_URL")));
    aws_sdk_kms::Client::from_conf(config.build())
}

/// A connection that died while Lambda had the process frozen must not hold a
/// request until the function's own timeout: give up and open another.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(3))
        .operation_timeout(Duration::from_secs(8))
        .build()
}

/// One TLS stack for every client of the process.
#[must_use]
pub fn https_client() -> SharedHttpClient {
    build_https(Builder::new())
}

/// As [`https_client`], with a new connection for every request: for a request
/// that must not be sent twice. One that was sent on a connection which had died
/// meanwhile fails in a way that leaves open whether it arrived.
#[must_use]
pub fn https_client_without_reuse() -> SharedHttpClient {
    build_https(Builder::new().pool_max_idle_per_host(0))
}

fn build_https(builder: Builder) -> SharedHttpClient {
    builder
        .tls_provider(tls::Provider::Rustls(
            tls::rustls_provider::CryptoMode::Ring,
        ))
        .build_https()
}
