//! Accounts: the page where an invited user sets a name and a password.

pub mod accept_language;
pub mod signup_page;
mod signup_problem;
mod signup_texts;
