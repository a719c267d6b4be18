//! What operations ask of users. Written here once more, so that a change of it in the
//! code is seen.

/// The permission that writing users asks for.
pub const USERS: &str = "userManagement";
/// The permission that keys ask for.
pub const ACCOUNT: &str = "accountManagement";
/// The permission that assignments ask for.
pub const METRICS: &str = "viewMetrics";

/// What an operation asks of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    Nothing,
    One(&'static str),
    OneUnlessOwn(&'static str),
    Operator,
    /// Logging out asks for a session.
    Session,
}
