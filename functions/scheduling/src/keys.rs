//! `/v2/keys`: API keys of an organization, or of the operator.

use lambda_http::http::StatusCode;
use roster_domain::{Conflict, KeyId, Result, access::key::Role};
use roster_runtime::{
    Call, Reply,
    answer::list::{self, Window},
    request::call::MAX_BODY,
    request::caller::Caller,
};
use roster_store::access::api_keys::{KeyOwner, NewKey};

use crate::wire::key_json;

/// Whose keys a request is about: the caller's own. The operator names an
/// organization to get at that one's.
fn owner(call: &Call<'_>) -> Result<KeyOwner> {
    let named = call.query_parameter("organization")?;
    match call.caller()? {
        Caller::Operator { .. } if named.is_none() => Ok(None),
        caller => caller.organization(named.as_deref()).map(Some),
    }
}

/// `GET /v2/keys`.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&["limit", "cursor"])?;
    let window = Window::<KeyId>::of(call, list::KEYS)?;
    let owner = owner(call)?;
    let fetch = |limit, after| async move { call.store.keys(owner, limit, after).await };
    let render = key_json::render;
    let collected = list::collect(call, list::KEYS, window, fetch, |key| key.id, render).await?;
    Ok(list::reply(call, list::KEYS, collected))
}

/// `POST /v2/keys`: the answer shows the key, this once.
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let new = key_json::read(&call.json(MAX_BODY)?, call.store.now)?;
    let owner = if new.role == Role::Operator {
        call.caller()?.operator_only()?;
        None
    } else {
        let tenant = call.tenant_named(new.organization)?;
        Some(tenant.organization_id()?)
    };
    let new = NewKey {
        owner,
        user: new.user,
        name: new.name,
        expires: new.expires,
        maker: call.caller()?.maker(),
    };
    let (key, presented) = call.store.create_key(new).await?;
    Ok(Reply::json(
        StatusCode::CREATED,
        &key_json::render_with_secret(&key, &presented),
    )
    .with_secret())
}

/// `POST /v2/keys/{key_id}/rotate`: a new secret under the same id; the old one
/// works for `grace_period_seconds` more.
pub async fn rotate(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("key_id")?;
    let body = call.json_if_any(MAX_BODY)?;
    let grace = key_json::read_grace_period(&body)?;
    let (key, presented) = call.store.rotate_key(owner(call)?, id, grace).await?;
    Ok(Reply::json(
        StatusCode::OK,
        &key_json::render_with_secret(&key, &presented),
    )
    .with_secret())
}

/// `DELETE /v2/keys/{key_id}`.
pub async fn revoke(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id: KeyId = call.path_id("key_id")?;
    let caller = call.caller()?;
    if matches!(caller, Caller::Operator { key } if key == id) {
        return Err(Conflict::new(
            "an operator's key cannot revoke itself; use another operator's key",
        )
        .into());
    }
    let key = call.store.revoke_key(owner(call)?, id).await?;
    Ok(Reply::json(StatusCode::OK, &key_json::render(&key)))
}
