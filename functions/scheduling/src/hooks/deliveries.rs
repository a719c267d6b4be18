//! `/v2/hooks/{hook_id}/deliveries`, `…/replay` and `/v2/hooks/{hook_id}/ping`.

use lambda_http::http::StatusCode;
use roster_domain::{DeliveryId, HookId, Result, hooks::delivery::Delivery};
use roster_runtime::{
    Call, Reply,
    answer::list::{self, Window},
};
use serde_json::json;

use crate::wire::delivery_out;

/// Deliveries in an answer to a request that does not say how many.
const USUAL: usize = 100;

/// `GET /v2/hooks/{hook_id}/deliveries`: newest first.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&["limit", "cursor"])?;
    let hook: HookId = call.path_id("hook_id")?;
    let mut window = Window::<DeliveryId>::of(call, list::DELIVERIES)?;
    window.limit = window.limit.or(Some(USUAL));
    let tenant = &call.tenant()?;
    let fetch = |limit, after| async move { tenant.deliveries(hook, limit, after).await };
    let id = |delivery: &Delivery| delivery.id;
    let render = delivery_out::render;
    let collected = list::collect(call, list::DELIVERIES, window, fetch, id, render).await?;
    Ok(list::reply(call, list::DELIVERIES, collected))
}

/// `POST /v2/hooks/{hook_id}/deliveries/{delivery_id}/replay`.
pub async fn replay(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    call.no_fields()?;
    let (hook, id) = (call.path_id("hook_id")?, call.path_id("delivery_id")?);
    let again = call.tenant()?.replay(hook, id).await?;
    Ok(accepted(&again))
}

/// `POST /v2/hooks/{hook_id}/ping`.
pub async fn ping(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    call.no_fields()?;
    let hook: HookId = call.path_id("hook_id")?;
    let resource = json!({ "_id": hook }).to_string();
    let ping = call.tenant()?.ping(hook, &resource).await?;
    Ok(accepted(&ping))
}

/// What is on its way.
fn accepted(delivery: &Delivery) -> Reply {
    Reply::json(StatusCode::ACCEPTED, &delivery_out::render(delivery))
}
