//! Who may do what: keys, passwords, permissions and in whose name a change is made.

pub mod actor;
pub mod ceiling;
pub mod feed;
pub mod key;
pub mod link_key;
pub mod password;
pub mod permission;
pub mod secret;
