//! Teams and the people in them.

pub mod admin_preferences;
pub mod items;
pub mod person;
mod plan;
pub mod public;
pub mod read;
pub mod references;
pub mod write;
