//! `/v2/users/{user_id}/preferences`: what a user is mailed about.

use lambda_http::http::StatusCode;
use roster_domain::{Result, UserId, users::change::UserChange};
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_store::users::{intent::Intent, write::Numbering};

use super::write_context;
use crate::wire::preferences_json;

/// `GET /v2/users/{user_id}/preferences`.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let (user, _) = call.tenant()?.user(call.path_id("user_id")?).await?;
    let body = preferences_json::render(&user.preferences);
    Ok(Reply::json(StatusCode::OK, &body).with_version(user.version))
}

/// `PUT /v2/users/{user_id}/preferences`: what is absent stays as it is.
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id: UserId = call.path_id("user_id")?;
    let change = UserChange {
        expected: call.expected_version()?,
        mail_topics: preferences_json::read(&call.json(MAX_BODY)?)?,
        ..UserChange::default()
    };
    let intent = Intent::Update(Some(id));
    let tenant = call.tenant()?;
    let written = tenant
        .write_user(&change, intent, &write_context(call), Numbering::AtOnce)
        .await?;
    let body = preferences_json::render(&written.user.preferences);
    Ok(Reply::json(StatusCode::OK, &body).with_version(written.user.version))
}
