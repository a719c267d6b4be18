//! `/v2/changes`: what changed in an organization, in order.

use roster_domain::{Result, changes::ChangeNumber};
use roster_runtime::{
    Call, Reply,
    answer::list::{self, Window},
};

use crate::wire::{change_out, event_out::Rendering};

/// Changes in an answer to a request that does not say how many: each comes with what it is
/// about.
const USUAL: usize = 100;

/// `GET /v2/changes`.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&["limit", "cursor"])?;
    let mut window = Window::<ChangeNumber>::of(call, list::CHANGES)?;
    window.limit = window.limit.or(Some(USUAL));
    let tenant = &call.tenant()?;
    let rendering = Rendering::listed(call);
    let now = call.store.now;
    let fetch = |limit, after| async move { tenant.changes(limit, after).await };
    let render = |changed: &_| change_out::render(changed, &rendering, now);
    let number = |changed: &roster_store::changes::Changed| changed.change.number;
    let collected = list::collect(call, list::CHANGES, window, fetch, number, render).await?;
    Ok(list::reply(call, list::CHANGES, collected))
}
