//! Who may call: the Lambda authorizer of the HTTP API, and the function that
//! mints the operator's first key when the stack is created.

pub mod authorize;
pub mod cloudformation;
pub mod functions;
pub mod mint;
