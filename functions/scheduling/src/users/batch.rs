//! Batches of users (`/v2/users`).

use roster_domain::{Error, Field, Result, users::change::UserChange};
use roster_runtime::{Call, Reply};
use roster_store::{
    Tenant,
    dynamodb::capacity::try_join,
    users::{intent::Intent, write::Numbering},
};
use serde_json::Value;

use crate::{
    batch::{self, ExternalIds, MAX_BATCH_BODY, answer::BatchAnswer, dependent_items},
    users::{batch_entry, write_context},
    wire::user_in::{self, UserRequest},
};

/// `POST /v2/users/batch`.
///
/// # Errors
/// Where the batch itself cannot be read; what is wrong with an item stands in
/// its entry.
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    run(call, true).await
}

/// `PUT /v2/users` and `PUT /v2/users/batch`.
///
/// # Errors
/// As [`create`].
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    run(call, false).await
}

async fn run(call: &Call<'_>, creates: bool) -> Result<Reply> {
    call.only_query(&[])?;
    let body = call.json(MAX_BATCH_BODY)?;
    let items = batch::items(&body, "users")?;
    let read: Vec<_> = items.iter().map(|item| read_item(item, creates)).collect();
    let named = read.iter().flatten().find_map(|body| body.organization);
    // The items name the organization only for an operator who does not: for
    // everybody else an item that names another one fails alone.
    let tenant = call.tenant().or_else(|_| call.tenant_named(named))?;
    let mut answer = BatchAnswer::new(items.len());
    let mut ready: Vec<(usize, &UserChange)> = Vec::new();
    let mut extids = ExternalIds::default();
    for (index, read) in read.iter().enumerate() {
        let body = match read {
            Ok(body) => body,
            Err(error) => {
                answer.refused(index, error);
                continue;
            }
        };
        let extid = body.change.profile.extid.set();
        let held = batch::hold_organization(tenant, body.organization).and_then(|()| {
            let held = extids.hold(index, extid, Field::ExternalId, "user");
            held.map_err(|error| body.told(error))
        });
        match held {
            Ok(()) => ready.push((index, &body.change)),
            Err(error) => answer.refused(index, &error),
        }
    }
    let numbers = async {
        if creates {
            take_numbers(tenant, &ready).await
        } else {
            Ok(Vec::new())
        }
    };
    // Who may not ask is told so once, and not with each item.
    let (_, numbers) = try_join(call.store.actor(), numbers).await?;
    let number_of = |item: usize| {
        let position = ready.iter().position(|(index, _)| *index == item)?;
        numbers.get(position).copied().flatten()
    };
    let numbering = |item| number_of(item).map_or(Numbering::IfNew, Numbering::Taken);
    let intent = if creates {
        Intent::Upsert
    } else {
        Intent::Update(None)
    };
    let context = &write_context(call);
    let named: Vec<_> = ready
        .iter()
        .map(|(item, change)| (*item, names(change)))
        .collect();
    let (read, numbering) = (&read, &numbering);
    let write = |item: usize| async move {
        let Some(Ok(body)) = read.get(item) else {
            return Err(Error::internal("an item that was not read"));
        };
        let written = tenant.write_user(&body.change, intent, context, numbering(item));
        let written = written.await.map_err(|error| body.told(error))?;
        Ok(batch_entry::of(call, &written))
    };
    call.store.audit_each();
    batch::write(answer, items, dependent_items::groups(&named), write).await
}

fn read_item(item: &Value, creates: bool) -> Result<UserRequest> {
    let body = user_in::read(item, creates)?;
    if !creates && body.change.id.is_none() && body.change.profile.extid.set().is_none() {
        return Err(Error::at(
            "/user",
            "must name a user by _id, id or account.organization.extid",
        ));
    }
    Ok(body)
}

/// One number for each item that will create a user, all with one update.
async fn take_numbers(
    tenant: Tenant<'_>,
    ready: &[(usize, &UserChange)],
) -> Result<Vec<Option<u64>>> {
    let changes: Vec<_> = ready.iter().map(|(_, change)| *change).collect();
    let is_new = tenant.count_new(&changes).await?;
    let count = is_new.iter().filter(|is_new| **is_new).count();
    if count == 0 {
        return Ok(Vec::new());
    }
    let count = u64::try_from(count).map_err(Error::internal)?;
    let mut next = tenant.take_user_numbers(count).await?..;
    Ok(is_new
        .into_iter()
        .map(|is_new| if is_new { next.next() } else { None })
        .collect())
}

/// What two items collide on when both have it.
fn names(change: &UserChange) -> Vec<String> {
    let page = change.booking_page.set();
    let login = change.login.as_ref();
    [
        change.id.map(|id| format!("id {id}")),
        change
            .profile
            .email
            .set()
            .map(|email| format!("email {}", email.folded())),
        change
            .profile
            .extid
            .set()
            .map(|extid| format!("extid {extid}")),
        page.and_then(|page| page.nickname.set())
            .map(|name| format!("nickname {}", name.folded())),
        login
            .and_then(|login| login.username.as_ref())
            .map(|name| format!("login {}", name.folded())),
    ]
    .into_iter()
    .flatten()
    .collect()
}
