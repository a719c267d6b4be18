//! `/v2/users/{user_id}/availabilities`: when a user can be booked, by itself.

use lambda_http::http::StatusCode;
use roster_domain::{
    Patch, Result, UserId, bookings::availability::AvailabilityChange, users::change::UserChange,
};
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_store::users::{intent::Intent, write::Numbering};

use super::write_context;
use crate::wire::{availability_json, team_json};

/// `GET /v2/users/{user_id}/availabilities`.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let (user, _) = call.tenant()?.user(call.path_id("user_id")?).await?;
    let body = availability_json::render(user.id, user.availability.as_ref());
    Ok(Reply::json(StatusCode::OK, &body).with_version(user.version))
}

/// `POST /v2/users/{user_id}/availabilities`: what is absent stays as it is.
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    set(call, StatusCode::CREATED).await
}

/// `PUT /v2/users/{user_id}/availabilities`: what is absent stays as it is.
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    set(call, StatusCode::OK).await
}

async fn set(call: &Call<'_>, status: StatusCode) -> Result<Reply> {
    call.only_query(&[])?;
    call.path_id::<UserId>("user_id")?;
    let change = availability_json::read(&call.json(MAX_BODY)?)?;
    write(call, status, Patch::Set(change)).await
}

/// `DELETE /v2/users/{user_id}/availabilities`: the user can be booked at any hour.
pub async fn delete(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    write(call, StatusCode::OK, Patch::Clear).await?;
    Ok(Reply::json(StatusCode::OK, &team_json::render_deleted()))
}

async fn write(
    call: &Call<'_>,
    status: StatusCode,
    availability: Patch<AvailabilityChange>,
) -> Result<Reply> {
    let id = call.path_id("user_id")?;
    let change = UserChange {
        expected: call.expected_version()?,
        availability,
        ..UserChange::default()
    };
    let intent = Intent::Update(Some(id));
    let written = call
        .tenant()?
        .write_user(&change, intent, &write_context(call), Numbering::AtOnce)
        .await?;
    let user = &written.user;
    let body = availability_json::render(user.id, user.availability.as_ref());
    Ok(Reply::json(status, &body).with_version(user.version))
}
