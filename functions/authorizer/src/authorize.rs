//! The authorizer: payload format 2.0, simple response.

use roster_domain::{Result, access::key::PresentedKey, access::secret::SecretDigest};
use roster_runtime::{App, function::log, request::caller::Caller};
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::Instrument as _;

/// What the authorizer reads of its event. The rest is as the client sent it, and
/// must not be able to keep the authorizer from an answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizerEvent {
    identity_source: Option<Vec<String>>,
    request_context: Context,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    request_id: Option<String>,
}

/// Whether the key in the request's identity source (the `Authorization`
/// header) is admitted, and what is handed to the function if it is.
///
/// # Errors
/// When the table cannot be read: API Gateway answers 500, and caches nothing.
pub async fn authorize(app: &App, event: AuthorizerEvent) -> Result<Value> {
    let header = event
        .identity_source
        .unwrap_or_default()
        .into_iter()
        .next()
        .unwrap_or_default();
    let request_id = event.request_context.request_id.unwrap_or_default();
    let span = log::request(&request_id);
    let admitted = admit(app, &header).instrument(span).await?;
    Ok(match admitted {
        Some((caller, secret)) => {
            json!({ "isAuthorized": true, "context": caller.to_context(&secret) })
        }
        None => json!({ "isAuthorized": false }),
    })
}

async fn admit(app: &App, header: &str) -> Result<Option<(Caller, SecretDigest)>> {
    let Ok(presented) = key_text(header).parse::<PresentedKey>() else {
        tracing::info!("refused: not a Roster key");
        return Ok(None);
    };
    let store = app.store();
    let Some(key) = store.key(presented.role, presented.id).await? else {
        tracing::info!(key = %presented.id, "refused: unknown key");
        return Ok(None);
    };
    if !key.admits(&presented, store.now) {
        tracing::info!(key = %presented.id, "refused: wrong secret, expired or revoked");
        return Ok(None);
    }
    let user = match key.user {
        None => None,
        Some(user) => {
            let Some(acting) = store.acting_user(&key).await? else {
                tracing::info!(key = %key.id, %user, "refused: gone, deactivated or logged out");
                return Ok(None);
            };
            Some(acting)
        }
    };
    // The day of last use is a service to the owner, not a reason to refuse.
    if let Err(error) = store.note_use(&key).await {
        tracing::warn!(key = %key.id, %error, "last use not noted");
    }
    let caller = Caller::of(&key, user.as_ref());
    Ok(caller.map(|caller| (caller, presented.digest())))
}

/// `<key>` or `Bearer <key>` (RFC 6750; the scheme without regard to case).
fn key_text(header: &str) -> &str {
    match header.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim(),
        _ => header.trim(),
    }
}
