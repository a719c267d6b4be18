//! `login` in a body (`/v2/users`).

use roster_domain::{access::password::Password, text::LoginName, users::login::LoginChange};
use roster_runtime::{
    body,
    wire::members::{Optional, Required},
};

/// What a user is to log in with.
#[derive(Debug)]
pub struct NewLogin {
    /// The name and the password.
    pub credentials: LoginChange,
}

body! {
    /// Reads what a user is to log in with.
    pub struct LoginBody for NewLogin as "LoginBody" {
        "credentials" => credentials: Required<CredentialsBody>,
    }

    /// Reads a name and a password.
    struct CredentialsBody for LoginChange {
        /// Required if the user has no login yet.
        "username" => username: Optional<LoginName>,
        /// Required if the user has no login yet.
        "password" => password: Optional<Password>,
    }
}
