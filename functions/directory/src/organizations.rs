//! `/api/v1/org` and `/api/v1/orgs`: for the operator.

use lambda_http::http::StatusCode;
use roster_domain::{OrganizationId, Result, organization::Organization};
use roster_runtime::{
    Call, Reply,
    answer::list::{self, Window},
    request::call::MAX_BODY,
};
use roster_store::{Tenant, dynamodb::table::Freshness, organizations::read::NewOrganization};

use crate::wire::{self, organization_json};

/// `POST /api/v1/org`.
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    call.exact_query(&[])?;
    let name = organization_json::read_new(&call.json_or_form(MAX_BODY)?)?;
    let new = NewOrganization::named(name);
    let made = call.store.create_organization_without_key(new).await?;
    let body = wire::render_created(made.number);
    Ok(Reply::json(StatusCode::OK, &body))
}

/// `PUT /api/v1/org/{org_id}`.
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    call.exact_query(&[])?;
    let number = call.path_number("org_id")?;
    let name = organization_json::read_update(&call.json_or_form(MAX_BODY)?, number)?;
    let expected = call.expected_version()?;
    let tenant = tenant(call, number).await?;
    Ok(shown(&tenant.rename_organization(&name, expected).await?))
}

/// `DELETE /api/v1/org/{org_id}`: only where nobody is in it.
pub async fn delete(call: &Call<'_>) -> Result<Reply> {
    call.exact_query(&[])?;
    let number = call.path_number("org_id")?;
    tenant(call, number).await?.delete_organization().await?;
    Ok(Reply::json(StatusCode::OK, &wire::render_success()))
}

/// `GET /api/v1/orgs`.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.exact_query(&["limit", "cursor"])?;
    let window = Window::<OrganizationId>::of(call, list::ORGANIZATIONS)?;
    let fetch = |limit, after| async move { call.store.organizations(limit, after).await };
    let id = |organization: &Organization| organization.id;
    let collected = list::collect(
        call,
        list::ORGANIZATIONS,
        window,
        fetch,
        id,
        organization_json::render,
    )
    .await?;
    Ok(list::reply(call, list::ORGANIZATIONS, collected))
}

/// `GET /api/v1/org/{org_id}`.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    call.exact_query(&[])?;
    let number = call.path_number("org_id")?;
    Ok(shown(&call.store.organization_with_number(number).await?))
}

async fn tenant<'a>(call: &'a Call<'_>, number: u64) -> Result<Tenant<'a>> {
    let id = call
        .store
        .organization_id(number, Freshness::Strong)
        .await?;
    Ok(call.store.tenant(id))
}

fn shown(organization: &Organization) -> Reply {
    let body = organization_json::render(organization);
    Reply::json(StatusCode::OK, &body).with_version(organization.version)
}
