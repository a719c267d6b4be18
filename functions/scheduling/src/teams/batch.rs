//! Batches of teams (`/v2/teams`).

use std::sync::{Mutex, OnceLock};

use futures_util::stream;
use roster_domain::{
    Error, Field, Result, TeamId,
    team::{Team, TeamChange, UserReference},
};
use roster_runtime::{
    Call, Reply, answer, request::oversized::at_largest_field, wire, wire::Exactly,
};
use roster_store::{
    Tenant,
    idempotency::{Answer, Answered},
};
use serde_json::Value;

use crate::{
    batch::{self, ExternalIds, MAX_BATCH_BODY, answer::BatchAnswer, dependent_items},
    wire::{
        fields::location,
        team_json::{self, TeamAnswer},
    },
};

answer! {
    /// An item that was written.
    pub struct TeamEntry<'a> {
        "status" => status: Exactly<201>,
        "team" => team: TeamAnswer<'a>,
    }

    /// An item that was written, where the team has no room.
    pub struct ShortTeamEntry {
        "status" => status: Exactly<201>,
        "_id" => id: TeamId,
    }
}

/// `POST /v2/teams/batch`.
///
/// # Errors
/// Where the batch itself cannot be read; what is wrong with an item stands in
/// its entry.
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let body = call.json(MAX_BATCH_BODY)?;
    let items = batch::items(&body, "teams")?;
    let read: Vec<_> = items.iter().map(team_json::read_new).collect();
    let named = read.iter().flatten().find_map(|body| body.organization);
    // As in a batch of users.
    let tenant = call.tenant().or_else(|_| call.tenant_named(named))?;

    let mut answer = BatchAnswer::new(items.len());
    let mut ready: Vec<(usize, Vec<String>)> = Vec::new();
    let mut extids = ExternalIds::default();
    for (index, read) in read.iter().enumerate() {
        let change = match read {
            Ok(body) => &body.change,
            Err(error) => {
                answer.refused(index, error);
                continue;
            }
        };
        let organization = read.as_ref().ok().and_then(|body| body.organization);
        let extid = change.extid.as_ref();
        let held = batch::hold_organization(tenant, organization)
            .and_then(|()| extids.hold(index, extid, Field::TeamExternalId, "team"));
        match held {
            Ok(()) => ready.push((index, names(change))),
            Err(error) => answer.refused(index, &error.located(location)),
        }
    }
    let answer = Mutex::new(answer);
    let (read, answers) = (&read, &answer);
    let work = dependent_items::groups(&ready)
        .into_iter()
        .map(|group| async move {
            for item in group {
                let Some(Ok(body)) = read.get(item) else {
                    continue;
                };
                let made = make(tenant, &body.change).await;
                let Ok(mut answer) = answers.lock() else {
                    continue;
                };
                match made {
                    Ok((entry, id)) => answer.put(item, entry, || short(id)),
                    Err(error) => {
                        let error = error.located(location);
                        let error = match items.get(item) {
                            Some(sent) => at_largest_field(error, sent),
                            None => error,
                        };
                        answer.refused(item, &error);
                    }
                }
            }
        });
    batch::write(stream::iter(work)).await;
    let answer = answer
        .into_inner()
        .map_err(|_| Error::internal("a panic"))?;
    Ok(answer.reply())
}

/// Makes a team; its entry and its id.
async fn make(tenant: Tenant<'_>, change: &TeamChange) -> Result<(String, TeamId)> {
    let id = OnceLock::new();
    let render = |team: &Team| {
        id.get_or_init(|| team.id);
        let entry = TeamEntry {
            status: Exactly,
            team: team_json::answer(team),
        };
        Answer::created(wire::value(entry).to_string())
    };
    let (Answered::Now(made) | Answered::Before(made)) =
        tenant.create_team(change, None, &render).await?;
    let id = id.into_inner();
    Ok((made.body, id.ok_or_else(|| Error::internal("no team"))?))
}

/// The entry of a team for which the answer has no room: whoever wants it reads it by the
/// id.
fn short(id: TeamId) -> Value {
    wire::value(ShortTeamEntry {
        status: Exactly,
        id,
    })
}

/// What two teams collide on when both name it: whoever is in both is written with each.
fn names(change: &TeamChange) -> Vec<String> {
    let people = [&change.admins, &change.members].into_iter().flatten();
    let people = people.flatten().map(|(_, person)| match person {
        UserReference::Email(email) => format!("email {}", email.folded()),
        other => other.to_string(),
    });
    let extid = change.extid.iter().map(|extid| format!("team {extid}"));
    people.chain(extid).collect()
}

#[cfg(feature = "schema")]
pub mod schema {
    //! The schema of the entries.

    use roster_runtime::schema::{Described, Parts, about, add, either};

    use super::{ShortTeamEntry, TeamEntry};
    use crate::batch::answer::RefusedEntry;

    /// Adds the schema of an entry.
    pub fn collect(parts: &mut Parts) {
        let entry = either([
            TeamEntry::part(),
            ShortTeamEntry::part(),
            RefusedEntry::part(),
        ]);
        let text = "The result of one item: the team or an error. If the response would be too large, entries have the team's `_id` instead of the team, and errors have no list.";
        add(parts, "TeamBatchEntry", about(entry, text));
    }
}
