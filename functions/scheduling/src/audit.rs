//! `/v2/audit`: who did what.

use jiff::Timestamp;
use lambda_http::http::{StatusCode, header};
use roster_domain::{
    AuditId, Error, Location, Result, Violation, audit::AuditOutcome, id::ObjectId,
};
use roster_runtime::{Call, Reply, answer::list};
use roster_store::audit::AuditFilter;
use serde_json::Value;

use crate::wire::audit_out;

/// Entries in an answer to a request that does not say how many.
const USUAL: usize = 100;
/// The parameters.
const PARAMETERS: [&str; 8] = [
    "actor",
    "resource",
    "operation",
    "outcome",
    "from",
    "to",
    "limit",
    "cursor",
];

/// `GET /v2/audit`: newest first.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&PARAMETERS)?;
    let filter = AuditFilter {
        actor: read(
            call,
            "actor",
            "must be an id of 24 hex digits",
            parsed::<ObjectId>,
        )?,
        resource: read(call, "resource", "must be an id of 24 hex digits", |text| {
            parsed::<ObjectId>(text).map(|id| id.to_string())
        })?,
        operation: call.query_parameter("operation")?,
        outcome: read(call, "outcome", "must be done or refused", outcome)?,
        from: read(call, "from", INSTANT, parsed::<Timestamp>)?,
        to: read(call, "to", INSTANT, parsed::<Timestamp>)?,
    };
    let mut violations = Vec::new();
    let limit = list::limit(call, &mut violations)?;
    let after = list::after(call, &mut violations, read_cursor)?;
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    let tenant = call.tenant()?;
    let found = tenant.audit(&filter, limit.unwrap_or(USUAL), after).await?;
    let shown = found.entries.iter().map(audit_out::render).collect();
    let reply = Reply::json(StatusCode::OK, &Value::Array(shown));
    Ok(match found.next {
        Some(next) => {
            let link = list::link_behind(call, &cursor_behind(next));
            reply.with_header(header::LINK, &link)
        }
        None => reply,
    })
}

const INSTANT: &str = "must be an instant such as 2026-01-31T09:00:00Z";

fn parsed<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn outcome(text: &str) -> Option<AuditOutcome> {
    let mut all = AuditOutcome::ALL.into_iter();
    all.find(|outcome| outcome.name() == text)
}

fn read<T>(
    call: &Call<'_>,
    name: &str,
    wanted: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>> {
    let Some(text) = call.query_parameter(name)? else {
        return Ok(None);
    };
    let wrong = || {
        let violation = Violation::malformed(Location::query(name), wanted);
        Error::Invalid(vec![violation])
    };
    read(&text).ok_or_else(wrong).map(Some)
}

/// Where the list goes on: behind an entry of a millisecond.
fn cursor_behind((at, id): (Timestamp, AuditId)) -> String {
    format!("{}-{id}", at.as_millisecond())
}

fn read_cursor(text: &str) -> Option<(Timestamp, AuditId)> {
    let (at, id) = text.rsplit_once('-')?;
    let at = Timestamp::from_millisecond(at.parse().ok()?).ok()?;
    Some((at, id.parse().ok()?))
}
