//! The variables of a function's environment: each name, written once.

use super::{app::ConfigError, aws::setting};

/// A variable of a function's environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    /// The secret with the operator's key.
    AdminKeySecret,
    /// Where users find their pages.
    AppUrl,
    /// For how many days the audit log keeps its entries.
    AuditDays,
    /// How old what is known of people's own calendars may be, in minutes.
    CalendarAge,
    /// The function that reads these.
    CalendarsFunction,
    /// For how many days the change feed keeps changes that are not the newest of
    /// something.
    ChangeDays,
    /// The SHA-256 of the secret that `CloudFront` sends.
    EdgeSecretDigest,
    /// The queue of deliveries to webhooks.
    HookQueue,
    /// Which targets webhooks may have: `public` or `any`.
    HookTargets,
    /// The queue of mails that were given up.
    MailDeadLetters,
    /// The address that mails come from.
    MailFrom,
    /// The queue of mails that wait to be tried again.
    MailRetries,
    /// Where the API is.
    PublicUrl,
    /// The domain that answers to events go to.
    ReplyDomain,
    /// The KMS key that seals.
    SealingKey,
    /// The table.
    TableName,
}

impl Variable {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AdminKeySecret => "ADMIN_KEY_SECRET",
            Self::AppUrl => "APP_URL",
            Self::AuditDays => "AUDIT_DAYS",
            Self::CalendarAge => "CALENDAR_AGE_MINUTES",
            Self::CalendarsFunction => "CALENDARS_FUNCTION",
            Self::ChangeDays => "CHANGE_DAYS",
            Self::EdgeSecretDigest => "EDGE_SECRET_DIGEST",
            Self::HookQueue => "HOOK_QUEUE_URL",
            Self::HookTargets => "HOOK_TARGETS",
            Self::MailDeadLetters => "MAIL_DEAD_LETTERS_URL",
            Self::MailFrom => "MAIL_FROM",
            Self::MailRetries => "MAIL_RETRIES_URL",
            Self::PublicUrl => "PUBLIC_URL",
            Self::ReplyDomain => "REPLY_DOMAIN",
            Self::SealingKey => "SEALING_KEY_ID",
            Self::TableName => "TABLE_NAME",
        }
    }

    /// Its value. One that is empty is not set.
    #[must_use]
    pub fn read(self) -> Option<String> {
        setting(self.name())
    }

    /// Its value, which a function cannot do without.
    ///
    /// # Errors
    /// When it is not set.
    pub fn require(self) -> Result<String, ConfigError> {
        self.read().ok_or(ConfigError::Missing(self.name()))
    }
}
