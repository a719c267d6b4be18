//! Clients of AWS: what they have in common, read from the environment under the
//! names that every AWS SDK reads.

use std::{env, time::Duration};

use aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, Region, SharedCredentialsProvider, SharedHttpClient,
    retry::{RetryConfig, RetryMode},
    timeout::TimeoutConfig,
};
use aws_smithy_http_client::{Builder, tls};
use aws_types::{
    SdkConfig,
    service_config::{LoadServiceConfig, ServiceConfigKey},
};

/// What a client of any service is made from, as in
/// `aws_sdk_dynamodb::Client::new(&aws::config(aws::https_client()))`:
///
/// | Variable | Meaning |
/// |---|---|
/// | `AWS_REGION` | the region; set by Lambda. `us-east-1` where it is missing |
/// | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` | credentials; set by Lambda |
/// | `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>` | another endpoint, for all services or one |
/// | `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT` | `true` for endpoints with FIPS 140 cryptography, or with IPv6 |
/// | `AWS_MAX_ATTEMPTS` | how often a call is made, the first time included |
/// | `AWS_RETRY_MODE` | `standard` or `adaptive` |
///
/// What is not set is as the SDK has it, except for the time that a call may
/// take.
#[must_use]
pub fn config(http: SharedHttpClient) -> SdkConfig {
    let region = setting("AWS_REGION").unwrap_or_else(|| "us-east-1".to_owned());
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .timeout_config(timeouts())
        .service_config(Endpoints)
        .http_client(http);
    config.set_credentials_provider(credentials());
    config.set_retry_config(retries());
    config.set_use_fips(switch("AWS_USE_FIPS_ENDPOINT"));
    config.set_use_dual_stack(switch("AWS_USE_DUALSTACK_ENDPOINT"));
    config.build()
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

/// A variable of the environment. One that is empty is not set.
pub(crate) fn setting(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Those that Lambda gives a process for as long as it lives. What looks for them
/// elsewhere (`aws-config`) would be in every function, and never be used.
fn credentials() -> Option<SharedCredentialsProvider> {
    let key = setting("AWS_ACCESS_KEY_ID")?;
    let secret = setting("AWS_SECRET_ACCESS_KEY")?;
    let token = setting("AWS_SESSION_TOKEN");
    let credentials = Credentials::new(key, secret, token, None, "environment");
    Some(SharedCredentialsProvider::new(credentials))
}

fn switch(name: &str) -> Option<bool> {
    setting(name)?.to_lowercase().parse().ok()
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

fn retries() -> Option<RetryConfig> {
    let attempts = setting("AWS_MAX_ATTEMPTS").and_then(|text| text.parse().ok());
    let mode = setting("AWS_RETRY_MODE").and_then(|text| text.parse().ok());
    if attempts.is_none() && mode.is_none() {
        return None;
    }
    let config = RetryConfig::standard().with_retry_mode(mode.unwrap_or(RetryMode::Standard));
    Some(match attempts {
        Some(attempts) => config.with_max_attempts(attempts),
        None => config,
    })
}

/// Where a service is, if not at AWS.
#[derive(Debug)]
struct Endpoints;

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_uppercase().replace(' ', "_");
        setting(&format!("{}_{service}", key.env())).or_else(|| setting(key.env()))
    }
}
