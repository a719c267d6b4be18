//! Credentials of calendars in a body (`/v2/users`).

use roster_domain::{
    text::{Name, Opaque, Title},
    users::calendar::{ExchangeCredentials, MAX_CALENDARS},
};
use roster_runtime::{
    body,
    json::read::Node,
    wire::members::{ListOf, Readable, Required},
};
use secrecy::SecretString;

/// The calendars of a body.
pub type Calendars = ListOf<CalendarBody, MAX_CALENDARS>;

/// A calendar: of Exchange, which `/v2/users` knows alone.
#[derive(Debug)]
pub struct Calendar {
    /// Which system it is in.
    pub source: (),
    /// How Roster gets in.
    pub credentials: ExchangeCredentials,
}

body! {
    /// Reads the credentials of a calendar.
    pub struct CalendarBody for Calendar as "CalendarBody",
        "Credentials for a calendar. They are encrypted and never returned."
    {
        "source" => source: Required<Exchange>,
        "credentials" => credentials: Required<CredentialsBody>,
    }

    /// Reads how Roster gets in.
    struct CredentialsBody for ExchangeCredentials {
        /// Host name of the server.
        "server" => server: Required<Name>,
        "username" => username: Required<Title>,
        "password" => password: Required<Secret>,
    }
}

/// The one source that there is.
#[derive(Debug)]
struct Exchange;

impl Exchange {
    const NAME: &str = "exchange";
}

impl Readable for Exchange {
    type Read = ();

    fn read(node: Node<'_>) -> Option<()> {
        let source: String = Node::read(&node)?;
        if source != Self::NAME {
            node.unacceptable(format!("must be {}", Self::NAME));
        }
        Some(())
    }
}

/// A password that no log can show.
#[derive(Debug)]
pub struct Secret;

impl Readable for Secret {
    type Read = SecretString;

    fn read(node: Node<'_>) -> Option<SecretString> {
        let password: Opaque = Node::read(&node)?;
        Some(SecretString::from(password.as_str()))
    }
}

#[cfg(feature = "schema")]
mod schema {
    use roster_runtime::schema::{Part, Taken, one_of};

    use super::{Exchange, Opaque, Secret};

    impl Taken for Exchange {
        fn taken() -> Part {
            one_of(&[Self::NAME])
        }
    }

    impl Taken for Secret {
        fn taken() -> Part {
            Opaque::taken()
        }
    }
}
