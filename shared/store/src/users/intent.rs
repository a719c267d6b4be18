//! What a write of a user means to do, and what is made for it once.

use roster_domain::{UserId, access::password::PasswordHashed, users::signup::SignupTokens};

use crate::mail::limits::Counted;

/// What a request means to do with the user that it describes.
#[derive(Debug, Clone, Copy)]
pub enum Intent {
    /// Change the user that the body names by id or external id; create one
    /// where it names none (`POST`).
    Upsert,
    /// Change the user of this id, or the one that the body names (`PUT`).
    Update(Option<UserId>),
}

/// What is made once, however often the races are lost.
pub(crate) struct Prepared {
    pub(crate) number: Option<u64>,
    pub(crate) number_at_once: bool,
    pub(crate) new_id: UserId,
    pub(crate) password: Option<PasswordHashed>,
    pub(crate) signup_tokens: Option<SignupTokens>,
    pub(crate) sealed: Option<(UserId, Vec<String>)>,
    pub(crate) counted: Option<Counted>,
}
