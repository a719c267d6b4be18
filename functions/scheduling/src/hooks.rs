//! `/hooks` and `/v2/hooks`: webhooks, and what became of their deliveries.

pub mod deliveries;

use lambda_http::http::StatusCode;
use roster_domain::{HookId, Result};
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_store::dynamodb::table::Freshness;
use serde_json::Value;

use crate::wire::hook_json;

/// `POST /hooks`, `POST /v2/hooks`: the answer shows the secret, this once.
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let (organization, new) = hook_json::read_new(&call.json(MAX_BODY)?, call.app.targets)?;
    let tenant = call.tenant_named(organization)?;
    let (hook, secret) = tenant.create_hook(&call.app.sealer, new).await?;
    let body = hook_json::render_with_secret(&hook, secret, call.store.now);
    let reply = Reply::json(StatusCode::CREATED, &body).with_version(hook.version);
    Ok(reply.with_secret())
}

/// `GET /hooks`: the hooks in an object.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let hooks = call.tenant()?.hooks(Freshness::Eventual).await?;
    let body = hook_json::render_list(&hooks, call.store.now);
    Ok(Reply::json(StatusCode::OK, &body))
}

/// `GET /v2/hooks`: the hooks in an array.
pub async fn list_bare(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let hooks = call.tenant()?.hooks(Freshness::Eventual).await?;
    let shown = hooks
        .iter()
        .map(|hook| hook_json::render(hook, call.store.now));
    Ok(Reply::json(StatusCode::OK, &Value::Array(shown.collect())))
}

/// `GET /hooks/{hook_id}`, `GET /v2/hooks/{hook_id}`.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id: HookId = call.path_id("hook_id")?;
    let hook = call.tenant()?.hook(id, Freshness::Eventual).await?;
    let body = hook_json::render(&hook, call.store.now);
    Ok(Reply::json(StatusCode::OK, &body).with_version(hook.version))
}

/// `PUT /hooks/{hook_id}`, `PUT /v2/hooks/{hook_id}`: changes the fields that are present.
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id: HookId = call.path_id("hook_id")?;
    let mut change = hook_json::read_change(&call.json(MAX_BODY)?, call.app.targets)?;
    change.expected = call.expected_version()?;
    let hook = call.tenant()?.update_hook(id, &change).await?;
    let body = hook_json::render(&hook, call.store.now);
    Ok(Reply::json(StatusCode::OK, &body).with_version(hook.version))
}

/// `POST /v2/hooks/{hook_id}/rotate`: a new secret; the one before signs beside it for a
/// while.
pub async fn rotate(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id: HookId = call.path_id("hook_id")?;
    let body = call.json_if_any(MAX_BODY)?;
    let overlap = hook_json::read_overlap(&body)?;
    let tenant = call.tenant()?;
    let (hook, secret) = tenant.rotate_hook(&call.app.sealer, id, overlap).await?;
    let body = hook_json::render_with_secret(&hook, secret, call.store.now);
    Ok(Reply::json(StatusCode::OK, &body).with_secret())
}

/// `DELETE /hooks/{hook_id}`, `DELETE /v2/hooks/{hook_id}`: 204.
pub async fn delete(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    call.tenant()?.delete_hook(call.path_id("hook_id")?).await?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
