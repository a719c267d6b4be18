//! A request: what API Gateway hands over, who calls, and what a handler reads of it.

pub(crate) mod audited;
pub mod call;
pub mod caller;
pub mod claim;
pub mod edge;
pub mod event;
pub(crate) mod gateway;
pub mod oversized;
