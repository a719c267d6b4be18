//! `/api/v2/users` (`/api/v2`): users by number.

use lambda_http::http::StatusCode;
use roster_domain::{Error, Result, UserId, users::user::User};
use roster_runtime::{
    Call, Reply,
    answer::list::{self, Window},
    request::call::MAX_BODY,
};
use roster_store::{
    Tenant,
    dynamodb::table::Freshness,
    users::{edit::Member, invite::Invite},
};

use crate::wire;

/// `GET /api/v2/users`, with and without a slash at the end.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&["limit", "cursor"])?;
    let window = Window::<UserId>::of(call, list::USERS)?;
    let tenant = call.tenant()?;
    let fetch = |limit, after| async move { tenant.users(limit, after).await };
    let collected = list::collect(
        call,
        list::USERS,
        window,
        fetch,
        |user| user.id,
        wire::render_user,
    )
    .await?;
    Ok(list::reply(call, list::USERS, collected))
}

/// `GET /api/v2/users/{user_id}`.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    let number = named(call)?;
    let tenant = call.tenant()?;
    let id = tenant.user_with_number(number).await?;
    let Member { user, .. } = tenant.member(id, Freshness::Eventual).await?;
    Ok(shown(&user))
}

/// `POST /api/v2/users`: invites an address.
pub async fn invite(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let email = wire::read_invitation(&call.json(MAX_BODY)?)?;
    call.tenant()?
        .invite(&Invite {
            email: &email,
            links: &call.signup_links(),
        })
        .await?;
    Ok(success("User invited."))
}

/// `PUT` and `PATCH /api/v2/users/{user_id}`: the fields that are present.
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    let number = named(call)?;
    let change = wire::read_user(&call.json(MAX_BODY)?, number)?;
    let expected = call.expected_version()?;
    let user = edit(call, number, |user| {
        Error::hold_version(expected, user.version)?;
        change.apply(user)
    })
    .await?;
    Ok(shown(&user))
}

/// A user, with its version.
fn shown(user: &User) -> Reply {
    Reply::json(StatusCode::OK, &wire::render_user(user)).with_version(user.version)
}

/// `POST /api/v2/users/{user_id}/perms`: the permissions that are named.
pub async fn set_permissions(call: &Call<'_>) -> Result<Reply> {
    let number = named(call)?;
    let changes = wire::read_permissions(&call.json(MAX_BODY)?)?;
    let user = edit(call, number, |user| {
        for (permission, granted) in &changes {
            user.permissions.set(*permission, *granted);
        }
        Ok(())
    })
    .await?;
    let body = wire::render_permissions(&user.permissions);
    Ok(Reply::json(StatusCode::OK, &body))
}

/// `POST /api/v2/users/{user_id}/activate`.
pub async fn activate(call: &Call<'_>) -> Result<Reply> {
    set_active(call, true).await?;
    Ok(success("User activated"))
}

/// `POST /api/v2/users/{user_id}/deactivate`: keys, sessions, bookings and
/// public pages are over at once.
pub async fn deactivate(call: &Call<'_>) -> Result<Reply> {
    set_active(call, false).await?;
    Ok(success("User deactivated"))
}

async fn set_active(call: &Call<'_>, active: bool) -> Result<()> {
    let number = named(call)?;
    call.no_fields()?;
    let now = call.store.now;
    edit(call, number, |user| {
        user.set_active(active, now);
        Ok(())
    })
    .await
    .map(|_| ())
}

/// The user that the path names.
fn named(call: &Call<'_>) -> Result<u64> {
    call.only_query(&[])?;
    call.path_number("user_id")
}

/// Changes the user with this number.
async fn edit(
    call: &Call<'_>,
    number: u64,
    change: impl Fn(&mut User) -> Result<()>,
) -> Result<User> {
    let tenant: Tenant<'_> = call.tenant()?;
    let id = tenant.user_with_number(number).await?;
    let Member { user, .. } = tenant.edit_user(id, change).await?;
    Ok(user)
}

fn success(message: &str) -> Reply {
    Reply::json(StatusCode::OK, &wire::render_success(message))
}
