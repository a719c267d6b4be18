//! `/v2`: users, teams, keys and organizations, in the wire format of `/v2/users`
//! and `/v2/teams`.

pub mod audit;
pub mod batch;
pub mod calendars;
pub mod changes;
pub mod events;
pub mod feeds;
mod fresh;
pub mod hooks;
pub mod keys;
pub mod organizations;
mod query;
pub mod repeated;
pub mod routes;
pub mod slots;
pub mod teams;
pub mod time_off;
pub mod users;
pub mod wire;
