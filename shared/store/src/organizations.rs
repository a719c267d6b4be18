//! Organizations, and the numbers that they and their users get.

pub mod edit;
pub mod numbers;
pub mod read;
