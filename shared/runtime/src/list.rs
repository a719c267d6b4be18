//! Lists: `limit`, `cursor`, and the link to the rest (RFC 8288).

use std::future::Future;

use lambda_http::http::{StatusCode, header};
use roster_domain::{
    Error, EventId, KeyId, OrganizationId, Place, Result, TeamId, UserId, Violation,
};
use roster_store::Page;
use serde_json::Value;

use crate::{
    Call, Reply,
    cursor::{self, ListId},
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

/// Most things on one page.
pub const MAX_LIMIT: usize = 1_000;
/// Most bytes of a list's body: below what Lambda can answer (6 MB).
pub const MAX_BYTES: usize = 5_000_000;

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
listed_id!(EventId, KeyId, OrganizationId, TeamId, UserId);

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
        let limit = call.query_parameter("limit")?.and_then(|text| {
            let limit = text
                .parse()
                .ok()
                .filter(|limit| (1..=MAX_LIMIT).contains(limit));
            if limit.is_none() {
                let detail = format!("must be a whole number from 1 to {MAX_LIMIT}");
                violations.push(Violation::malformed(Place::query("limit"), detail));
            }
            limit
        });
        let after = call.query_parameter("cursor")?.and_then(|text| {
            let id = cursor::decode(list, &text);
            if id.is_none() {
                let detail = "must be a cursor from a Link header of this list";
                violations.push(Violation::malformed(Place::query("cursor"), detail));
            }
            id.map(Id::from_bytes)
        });
        if violations.is_empty() {
            Ok(Self { limit, after })
        } else {
            Err(Error::Invalid(violations))
        }
    }
}

/// The JSON texts that fit, and where the list goes on.
#[derive(Debug)]
pub struct Collected<Id> {
    /// A JSON array.
    pub body: String,
    /// Id of the last thing in it, where more is left.
    pub next: Option<Id>,
}

/// Reads pages until the window or [`MAX_BYTES`] is full.
///
/// # Errors
/// What reading a page answers.
pub async fn collect<T, Id, Fetch, Fetched>(
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
    let mut body = String::from("[");
    let mut count = 0;
    let mut after = window.after;
    loop {
        let wanted = window.limit.map_or(MAX_LIMIT, |limit| limit - count);
        let page = fetch(wanted, after).await?;
        for item in &page.items {
            let text = render(item).to_string();
            if count > 0 && body.len() + text.len() + 2 > MAX_BYTES {
                body.push(']');
                return Ok(Collected { body, next: after });
            }
            if count > 0 {
                body.push(',');
            }
            body.push_str(&text);
            count += 1;
            after = Some(id(item));
        }
        // A page may hold fewer than were asked for and still not be the last.
        let full = window.limit.is_some_and(|limit| count >= limit);
        if page.next.is_none() || full {
            body.push(']');
            return Ok(Collected {
                body,
                next: page.next,
            });
        }
        after = page.next;
    }
}

/// The `Link` header that leads to the rest of a list: the same request with
/// another cursor.
#[must_use]
pub fn next_link<Id: ListedId>(call: &Call<'_>, list: ListId, next: Id) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(call.query().iter().filter(|(name, _)| name != "cursor"));
    query.append_pair("cursor", &cursor::encode(list, next.bytes()));
    format!(
        "<{}?{}>; rel=\"next\"",
        call.request().uri().path(),
        query.finish()
    )
}

/// The answer to a list request.
#[must_use]
pub fn reply<Id: ListedId>(call: &Call<'_>, list: ListId, collected: Collected<Id>) -> Reply {
    let reply = Reply::text(StatusCode::OK, "application/json", collected.body);
    match collected.next {
        Some(next) => reply.with_header(header::LINK, &next_link(call, list, next)),
        None => reply,
    }
}
