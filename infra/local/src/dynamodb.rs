//! DynamoDB on this machine: the embedded engine, the folder with its data, and its
//! stream.

pub mod data_folder;
pub mod engine;
pub mod stream;
