//! Lists: `limit`, `cursor`, and the link to the rest (RFC 8288).
//!
//! A list without a `limit` answers as much as Lambda hands on. Whoever accepts
//! gzip gets far more at once.

use std::future::Future;

use lambda_http::http::{StatusCode, header};
use roster_domain::{
    DeliveryId, Error, EventId, KeyId, Location, OrganizationId, Result, TeamId, UserId, Violation,
    changes::ChangeNumber,
};
use roster_store::Page;
use serde_json::Value;

use crate::{
    Call, Reply,
    answer::cursor::{self, ListId},
    answer::gzip,
    answer::lambda::{Answer, MAX_PAYLOAD, encoded_length},
    answer::reply::{Content, JSON},
    json::array::JsonArray,
};

/// The users of an organization.
pub const USERS: ListId = ListId(1);
/// The teams of an organization.
pub const TEAMS: ListId = ListId(2);
/// API keys.
pub const KEYS: ListId = ListId(3);
/// Organizations.
pub const ORGANIZATIONS: ListId = ListId(4);

/// The events of a team's members.
pub const EVENTS: ListId = ListId(5);
/// The changes of an organization.
pub const CHANGES: ListId = ListId(6);
/// The deliveries to a webhook.
pub const DELIVERIES: ListId = ListId(7);

/// Most things on one page.
pub const MAX_LIMIT: usize = 1_000;
/// Room for headers that no list has of its own.
const OTHER_HEADERS: usize = 512;

/// An id that a list is ordered by.
pub trait ListedId: Copy + Send {
    /// Its bytes.
    fn bytes(self) -> [u8; 12];
    /// The id with these bytes.
    fn from_bytes(bytes: [u8; 12]) -> Self;
}

macro_rules! listed_id {
    ($($Id:ty),*) => { $(
        impl ListedId for $Id {
            fn bytes(self) -> [u8; 12] {
                <$Id>::bytes(self)
            }

            fn from_bytes(bytes: [u8; 12]) -> Self {
                <$Id>::from_bytes(bytes)
            }
        }
    )* };
}
listed_id!(
    ChangeNumber,
    DeliveryId,
    EventId,
    KeyId,
    OrganizationId,
    TeamId,
    UserId
);

/// How much of a list is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Window<Id> {
    /// Most things; none: as many as fit.
    pub limit: Option<usize>,
    /// Where to begin: behind this.
    pub after: Option<Id>,
}

impl<Id: ListedId> Window<Id> {
    /// From `limit` and `cursor` in the query.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names what cannot be read.
    pub fn of(call: &Call<'_>, list: ListId) -> Result<Self> {
        let mut violations = Vec::new();
        let limit = limit(call, &mut violations)?;
        let decode = |text: &str| cursor::decode(list, text).map(Id::from_bytes);
        let after = after(call, &mut violations, decode)?;
        if violations.is_empty() {
            Ok(Self { limit, after })
        } else {
            Err(Error::Invalid(violations))
        }
    }
}

/// The most things that are asked for; none: the query does not say. What cannot be read is
/// added to `violations`.
///
/// # Errors
/// Where the parameter is given more than once.
pub fn limit(call: &Call<'_>, violations: &mut Vec<Violation>) -> Result<Option<usize>> {
    Ok(call.query_parameter("limit")?.and_then(|text| {
        let limit = text
            .parse()
            .ok()
            .filter(|limit| (1..=MAX_LIMIT).contains(limit));
        if limit.is_none() {
            let detail = format!("must be a whole number from 1 to {MAX_LIMIT}");
            violations.push(Violation::malformed(Location::query("limit"), detail));
        }
        limit
    }))
}

/// Where a list is to go on, as `decode` reads a cursor of it. What cannot be read is added
/// to `violations`.
///
/// # Errors
/// Where the parameter is given more than once.
pub fn after<T>(
    call: &Call<'_>,
    violations: &mut Vec<Violation>,
    decode: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>> {
    Ok(call.query_parameter("cursor")?.and_then(|text| {
        let after = decode(&text);
        if after.is_none() {
            let detail = "must be a cursor from a Link header of this list";
            violations.push(Violation::malformed(Location::query("cursor"), detail));
        }
        after
    }))
}

/// As much as fits, and where the list goes on.
#[derive(Debug)]
pub struct Collected<Id> {
    /// A JSON array.
    pub body: Content,
    /// Id of the last thing in it, where more is left.
    pub next: Option<Id>,
}

/// Reads pages until the window or the answer is full.
///
/// # Errors
/// What reading a page answers.
pub async fn collect<T, Id, Fetch, Fetched>(
    call: &Call<'_>,
    list: ListId,
    window: Window<Id>,
    fetch: Fetch,
    id: impl Fn(&T) -> Id,
    render: impl Fn(&T) -> Value,
) -> Result<Collected<Id>>
where
    Id: ListedId,
    Fetch: Fn(usize, Option<Id>) -> Fetched,
    Fetched: Future<Output = Result<Page<T, Id>>>,
{
    let room = MAX_PAYLOAD.saturating_sub(frame_length(call, list));
    let is_gzip = gzip::is_accepted(call.request().headers());
    let mut array = JsonArray::new(room, is_gzip);
    let next = fill(&mut array, window, fetch, id, |item| {
        render(item).to_string()
    })
    .await?;
    let body = array.finish();
    Ok(Collected { body, next })
}

/// Reads pages into an array until it or the window is full; answers where the
/// list goes on.
///
/// # Errors
/// What reading a page answers.
pub async fn fill<T, Id, Fetch, Fetched>(
    array: &mut JsonArray,
    window: Window<Id>,
    fetch: Fetch,
    id: impl Fn(&T) -> Id,
    render: impl Fn(&T) -> String,
) -> Result<Option<Id>>
where
    Id: ListedId,
    Fetch: Fn(usize, Option<Id>) -> Fetched,
    Fetched: Future<Output = Result<Page<T, Id>>>,
{
    let mut after = window.after;
    loop {
        let wanted = window
            .limit
            .map_or(MAX_LIMIT, |limit| limit.saturating_sub(array.count()));
        let page = fetch(wanted, after).await?;
        for item in &page.items {
            if !array.push(&render(item)) {
                return Ok(after);
            }
            after = Some(id(item));
        }
        // A page may hold fewer than were asked for and still not be the last.
        let is_full = window.limit.is_some_and(|limit| array.count() >= limit);
        if page.next.is_none() || is_full {
            return Ok(page.next);
        }
        after = page.next;
    }
}

/// How many bytes of the encoded answer a list has besides its body, with a link
/// to the rest: every cursor of a list is equally long.
fn frame_length(call: &Call<'_>, list: ListId) -> usize {
    let any = OrganizationId::from_bytes([0; 12]);
    let frame = Reply::text(StatusCode::OK, JSON, String::new())
        .with_header(header::LINK, &next_link(call, list, any))
        .with_header(header::VARY, "accept-encoding")
        .with_header(header::CONTENT_ENCODING, "gzip");
    encoded_length(&Answer::from(frame)).saturating_add(OTHER_HEADERS)
}

/// The `Link` header that leads to the rest of a list: the same request with
/// another cursor.
#[must_use]
pub fn next_link<Id: ListedId>(call: &Call<'_>, list: ListId, next: Id) -> String {
    link_behind(call, &cursor::encode(list, next.bytes()))
}

/// The `Link` header that leads on in a list whose cursors are of its own kind: the same
/// request with this one.
#[must_use]
pub fn link_behind(call: &Call<'_>, cursor: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(call.query().iter().filter(|(name, _)| name != "cursor"));
    link(call, call.path(), query, cursor)
}

/// The `Link` header that leads to a list behind one of its things: another
/// operation's, at this path.
#[must_use]
pub fn link_to<Id: ListedId>(call: &Call<'_>, path: &str, list: ListId, next: Id) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new());
    link(call, path, query, &cursor::encode(list, next.bytes()))
}

fn link(
    call: &Call<'_>,
    path: &str,
    mut query: url::form_urlencoded::Serializer<'_, String>,
    cursor: &str,
) -> String {
    query.append_pair("cursor", cursor);
    let (base, query) = (call.base_url(), query.finish());
    format!("<{base}{path}?{query}>; rel=\"next\"")
}

/// The answer to a list request.
#[must_use]
pub fn reply<Id: ListedId>(call: &Call<'_>, list: ListId, collected: Collected<Id>) -> Reply {
    let reply = Reply::content(StatusCode::OK, JSON, collected.body);
    match collected.next {
        Some(next) => reply.with_header(header::LINK, &next_link(call, list, next)),
        None => reply,
    }
}
