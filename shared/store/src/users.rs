//! Users: finding, writing, inviting, and letting go.

pub mod by_number;
pub(crate) mod commit;
pub mod credentials;
pub mod edit;
pub mod guards;
pub mod intent;
pub mod invite;
pub mod leave;
pub mod list;
pub mod lookup;
pub mod team_links;
pub mod write;
