//! `/openapi.json` and `/docs`: what the API takes and answers, for programs
//! and for people.
//!
//! The document is the one that is checked in, `docs/openapi.json`, which
//! `infra/openapi` makes of the code. So these functions carry neither the code
//! that makes it nor that of the operations that it describes, and do not spend
//! their start on it.

pub mod docs;
pub mod openapi;
mod page;
pub mod routes;
