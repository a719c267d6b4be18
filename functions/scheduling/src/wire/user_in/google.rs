//! `google` in a body (`/v2/users`).

use jiff::Timestamp;
use roster_domain::{
    text::{Email, Opaque, WebUrl},
    users::profile::GoogleAccountChange,
};
use roster_runtime::{body, wire::members::Patched};

body! {
    /// Reads a Google account. Its `token` is a credential of another system: not
    /// kept, because nothing may answer it.
    pub struct GoogleBody for GoogleAccountChange {
        "id" => id: Patched<Opaque>,
        "email" => email: Patched<Email>,
        "picture" => picture: Patched<WebUrl>,
        "last_contacts_fetch" => last_contacts_fetch: Patched<Timestamp>,
        "last_profile_fetch" => last_profile_fetch: Patched<Timestamp>,
        ignored ["token"],
    }
}
