//! Batches of teams (`/v2/teams`).

use std::sync::OnceLock;

use roster_domain::{
    Error, Field, Result, TeamId,
    team::{Team, TeamChange, UserReference},
};
use roster_runtime::{Call, Reply, answer, wire, wire::Exactly};
use roster_store::{
    Tenant,
    idempotency::{Answer, Answered},
};

use crate::{
    batch::{
        self, ExternalIds, MAX_BATCH_BODY,
        answer::{BatchAnswer, Entry},
        dependent_items,
    },
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
    let read = &read;
    let write = |item: usize| async move {
        let Some(Ok(body)) = read.get(item) else {
            return Err(Error::internal("an item that was not read"));
        };
        let made = make(tenant, &body.change).await;
        made.map_err(|error| error.located(location))
    };
    call.store.audit_each();
    batch::write(answer, items, dependent_items::groups(&ready), write).await
}

/// Makes a team; its entry. Without the team where that has no room: whoever wants it reads
/// it by the id.
async fn make(tenant: Tenant<'_>, change: &TeamChange) -> Result<Entry> {
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
    let id = id.into_inner().ok_or_else(|| Error::internal("no team"))?;
    let status = Exactly;
    Ok(Entry {
        whole: made.body,
        short: wire::value(ShortTeamEntry { status, id }),
        has_secret: false,
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
