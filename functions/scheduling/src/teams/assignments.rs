//! `GET /v2/teams/{team_id}/assignments`: how a team's bookings were assigned.

use lambda_http::http::StatusCode;
use roster_domain::Result;
use roster_runtime::{Call, Reply, wire};

use crate::wire::decision_out::AssignmentsAnswer;

/// The ledger, and the last decisions, newest first. A balance is in units of
/// which a booking has `booking`.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let team = call.path_id("team_id")?;
    let (ledger, decisions) = call.tenant()?.assignments(team).await?;
    let body = AssignmentsAnswer::of(&ledger, &decisions);
    Ok(Reply::json(StatusCode::OK, &wire::value(body)))
}
