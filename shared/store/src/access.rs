//! Who may in: keys, sessions, logins, sign-ups.

pub mod api_keys;
pub mod rate_limit;
pub mod sessions;
pub mod sign_in;
pub mod sign_up;
pub mod standing;
