//! `GET /v2/teams/{team_id}/assignments`: how a team's bookings were assigned.

use lambda_http::http::StatusCode;
use roster_domain::Result;
use roster_runtime::{Call, Reply};
use serde_json::{Value, json};

use crate::wire::event_out;

/// The ledger, and the last decisions, newest first. A balance is in units of
/// which a booking has `booking`.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let team = call.path_id("team_id")?;
    let (ledger, decisions) = call.tenant()?.assignments(team).await?;
    let accounts = ledger.accounts.iter().map(|(user, account)| {
        json!({
            "user": user,
            "balance": account.balance,
            "assigned": account.assigned,
            "last_assigned": account.last_assigned,
        })
    });
    let decisions = decisions.iter().map(|record| {
        event_out::render_decision(
            record.event,
            &record.decision,
            &record.considered,
            record.at,
        )
    });
    let body = json!({
        "booking": roster_domain::assignment::BOOKING,
        "bookings": ledger.bookings,
        "ledger": accounts.collect::<Value>(),
        "decisions": decisions.collect::<Value>(),
    });
    Ok(Reply::json(StatusCode::OK, &body))
}
