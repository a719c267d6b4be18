//! Calendar credentials (`calendars`, `/v2/users`): write-only.

use secrecy::SecretString;

use crate::text::{Name, Title};

/// Most calendars a user can have.
pub const MAX_CALENDARS: usize = 10;

/// What it takes to reach a user's Exchange calendar. Sealed before it is
/// stored, never answered.
#[derive(Clone, Debug)]
pub struct ExchangeCredentials {
    /// Host name of the Exchange server.
    pub server: Name,
    /// Name to log in with: whatever that server calls people.
    pub username: Title,
    /// Password to log in with.
    pub password: SecretString,
}
