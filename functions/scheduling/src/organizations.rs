//! `/v2/organizations`, for the operator, and `/v2/auth/test`, for everybody.

use lambda_http::http::StatusCode;
use roster_domain::{OrganizationId, Result};
use roster_runtime::{
    Call, Reply,
    answer::list::{self, Window},
    request::call::MAX_BODY,
};

use roster_store::dynamodb::table::Freshness;

use crate::wire::organization_json;

/// `GET /v2/organizations`.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&["limit", "cursor"])?;
    let window = Window::<OrganizationId>::of(call, list::ORGANIZATIONS)?;
    let fetch = |limit, after| async move { call.store.organizations(limit, after).await };
    let collected = list::collect(
        call,
        list::ORGANIZATIONS,
        window,
        fetch,
        |organization| organization.id,
        organization_json::render,
    )
    .await?;
    Ok(list::reply(call, list::ORGANIZATIONS, collected))
}

/// `GET /v2/auth/test`: the organization of the key that calls.
pub async fn own(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let organization = call.tenant()?.organization(Freshness::Eventual).await?;
    let body = organization_json::render(&organization);
    Ok(Reply::json(StatusCode::OK, &body))
}

/// `POST /v2/organizations`: answers the organization and its first key.
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let new = organization_json::read(&call.json(MAX_BODY)?, call.store.now)?;
    let maker = Some(call.caller()?.maker());
    let (organization, key, presented) = call.store.create_organization(new, maker).await?;
    let body = organization_json::render_new(&organization, &key, &presented);
    Ok(Reply::json(StatusCode::CREATED, &body).with_secret())
}
