//! JSON as it is read and written: strict, with every violation at once.

pub mod array;
pub mod from_json;
pub mod read;
pub mod strict;
