//! The operator's first key: minted when the stack is created, kept in the
//! stack's secret, where the operator reads it.

use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use backon::{ExponentialBuilder, Retryable as _};
use roster_domain::{
    Conflict, Error, KeyId, Result,
    access::key::{PresentedKey, Role},
};
use roster_runtime::App;

/// How long it is tried. The role is as new as the function: until IAM has told
/// everybody what it may do, its calls are denied.
const PATIENCE: Duration = Duration::from_secs(30);

/// Makes sure that the secret holds an operator's key which the table knows.
/// Running it again changes nothing, so a failed deployment can be tried again.
/// A key that was rotated or revoked since stays as it is: whoever did that
/// looks after the operator's keys now.
///
/// # Errors
/// When the secret or the table cannot be reached for half a minute, or the secret
/// holds something else than a key.
pub async fn ensure_admin_key(app: &App, secrets: &Client, secret: &str) -> Result<KeyId> {
    let waits = ExponentialBuilder::default()
        .with_jitter()
        .with_min_delay(Duration::from_millis(250))
        .with_max_delay(Duration::from_secs(4))
        .without_max_times()
        .with_total_delay(Some(PATIENCE));
    let try_once = || try_to_ensure(app, secrets, secret);
    try_once.retry(waits).when(may_pass).await
}

/// Whether a failure may be one that passes. What is in the secret does not.
fn may_pass(error: &Error) -> bool {
    !matches!(error, Error::Conflict(_))
}

async fn try_to_ensure(app: &App, secrets: &Client, secret: &str) -> Result<KeyId> {
    let store = app.store();
    let presented = if let Some(text) = read(secrets, secret).await? {
        // Never overwritten: it may be the only copy of something.
        text.parse()
            .map_err(|_| Conflict::new("the secret holds no operator's key"))?
    } else {
        let presented = PresentedKey::generate(Role::Operator, KeyId::generate(store.now));
        secrets
            .put_secret_value()
            .secret_id(secret)
            .secret_string(presented.reveal())
            .send()
            .await
            .map_err(Error::internal)?;
        presented
    };
    let name = "admin key of the stack".parse().map_err(Error::internal)?;
    store.ensure_key(&presented, None, name).await?;
    Ok(presented.id)
}

async fn read(secrets: &Client, secret: &str) -> Result<Option<String>> {
    match secrets.get_secret_value().secret_id(secret).send().await {
        Ok(output) => Ok(output.secret_string),
        // A new secret has no value yet.
        Err(error)
            if error
                .as_service_error()
                .is_some_and(|e| e.is_resource_not_found_exception()) =>
        {
            Ok(None)
        }
        Err(error) => Err(Error::internal(error)),
    }
}
