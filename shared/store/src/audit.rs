//! The audit log: each request that changes something writes an entry in its first
//! transaction, so that nothing is done without one, and no entry says what was not done.

mod read;

use std::{
    net::IpAddr,
    sync::atomic::{AtomicBool, Ordering},
};

use roster_domain::{
    AuditId, OrganizationId, Result, Tenancy,
    access::secret::SecretDigest,
    audit::{AuditActor, AuditEntry, AuditOutcome, AuditResource},
};

use crate::{
    Store,
    access::rate_limit,
    dynamodb::{condition::Condition, item::to_item, transaction::Write},
    keys::{self, Key, kind::Kind},
};

pub use read::{AuditFilter, Audits};

/// Seconds of a day.
const DAY_SECONDS: i64 = 24 * 60 * 60;
/// Most refusals of an organization in a quarter of an hour that are kept.
const MOST_REFUSALS: u64 = 50;

/// What is known of a request before it does anything.
#[derive(Debug)]
pub struct Audited {
    /// The operation.
    pub operation: &'static str,
    /// Who asks.
    pub actor: AuditActor,
    /// From where.
    pub address: Option<IpAddr>,
    /// The organization that it is made for, as far as the request says.
    pub organization: Option<OrganizationId>,
    /// The kind of what it is about, as far as the path says, and its id.
    pub about: Option<(&'static str, Option<String>)>,
    /// The fields that it sets.
    pub fields: Vec<String>,
    /// The request's id.
    pub request: String,
    /// For how many days its entry is kept.
    pub days: u32,
}

/// An audited request, and what it has noted.
#[derive(Debug)]
pub(crate) struct Auditing {
    audited: Audited,
    /// Whether each transaction is one of several things that the request does.
    each: AtomicBool,
    noted: AtomicBool,
}

impl Auditing {
    /// That a transaction was made which has the entry.
    pub(crate) fn is_noted(&self) {
        self.noted.store(true, Ordering::Relaxed);
    }

    fn wants_entry(&self) -> bool {
        self.each.load(Ordering::Relaxed) || !self.noted.load(Ordering::Relaxed)
    }
}

impl Store<'_> {
    /// Notes what this request does in the audit log.
    pub fn audit(&mut self, audited: Audited) {
        self.auditing = Some(Auditing {
            audited,
            each: AtomicBool::new(false),
            noted: AtomicBool::new(false),
        });
    }

    /// From now on, each transaction has an entry: a batch does several things.
    pub fn audit_each(&self) {
        if let Some(auditing) = &self.auditing {
            auditing.each.store(true, Ordering::Relaxed);
        }
    }

    /// The write of the entry that a transaction is to have; none where it is to have none.
    pub(crate) fn audit_write(&self, writes: &[Write]) -> Result<Option<Write>> {
        let Some(auditing) = self.auditing.as_ref().filter(|one| one.wants_entry()) else {
            return Ok(None);
        };
        let audited = &auditing.audited;
        let written: Vec<Key> = writes.iter().filter_map(Write::target).collect();
        let named = written.iter().find_map(keys::organization_of);
        let organization = named.or(audited.organization);
        let resource = resource(audited, organization, &written);
        let entry = self.audit_entry(audited, resource, AuditOutcome::Done);
        let tenancy = organization.map_or(Tenancy::None, Tenancy::Organization);
        put(tenancy, &entry).map(Some)
    }

    fn audit_entry(
        &self,
        audited: &Audited,
        resource: Option<AuditResource>,
        outcome: AuditOutcome,
    ) -> AuditEntry {
        AuditEntry {
            id: AuditId::generate(self.now),
            at: self.now,
            operation: audited.operation.to_owned(),
            actor: audited.actor,
            address: audited.address,
            resource,
            fields: audited.fields.clone(),
            outcome,
            request: audited.request.clone(),
            expires_at: self.now.as_second() + i64::from(audited.days) * DAY_SECONDS,
        }
    }

    /// Notes that this request was refused, unless too many were of late.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn note_refusal(&self) -> Result<()> {
        let Some(Auditing { audited, .. }) = &self.auditing else {
            return Ok(());
        };
        let tenancy = audited
            .organization
            .map_or(Tenancy::None, Tenancy::Organization);
        let subject = SecretDigest::of(&format!("refused {tenancy}"));
        let (quarter, end) = self.quarter();
        let count = keys::login_attempts(&subject, quarter);
        let is_kept = self
            .table
            .add_below(&count, rate_limit::COUNT, MOST_REFUSALS, end);
        if is_kept.await? {
            self.put_refusal(tenancy, resource(audited, audited.organization, &[]))
                .await?;
        }
        Ok(())
    }

    /// Notes that this request was refused, whatever was refused of late.
    pub(crate) async fn put_refusal(
        &self,
        tenancy: Tenancy,
        resource: Option<AuditResource>,
    ) -> Result<()> {
        let Some(Auditing { audited, .. }) = &self.auditing else {
            return Ok(());
        };
        let entry = self.audit_entry(audited, resource, AuditOutcome::Refused);
        let key = keys::audit_entry(tenancy, entry.at, entry.id);
        let item = to_item(&entry)?;
        let put = self.table.put_if(&key, item, Condition::absent());
        drop(put.await?);
        Ok(())
    }
}

fn put(tenancy: Tenancy, entry: &AuditEntry) -> Result<Write> {
    let key = keys::audit_entry(tenancy, entry.at, entry.id);
    Ok(Write::put(&key, None, to_item(entry)?, Condition::absent()))
}

/// What a request is about: what the path names, or else what it writes of that kind.
fn resource(
    audited: &Audited,
    organization: Option<OrganizationId>,
    written: &[Key],
) -> Option<AuditResource> {
    let (kind, named) = match &audited.about {
        Some((kind, named)) => (Some(*kind), named.clone()),
        None => (None, None),
    };
    let found = || {
        let mut found = written.iter().filter_map(|key| named_by(key, organization));
        found.find(|one| kind.is_none_or(|kind| one.kind == kind))
    };
    let named = named.zip(kind).map(|(id, kind)| AuditResource {
        kind: kind.to_owned(),
        id,
    });
    named.or_else(found)
}

/// The resource that an item is of; none where it is nothing by itself.
fn named_by(key: &Key, organization: Option<OrganizationId>) -> Option<AuditResource> {
    let (kind, id) = if let Some((_, hook)) = keys::hook_of(key) {
        ("hook", hook.to_string())
    } else if let Some(id) = keys::session_of(key) {
        ("session", id.to_string())
    } else if let Some(id) = keys::api_key_of(key) {
        ("key", id.to_string())
    } else {
        let organization = organization?;
        if let Some((_, event)) = keys::event_of(key) {
            ("event", event.to_string())
        } else if let Some(hold) = keys::hold_of(key) {
            ("hold", hold.to_string())
        } else {
            match Kind::of(key, organization)? {
                Kind::Organization => ("organization", organization.to_string()),
                Kind::User(id) | Kind::DeletedUser(id) => ("user", id.to_string()),
                Kind::Team(id) => ("team", id.to_string()),
                _ => return None,
            }
        }
    };
    Some(AuditResource {
        kind: kind.to_owned(),
        id,
    })
}
