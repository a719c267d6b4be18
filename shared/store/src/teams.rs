//! Teams and the people in them.

pub mod items;
pub mod plan;
pub mod public;
pub mod read;
pub mod references;
pub mod write;
