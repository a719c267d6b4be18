//! Following the table's stream: numbering what changed, and queueing what webhooks are to
//! be told.

use roster_domain::{
    Error, OrganizationId, Result,
    changes::{ResourceKind, action::Action},
    hooks::Hook,
};
use roster_runtime::{
    App,
    function::records::{BatchItemFailure, BatchResponse, Changed},
};
use roster_store::{
    Tenant,
    changes::{NewChange, Observed, Sequence, State},
    dynamodb::table::Freshness,
    keys,
};
use serde::Deserialize;

use crate::{Queue, Queued, resource};

/// Most items that one transaction writes: DynamoDB takes 100.
const MAX_ITEMS: usize = 90;
/// Most bytes of resources that one transaction writes: DynamoDB takes 4 MB.
const MAX_BYTES: usize = 2 * 1024 * 1024;
const SECONDS_OF_DAY: i64 = 24 * 60 * 60;

/// What the function is called with.
#[derive(Debug, Deserialize)]
pub struct Event {
    /// Changes, in the order of the stream.
    #[serde(rename = "Records")]
    pub records: Vec<Changed>,
}

/// One invocation.
#[derive(Debug)]
pub struct Follower<'a> {
    /// Configuration and clients.
    pub app: &'a App,
    /// Where deliveries go that are to be made.
    pub queue: &'a Queue,
}

/// What happened to one organization's things, in order.
struct Run {
    organization: OrganizationId,
    observed: Vec<Observed>,
    /// How the stream calls the first of it.
    first: String,
}

impl Follower<'_> {
    /// Numbers what a batch brings, and queues the deliveries that are new in it. Answers
    /// the first record that failed: the stream brings it again, and what comes behind it.
    /// What was numbered gets no second number.
    pub async fn serve(&self, event: &Event) -> BatchResponse {
        let mut response = BatchResponse::default();
        if let Err((identifier, error)) = self.follow(&event.records).await {
            let cause = error.cause();
            tracing::error!(record = identifier, cause, "a change was not followed");
            response.batch_item_failures.push(BatchItemFailure {
                item_identifier: identifier,
            });
        }
        response
    }

    async fn follow(&self, records: &[Changed]) -> Result<(), (String, Error)> {
        let mut runs: Vec<Run> = Vec::new();
        for record in records {
            let identifier = || record.dynamodb.sequence_number.clone();
            let read = read(record).map_err(|error| (identifier(), error))?;
            match read {
                Some(Read::Delivery(queued)) => {
                    let put = self.queue.put(queued, self.app.clock.now()).await;
                    put.map_err(|error| (identifier(), error))?;
                }
                Some(Read::Observed(observed)) => {
                    let organization = observed.organization;
                    match runs.last_mut() {
                        Some(run) if run.organization == organization => run.push(*observed),
                        _ => runs.push(Run {
                            organization,
                            observed: vec![*observed],
                            first: identifier(),
                        }),
                    }
                }
                None => {}
            }
        }
        for run in runs {
            let first = run.first.clone();
            self.note(run).await.map_err(|error| (first, error))?;
        }
        Ok(())
    }

    async fn note(&self, run: Run) -> Result<()> {
        let store = self.app.store();
        let tenant = store.tenant(run.organization);
        let hooks = tenant.hooks(Freshness::Strong).await?;
        let kept = i64::from(self.app.change_days) * SECONDS_OF_DAY;
        let (mut changes, mut items, mut bytes) = (Vec::new(), 1, 0);
        for observed in run.observed {
            tell_calendars(&tenant, &observed).await?;
            let change = self.change(&tenant, &hooks, observed).await?;
            let (more_items, more_bytes) = (change.items(), change.body.len());
            if items + more_items > MAX_ITEMS || bytes + more_bytes > MAX_BYTES {
                tenant.note_changes(&changes, kept).await?;
                (items, bytes) = (1, 0);
                changes.clear();
            }
            items += more_items;
            bytes += more_bytes;
            changes.push(change);
        }
        tenant.note_changes(&changes, kept).await?;
        Ok(())
    }

    /// A change, with what hooks are told of it.
    async fn change(
        &self,
        tenant: &Tenant<'_>,
        hooks: &[Hook],
        observed: Observed,
    ) -> Result<NewChange> {
        let actions = &observed.actions;
        let told = |hook: &Hook| {
            let told = actions.iter().filter(|action| hook.is_told(**action));
            let told = told.map(|action| (hook.id, *action));
            told.collect::<Vec<_>>()
        };
        let told: Vec<_> = hooks.iter().flat_map(told).collect();
        let body = if told.is_empty() {
            String::new()
        } else {
            resource::shown(self.app, tenant, &observed).await?
        };
        Ok(NewChange {
            at: observed.at,
            actions: observed.actions,
            resource: observed.resource,
            deleted: observed.deleted,
            sequence: observed.sequence,
            body,
            told,
        })
    }
}

/// Notes in the calendars of who holds an event, or held it, that they show it otherwise now.
async fn tell_calendars(tenant: &Tenant<'_>, observed: &Observed) -> Result<()> {
    if let State::Event(event) = &observed.state {
        for user in &observed.calendars {
            tenant.note_to_write(*user, event.id).await?;
        }
    }
    Ok(())
}

impl Run {
    /// Adds what happened next. A team is kept in several items, which one request writes
    /// together: what happened to them is one change of the team.
    fn push(&mut self, observed: Observed) {
        let is_same = |one: &&mut Observed| {
            one.resource == observed.resource && one.resource.kind == ResourceKind::Team
        };
        let Some(same) = self.observed.iter_mut().rev().find(is_same) else {
            self.observed.push(observed);
            return;
        };
        let kept = [Action::TeamCreated, Action::TeamDeleted];
        let is_kept = |actions: &[Action]| actions.iter().any(|action| kept.contains(action));
        let is_person = observed.actions == [Action::TeamUpdated];
        match (is_kept(&same.actions), is_kept(&observed.actions)) {
            (true, false) => {}
            (true, true) => same.actions.extend(observed.actions),
            (false, _) => same.actions = observed.actions,
        }
        // A person's item says nothing of whether the team is there.
        if !is_person {
            same.deleted = observed.deleted;
        }
        same.at = observed.at;
        same.sequence = observed.sequence;
    }
}

/// What a record is to the function.
enum Read {
    Delivery(Queued),
    Observed(Box<Observed>),
}

fn read(record: &Changed) -> Result<Option<Read>> {
    let Some(key) = record.key() else {
        return Ok(None);
    };
    if let Some((organization, hook, delivery)) = keys::delivery_of(&key) {
        let queued = Queued {
            organization,
            hook,
            delivery,
        };
        return Ok(record.is_new().then_some(Read::Delivery(queued)));
    }
    let (before, after) = record.images()?;
    let sequence = Sequence::of(&record.dynamodb.sequence_number);
    let observed = Observed::read(&key, before, after, record.at()?, sequence)?;
    Ok(observed.map(Box::new).map(Read::Observed))
}
