//! Batches of users (`/v2/users`): items succeed or fail one by one, each atomically.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Mutex,
};

use futures_util::{StreamExt as _, stream};
use roster_domain::{
    Conflict, Error, Field, Location, Result, Violation, text::ExternalId,
    users::change::UserChange,
};
use roster_runtime::{Call, Reply, request::oversized::at_largest_field};
use roster_store::{
    Tenant,
    dynamodb::capacity::try_join,
    users::{intent::Intent, write::Numbering},
};
use serde_json::Value;

use crate::{
    users::write_context,
    users::{batch_answer::BatchAnswer, dependent_items},
    wire::user_in::{self, UserRequest},
};

/// Most items of a batch.
pub const MAX_ITEMS: usize = 500;
/// Most bytes of a batch. What Lambda can receive counts the JSON that holds the
/// body, in which each of its quotes, backslashes and line breaks is two bytes:
/// a body of this size arrives unless half of it are such. One that is so large
/// that it never arrives is refused by API Gateway, with a 413 as well.
pub const MAX_BATCH_BODY: usize = 4 * 1024 * 1024;
/// Groups of items that are written at once.
const GROUPS_AT_ONCE: usize = 16;

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
    let items = items(&body)?;
    let read: Vec<_> = items.iter().map(|item| read_item(item, creates)).collect();
    let named = read.iter().flatten().find_map(|body| body.organization);
    // The items name the organization only for an operator who does not: for
    // everybody else an item that names another one fails alone.
    let tenant = call.tenant().or_else(|_| call.tenant_named(named))?;
    let organization = tenant.tenancy().to_string();

    let mut answer = BatchAnswer::new(items.len());
    let mut ready: Vec<(usize, &UserChange)> = Vec::new();
    let mut extids: HashMap<&ExternalId, usize> = HashMap::new();
    for (index, read) in read.iter().enumerate() {
        match read {
            Err(error) => answer.refused(index, error),
            Ok(UserRequest {
                organization: Some(named),
                ..
            }) if named.to_string() != organization => {
                let error = Error::Forbidden(
                    "organization must be the one that the request is made for".to_owned(),
                );
                answer.refused(index, &error);
            }
            Ok(body) => match names_extid_too(&mut extids, index, &body.change) {
                Some(error) => answer.refused(index, &body.told(error)),
                None => ready.push((index, &body.change)),
            },
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
    let answer = Mutex::new(answer);
    let work = dependent_items::groups(&ready).into_iter().map(|group| {
        let read = &read;
        let numbering = &numbering;
        let answer = &answer;
        async move {
            for item in group {
                if let Some(Ok(body)) = read.get(item) {
                    let written = tenant
                        .write_user(&body.change, intent, context, numbering(item))
                        .await;
                    let Ok(mut answer) = answer.lock() else {
                        continue;
                    };
                    match written {
                        Ok(written) => answer.wrote(item, call, &written),
                        Err(error) => {
                            let error = body.told(error);
                            let error = match items.get(item) {
                                Some(sent) => at_largest_field(error, sent),
                                None => error,
                            };
                            answer.refused(item, &error);
                        }
                    }
                }
            }
        }
    });
    let mut work = stream::iter(work).buffer_unordered(GROUPS_AT_ONCE);
    while work.next().await.is_some() {}
    drop(work);
    let answer = answer
        .into_inner()
        .map_err(|_| Error::internal("a panic"))?;
    Ok(answer.reply())
}

/// The items: a JSON array, or `{"users": […]}`.
fn items(body: &Value) -> Result<&Vec<Value>> {
    let items = match body {
        Value::Array(items) => Some(items),
        Value::Object(object) if object.len() == 1 => object.get("users").and_then(Value::as_array),
        _ => None,
    };
    let items = items.ok_or_else(|| {
        let detail = "must be an array of users, or an object whose only field, users, is one";
        Error::Invalid(vec![Violation::malformed(Location::body(""), detail)])
    })?;
    if items.len() > MAX_ITEMS {
        let count = items.len();
        return Err(Error::TooLarge(format!(
            "the batch has {count} items; the maximum is {MAX_ITEMS}"
        )));
    }
    Ok(items)
}

/// What an item is refused with that names an external id as an earlier one
/// does: the second would undo what the first has done, or take its user for
/// another.
fn names_extid_too<'a>(
    extids: &mut HashMap<&'a ExternalId, usize>,
    index: usize,
    change: &'a UserChange,
) -> Option<Error> {
    let earlier = match extids.entry(change.profile.extid.set()?) {
        Entry::Occupied(earlier) => *earlier.get(),
        Entry::Vacant(vacant) => {
            vacant.insert(index);
            return None;
        }
    };
    let detail = format!(
        "item {earlier} of this batch names this extid too (items are counted from 0); \
         send one item for each user"
    );
    Some(Conflict::new(detail).at(Field::ExternalId).into())
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
