//! `/v2/users`: one user at a time.

pub mod availabilities;
pub mod batch;
pub mod batch_entry;
pub mod preferences;

use lambda_http::http::{StatusCode, header};
use roster_domain::{
    Error, Field, Result, TeamId, UserId,
    text::{Email, ExternalId},
    users::change::UserChange,
    users::user::User,
};
use roster_runtime::{
    Call, Reply,
    answer::lambda::MAX_PAYLOAD,
    answer::list::{self, Window},
    answer::reply::{Content, JSON},
    json::array::JsonArray,
    request::call::MAX_BODY,
};
use roster_store::{
    Page,
    dynamodb::{
        capacity::{try_join, try_join3},
        table::Freshness,
    },
    idempotency::{Answer, Repeatable},
    users::{
        intent::Intent,
        write::{Numbering, Once, WriteContext, Written},
    },
};
use serde_json::Value;

use crate::{
    repeated,
    wire::{
        event_out::{self, Rendering},
        key_json, organization_json, user_in, user_out,
    },
};

/// `GET /v2/users`: all users, or those that `email`, `extid` or `team` select.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&["limit", "cursor", "email", "extid", "team"])?;
    let window = Window::<UserId>::of(call, list::USERS)?;
    let email: Option<Email> = call.query_value("email")?;
    let extid: Option<ExternalId> = call.query_value("extid")?;
    let team: Option<TeamId> = call.query_value("team")?;
    let tenant = call.tenant()?;
    let app_url = call.app_url();

    let one = |found: Option<User>| {
        let matches = |user: &User| {
            let mail = user.profile.email.as_ref().map(Email::folded);
            let in_team = team.is_none_or(|team| user.role_in(team).is_some());
            email
                .as_ref()
                .is_none_or(|email| mail == Some(email.folded()))
                && extid
                    .as_ref()
                    .is_none_or(|extid| user.profile.extid.as_ref() == Some(extid))
                && in_team
        };
        Page {
            items: found.into_iter().filter(matches).collect(),
            next: None,
        }
    };
    // The organization's name is read beside the first page, not before it.
    let organization = tenant.organization(Freshness::Eventual);
    let limit = window.limit.unwrap_or(list::MAX_LIMIT);
    let first = async {
        match (&email, &extid, team) {
            (Some(email), _, _) => tenant.user_by_email(email).await.map(one),
            (None, Some(extid), _) => tenant.user_by_extid(extid).await.map(one),
            (None, None, Some(team)) => tenant.users_of_team(team, limit, window.after).await,
            (None, None, None) => tenant.users(limit, window.after).await,
        }
    };
    let (organization, first) = try_join(organization, first).await?;
    let first = std::sync::Mutex::new(Some(first));
    let fetch = |limit, after| {
        let first = first
            .lock()
            .map(|mut first| first.take())
            .unwrap_or_default();
        async move {
            match (first, team) {
                (Some(page), _) => Ok(page),
                (None, Some(team)) => tenant.users_of_team(team, limit, after).await,
                (None, None) => tenant.users(limit, after).await,
            }
        }
    };
    let render = |user: &User| user_out::render(user, &organization, &app_url);
    let collected = list::collect(call, list::USERS, window, fetch, |user| user.id, render).await?;
    Ok(list::reply(call, list::USERS, collected))
}

/// `GET /v2/users/{user_id}`.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("user_id")?;
    let (user, organization) = call.tenant()?.user(id).await?;
    let body = user_out::render(&user, &organization, &call.app_url());
    Ok(Reply::json(StatusCode::OK, &body).with_version(user.version))
}

/// `POST /v2/users`: creates a user (201), or changes the one that the body
/// names (200).
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let body = user_in::read(&call.json(MAX_BODY)?, true)?;
    let tenant = call.tenant_named(body.organization)?;
    let repeatable = repeatable(call, &body.change)?;
    let render = |written: &Written| Answer {
        status: status(written).as_u16(),
        body: render_written(call, written).to_string(),
    };
    let once = Once {
        repeatable: repeatable.as_ref(),
        render: &render,
    };
    let answered = tenant
        .write_user_once(&body.change, &write_context(call), &once)
        .await
        .map_err(|error| body.told(error))?;
    let reply = repeated::reply(answered);
    Ok(if body.change.finish_signup {
        reply.with_secret()
    } else {
        reply
    })
}

/// Whether a user was created or changed.
#[must_use]
pub fn status(written: &Written) -> StatusCode {
    if written.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    }
}

/// The idempotency key. What is kept under one for a day says in clear what was
/// answered, and lets whoever reads the table try what was asked for: no secret
/// may be in either.
fn repeatable(call: &Call<'_>, change: &UserChange) -> Result<Option<Repeatable>> {
    if change.login.is_some() || change.calendars.is_some() {
        call.refuse_repeat("the body has a password")?;
    }
    if change.finish_signup {
        call.refuse_repeat("the answer has a link to sign up with")?;
    }
    call.repeatable()
}

/// `PUT /v2/users/{user_id}`: changes the fields that are present.
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id: UserId = call.path_id("user_id")?;
    let mut body = user_in::read(&call.json(MAX_BODY)?, false)?;
    body.change.expected = call.expected_version()?;
    if body.change.id.is_some_and(|named| named != id) {
        return Err(body.told(Error::at(Field::UserId, "must be the id in the path")));
    }
    let tenant = call.tenant_named(body.organization)?;
    let intent = Intent::Update(Some(id));
    let written = tenant
        .write_user(
            &body.change,
            intent,
            &write_context(call),
            Numbering::AtOnce,
        )
        .await
        .map_err(|error| body.told(error))?;
    Ok(written_reply(call, StatusCode::OK, &written))
}

/// What a write of a user needs besides the change.
#[must_use]
pub fn write_context<'a>(call: &'a Call<'_>) -> WriteContext<'a> {
    WriteContext {
        sealer: &call.app.sealer,
        links: call.signup_links(),
    }
}

fn written_reply(call: &Call<'_>, status: StatusCode, written: &Written) -> Reply {
    let reply = Reply::json(status, &render_written(call, written));
    let reply = reply.with_version(written.user.version);
    if written.signup_token.is_some() {
        reply.with_secret()
    } else {
        reply
    }
}

/// What a write answers: the user, and the link to finish the sign-up where one
/// was asked for.
#[must_use]
pub fn render_written(call: &Call<'_>, written: &Written) -> Value {
    let link = signup_link(call, written);
    user_out::render_written(&written.user, &written.organization, &call.app_url(), link)
}

/// The link to finish the sign-up, where one was asked for.
#[must_use]
pub fn signup_link(call: &Call<'_>, written: &Written) -> Option<String> {
    let token = written.signup_token.as_ref();
    token.map(|token| format!("{}{token}", call.signup_base()))
}

/// What the members and the events may each take of the answer to an unlinking.
/// The rest is for the organization and for the admins, who are members, too, and
/// have no more than an id there.
const UNLINKED_ROOM: usize = MAX_PAYLOAD / 5 * 2;
/// As [`UNLINKED_ROOM`], for the keys that they leave behind.
const LEFT_KEYS_ROOM: usize = MAX_PAYLOAD / 10;

/// `DELETE /v2/users/{user_id}`: takes the user out of the organization, and
/// answers the organization with those who are left. As many members as fit
/// the answer are in it; a `Link` leads to the rest.
pub async fn unlink(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("user_id")?;
    let tenant = call.tenant()?;
    let organization = tenant.organization(Freshness::Eventual);
    let ((), organization) = try_join(tenant.unlink_user(id), organization).await?;
    let admins = std::sync::Mutex::new(Vec::new());
    let render = |user: &User| {
        if user.permissions.account_management
            && let Ok(mut admins) = admins.lock()
        {
            admins.push(user.id);
        }
        user_out::render_member(user, &organization).to_string()
    };
    let window = Window {
        limit: None,
        after: None,
    };
    let fetch = |limit, after| async move {
        let mut page = tenant.users(limit, after).await?;
        // The read may be from just before the user was taken out.
        page.items.retain(|user| user.id != id);
        Ok(page)
    };
    let mut members = JsonArray::new(UNLINKED_ROOM, false);
    let filled = list::fill(&mut members, window, fetch, |user: &User| user.id, render);
    // The user's events are kept, and those to come need somebody else. Read
    // now: nothing more is booked with somebody who is gone.
    let events = tenant.events_to_reassign(id);
    let keys = call.store.keys_left_by(tenant.organization_id()?, id);
    let (next, left, keys) = try_join3(filled, events, keys).await?;
    let rendering = Rendering::listed(call);
    let mut events = JsonArray::new(UNLINKED_ROOM, false);
    let has_room = |event| events.push(&event_out::render(event, &rendering).to_string());
    let all_listed = left.iter().all(has_room);
    let mut left_keys = JsonArray::new(LEFT_KEYS_ROOM, false);
    let has_room = |key| left_keys.push(&key_json::render(key).to_string());
    let all_keys_listed = keys.iter().all(has_room);
    let admins = admins.into_inner().unwrap_or_default();
    let left = organization_json::render_left(&organization, admins, !all_listed, !all_keys_listed);
    let mut body = left.to_string();
    body.pop();
    for (name, array) in [
        ("members", members),
        ("events_to_reassign", events),
        ("keys_left_behind", left_keys),
    ] {
        if let Content::Text(array) = array.finish() {
            body.push_str(&[",\"", name, "\":", &array].concat());
        }
    }
    body.push('}');
    let reply = Reply::text(StatusCode::OK, JSON, body);
    Ok(match next {
        Some(next) => reply.with_header(
            header::LINK,
            &list::link_to(call, "/v2/users", list::USERS, next),
        ),
        None => reply,
    })
}
