//! Entries of the audit log in `/v2/audit`.

use roster_domain::{
    AuditId, KeyId, UserId,
    audit::{AuditActor, AuditEntry, AuditResource},
};
use roster_runtime::{answer, choice, wire};
use serde_json::Value;

use super::Instant;

choice! {
    /// What kind of caller did something.
    pub struct ActorKindName of
        roster_domain::audit::ActorKind::ALL.map(roster_domain::audit::ActorKind::name);
    /// What came of it.
    pub struct OutcomeName of
        roster_domain::audit::AuditOutcome::ALL.map(roster_domain::audit::AuditOutcome::name);
}

answer! {
    /// An entry of the audit log.
    pub struct AuditAnswer<'a> as "AuditEntry" {
        "_id" => id: AuditId,
        "at" => at: Instant,
        /// The operation: its `operationId` in the OpenAPI document, without the number
        /// that further paths of one operation have there.
        "operation" => operation: &'a str,
        "actor" => actor: ActorAnswer,
        /// The address that the request came from.
        "address" [optional] => address: String,
        /// What the operation was done to. Absent if it has no id.
        "resource" [optional] => resource: AuditResourceAnswer<'a>,
        /// The fields that the request set: at most 30. Their values are not kept.
        "fields" => fields: &'a [String],
        /// Whether it was `done` or `refused`.
        "outcome" => outcome: OutcomeName,
        /// The request's id, which its response and the log have, too.
        "request_id" => request: &'a str,
    }

    /// Who did something.
    pub struct ActorAnswer as "AuditActor" {
        /// `operator`, `organization`, `user` and `session` call with a key or a session.
        /// `guest` has the link to an event, `sign_up` the link of an invitation, and
        /// `login` a name and a password.
        "kind" => kind: ActorKindName,
        "key" [optional] => key: KeyId,
        "user" [optional] => user: UserId,
    }

    /// What something was done to.
    pub struct AuditResourceAnswer<'a> as "AuditResource" {
        "kind" => kind: &'a str,
        "_id" => id: &'a str,
    }
}

/// An entry.
#[must_use]
pub fn render(entry: &AuditEntry) -> Value {
    let AuditActor { kind, key, user } = entry.actor;
    let resource = entry.resource.as_ref();
    wire::value(AuditAnswer {
        id: entry.id,
        at: Instant(entry.at),
        operation: &entry.operation,
        actor: ActorAnswer {
            kind: ActorKindName(kind.name()),
            key,
            user,
        },
        address: entry.address.map(|address| address.to_string()),
        resource: resource.map(|AuditResource { kind, id }| AuditResourceAnswer { kind, id }),
        fields: &entry.fields,
        outcome: OutcomeName(entry.outcome.name()),
        request: &entry.request,
    })
}
