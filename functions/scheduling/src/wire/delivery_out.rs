//! Deliveries to webhooks: what `/v2/hooks/{hook_id}/deliveries` shows of them, and what
//! they say.

use roster_domain::{
    DeliveryId, HookId, OrganizationId,
    hooks::{
        delivery::{Delivery, Try},
        message_id,
    },
};
use roster_runtime::{answer, choice, wire};
use serde_json::Value;

use super::{Instant, change_out::ResourceAnswer};

choice! {
    /// What has become of a delivery.
    pub struct DeliveryStateName of
        roster_domain::hooks::delivery::DeliveryState::ALL
            .map(roster_domain::hooks::delivery::DeliveryState::name);
}

answer! {
    /// A delivery to a webhook.
    pub struct DeliveryAnswer<'a> as "Delivery" {
        "_id" => id: DeliveryId,
        "hook" => hook: HookId,
        /// The value of the header `webhook-id`: the same for each try and each replay.
        "message" => message: String,
        "action" => action: &'static str,
        /// What the message is about.
        "resource" => resource: ResourceAnswer,
        "status" => status: DeliveryStateName,
        "tries" => tries: Vec<TryAnswer<'a>>,
        /// When it is tried again.
        "next_try" [optional] => next_at: Instant,
        "createdAt" => created_at: Instant,
    }

    /// One try of a delivery.
    pub struct TryAnswer<'a> as "DeliveryTry" {
        "at" => at: Instant,
        /// The status of the receiver's answer. Null if there was none.
        "status" => status: Option<u16>,
        /// How the answer's body begins: at most 500 characters.
        "head" => head: &'a str,
        /// Why the try failed. Absent if the receiver took the message.
        "error" [optional] => error: &'a str,
    }
}

/// A delivery.
#[must_use]
pub fn render(delivery: &Delivery) -> Value {
    wire::value(DeliveryAnswer {
        id: delivery.id,
        hook: delivery.hook,
        message: message_id(delivery.message),
        action: delivery.action.name(),
        resource: ResourceAnswer::of(delivery.resource),
        status: DeliveryStateName(delivery.state.name()),
        tries: delivery.tries.iter().map(TryAnswer::of).collect(),
        next_at: delivery.next_at.map(Instant),
        created_at: Instant(delivery.created_at),
    })
}

impl<'a> TryAnswer<'a> {
    fn of(made: &'a Try) -> Self {
        Self {
            at: Instant(made.at),
            status: made.status,
            head: &made.head,
            error: made.error.as_deref(),
        }
    }
}

/// What a delivery says: always the same text, as it is signed. `resource` is JSON.
#[must_use]
pub fn message(delivery: &Delivery, organization: OrganizationId, resource: &str) -> String {
    let action = delivery.action.name();
    format!(r#"{{"action":"{action}","organization":"{organization}","resource":{resource}}}"#)
}
