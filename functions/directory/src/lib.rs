//! `/api/v1`: users and organizations by number.

pub mod by_number;
pub mod errors;
pub mod organizations;
pub mod routes;
pub mod user_change;
pub mod users;
pub mod wire;
