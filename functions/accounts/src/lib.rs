//! `/api/v2`: users by number, permissions and sessions in the wire format of
//! `/api/v2`; and the page where an invited user sets a name and a password.

pub mod errors;
pub mod routes;
pub mod sessions;
pub mod signup;
pub mod signup_page;
mod signup_problem;
mod signup_texts;
pub mod users;
pub mod wire;
