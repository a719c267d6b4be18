//! An answer: its body, problems, lists, compression and what a cache may hold.

pub mod cursor;
pub mod gzip;
pub mod lambda;
pub mod list;
pub mod problem;
pub mod repeats;
pub mod reply;
pub mod tag;
