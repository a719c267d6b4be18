//! One message to one hook, and what became of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    changes::{Resource, action::Action},
    id::{DeliveryId, HookId},
};

/// How long a delivery is kept, in seconds: thirty days.
pub const DELIVERY_SECONDS: i64 = 30 * 24 * 60 * 60;
/// Most characters that are kept of an answer.
pub const MAX_HEAD: usize = 500;

/// What has become of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// It is to be tried, for the first time or again.
    Waiting,
    /// The receiver took it.
    Delivered,
    /// It was given up.
    Failed,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Failed];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// When it was made.
    pub at: Timestamp,
    /// The status of the answer; none where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How the answer's body begins.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub head: String,
    /// Why there was no answer, or why it does not count; none where the receiver took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// One message to one hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: DeliveryId,
    /// The hook.
    pub hook: HookId,
    /// The message's: that of the delivery, or of the one that this repeats.
    pub message: DeliveryId,
    /// What happened.
    pub action: Action,
    /// What it happened to.
    pub resource: Resource,
    /// Where the resource stands, as it was told: deliveries to several hooks share it.
    pub body: DeliveryId,
    /// What has become of it.
    pub state: DeliveryState,
    /// The tries that were made, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tries: Vec<Try>,
    /// When it is tried again; none where it is not, or for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Seconds since 1970; the table's time to live.
    pub expires_at: i64,
    /// How often it was written.
    #[serde(rename = "__v")]
    pub version: u64,
}

impl Delivery {
    /// A new one.
    #[must_use]
    pub fn new(
        hook: HookId,
        action: Action,
        resource: Resource,
        body: DeliveryId,
        now: Timestamp,
    ) -> Self {
        let id = DeliveryId::generate(now);
        Self {
            id,
            hook,
            message: id,
            action,
            resource,
            body,
            state: DeliveryState::Waiting,
            tries: Vec::new(),
            next_at: None,
            created_at: now,
            expires_at: now.as_second() + DELIVERY_SECONDS,
            version: 0,
        }
    }

    /// The same message, once more.
    #[must_use]
    pub fn again(&self, now: Timestamp) -> Self {
        Self {
            message: self.message,
            expires_at: self.expires_at,
            ..Self::new(self.hook, self.action, self.resource, self.body, now)
        }
    }
}
