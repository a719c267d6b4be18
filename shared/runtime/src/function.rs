//! A function: its route, what it needs where it is deployed, and the loop that serves it.

pub mod app;
pub mod aws;
pub mod calendar_reader;
pub mod clock;
pub mod deployment;
pub mod log;
pub mod records;
pub mod route;
pub mod serve;
pub mod variable;
