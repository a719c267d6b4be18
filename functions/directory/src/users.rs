//! `/api/v1/user`, `/api/v1/users` and `/api/v1/resetUserPassword`.

use lambda_http::http::StatusCode;
use roster_domain::{
    Error, Field, Location, Result, Tenancy, UserId, Violation, access::password::Password,
    organization::Organization, users::user::User,
};
use roster_runtime::{
    Call, Reply,
    answer::list::{self, Window},
    json::read::{FromJson, Wrong},
    request::call::MAX_BODY,
    request::caller::Caller,
};
use roster_store::{
    dynamodb::capacity::try_join,
    users::{credentials::hash, edit::Member},
};

use crate::{
    by_number::{self, NO_ORGANIZATION, unknown_organization},
    user_change::{self, Circumstances},
    wire::{self, user_in, user_out},
};

/// Where the body of a change has what may be taken where the user is moved to:
/// address, extid and nickname stay as they are.
fn moved_to(field: Field) -> Option<Location> {
    matches!(field, Field::Email | Field::ExternalId | Field::Nickname).then(|| "/org_id".into())
}

/// `POST /api/v1/user`.
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    call.exact_query(&[])?;
    let new = user_in::read_new(&call.json_or_form(MAX_BODY)?)?;
    let organization = by_number::organization(call, new.organization).await?;
    let tenant = call.store.tenant(organization);
    let password = hash(new.password.clone()).await?;
    let now = call.store.now;
    let made = tenant
        .add_user(|user| {
            new.apply(user, &password, now);
            Ok(Vec::new())
        })
        .await
        .map_err(|error| unknown_organization(error, new.organization))?;
    let body = wire::render_created(made.user.number);
    Ok(Reply::json(StatusCode::OK, &body))
}

/// `PUT /api/v1/user/{user_id}`: the fields that are present.
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    call.exact_query(&[])?;
    let number = call.path_number("user_id")?;
    let change = user_in::read_update(&call.json_or_form(MAX_BODY)?, number)?;
    let is_operator = matches!(call.caller()?, Caller::Operator { .. });
    // Whether the organization exists is the operator's to know.
    let asked = change.organization.filter(|_| is_operator);
    let (located, target) = try_join(by_number::locate(call, number), target(call, asked)).await?;
    let password = match change.password.clone() {
        Some(password) => Some(hash(password).await?),
        None => None,
    };
    let expected = call.expected_version()?;
    let apply = |user: &mut User, organizations: &[Option<&_>]| {
        Error::hold_version(expected, user.version)?;
        let with = Circumstances {
            password: password.as_ref(),
            organizations,
            unknown_organization: target == Target::Unknown,
            now: call.store.now,
        };
        change.apply(user, with)
    };
    let tenant = call.store.tenant(located.tenancy);
    let changed = match target {
        Target::Organization(to) if to != located.tenancy => {
            let to = call.store.tenant(to);
            tenant
                .move_user(located.user, &to, |user, both| apply(user, &both))
                .await
                .map_err(|error| unknown_organization(error, asked.unwrap_or(NO_ORGANIZATION)))
        }
        _ => {
            let edit = |user: &mut User, organization: Option<&Organization>| {
                let own = organization.map_or(NO_ORGANIZATION, |own| own.number);
                if !is_operator && change.organization.is_some_and(|asked| asked != own) {
                    let detail =
                        "moving a user to another organization needs an operator's key (adm)";
                    return Err(Error::Forbidden(detail.to_owned()));
                }
                apply(user, &[organization])
            };
            tenant.edit_member(located.user, edit).await
        }
    };
    match changed.map_err(|error| error.located(moved_to)) {
        Ok(Member { user, organization }) => {
            let body = user_out::render(&user, organization.as_ref());
            Ok(Reply::json(StatusCode::OK, &body).with_version(user.version))
        }
        Err(Error::NotFound("user")) => {
            let unchanged = |member: &Member| {
                let organization = member.organization.as_ref();
                let own = organization.map_or(NO_ORGANIZATION, |own| own.number);
                let mut user = member.user.clone();
                change.organization.is_none_or(|asked| asked == own)
                    && apply(&mut user, &[organization]).is_ok()
                    && user == member.user
            };
            // A deleted user changes no more. What an answer showed of it can
            // be sent back all the same.
            match tenant.member_or_deleted(located.user).await {
                Ok(member) if member.user.deleted_at.is_some() && unchanged(&member) => {
                    let body = user_out::render(&member.user, member.organization.as_ref());
                    Ok(Reply::json(StatusCode::OK, &body))
                }
                _ => Err(by_number::explain(call, number, located, Error::NotFound("user")).await),
            }
        }
        Err(error) => Err(by_number::explain(call, number, located, error).await),
    }
}

/// The organization that a change asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    /// None in particular.
    Own,
    /// This one.
    Organization(Tenancy),
    /// One that is not there: told with everything else that is wrong.
    Unknown,
}

async fn target(call: &Call<'_>, asked: Option<u64>) -> Result<Target> {
    let Some(number) = asked else {
        return Ok(Target::Own);
    };
    match by_number::organization(call, number).await {
        Ok(id) => Ok(Target::Organization(id)),
        Err(Error::Invalid(_)) => Ok(Target::Unknown),
        Err(error) => Err(error),
    }
}

/// `DELETE /api/v1/user/{user_id}`: again and again with the same answer.
pub async fn delete(call: &Call<'_>) -> Result<Reply> {
    call.exact_query(&[])?;
    let number = call.path_number("user_id")?;
    let located = by_number::locate(call, number).await?;
    let tenant = call.store.tenant(located.tenancy);
    match tenant.delete_user(located.user).await {
        Ok(()) => Ok(Reply::json(StatusCode::OK, &wire::render_success())),
        Err(error) => Err(by_number::explain(call, number, located, error).await),
    }
}

/// `GET /api/v1/resetUserPassword/{user_id}`: a new password, shown this once.
pub async fn reset_password(call: &Call<'_>) -> Result<Reply> {
    // It is a change all the same, and another one each time.
    call.refuse_repeat("each request makes another password")?;
    call.exact_query(&[])?;
    let number = call.path_number("user_id")?;
    let located = by_number::locate(call, number).await?;
    let password = Password::random();
    let hashed = hash(password.clone()).await?;
    let tenant = call.store.tenant(located.tenancy);
    let edit = |user: &mut User| user_change::reset_password(user, &hashed);
    let reset = tenant.edit_user(located.user, edit).await;
    match reset {
        Ok(Member { user, .. }) => {
            let body = user_out::render_password(&user, password.reveal());
            let reply = Reply::json(StatusCode::OK, &body);
            Ok(reply.with_secret())
        }
        Err(error) => Err(by_number::explain(call, number, located, error).await),
    }
}

/// `GET /api/v1/users?org_id=`: the users of an organization; 0: those in none.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.exact_query(&["org_id", "limit", "cursor"])?;
    let window = Window::<UserId>::of(call, list::USERS);
    let (window, number) = both(window, organization_number(call))?;
    let organization = match number {
        NO_ORGANIZATION => None,
        number => Some(call.store.organization_with_number(number).await?),
    };
    let tenancy = match &organization {
        Some(found) => found.id.into(),
        None => Tenancy::None,
    };
    let tenant = call.store.tenant(tenancy);
    let fetch = |limit, after| async move { tenant.users(limit, after).await };
    let render = |user: &User| user_out::render(user, organization.as_ref());
    let collected = list::collect(call, list::USERS, window, fetch, |user| user.id, render).await?;
    Ok(list::reply(call, list::USERS, collected))
}

fn organization_number(call: &Call<'_>) -> Result<u64> {
    let detail = match call.query_parameter("org_id")? {
        None => "is required: the number of an organization".to_owned(),
        Some(text) => match u64::from_json(&text.into()) {
            Ok(number) => return Ok(number),
            Err(Wrong::Type(detail)) => detail.to_owned(),
            Err(Wrong::Value(detail)) => detail,
        },
    };
    let violation = Violation::malformed(Location::query("org_id"), detail);
    Err(Error::Invalid(vec![violation]))
}

/// Two parts of a request; what is wrong with either is told at once.
fn both<A, B>(first: Result<A>, second: Result<B>) -> Result<(A, B)> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (Err(Error::Invalid(mut all)), Err(Error::Invalid(more))) => {
            all.extend(more);
            Err(Error::Invalid(all))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// `GET /api/v1/user/{user_id}`.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    call.exact_query(&[])?;
    let number = call.path_number("user_id")?;
    let located = by_number::locate(call, number).await?;
    let tenant = call.store.tenant(located.tenancy);
    match tenant.member_or_deleted(located.user).await {
        Ok(member) => {
            let body = user_out::render_with_deletion(&member);
            Ok(Reply::json(StatusCode::OK, &body).with_version(member.user.version))
        }
        Err(error) => Err(by_number::explain(call, number, located, error).await),
    }
}
