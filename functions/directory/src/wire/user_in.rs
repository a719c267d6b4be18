//! Bodies that create and change a user.

use roster_domain::{
    Result,
    access::password::Password,
    text::{Email, LoginName, Name},
    users::directory::{DirectoryDetailsChange, ExtraEmails, Mobile, SuppressedEmails},
};
use roster_runtime::{
    body,
    json::read::{Node, read_object},
    wire::members::{Fallback, Given, Optional, Or, OrEmpty, Readable, Required},
};
use serde_json::Value;

use super::{detail::Detail, same_number};
use crate::{
    by_number::NO_ORGANIZATION,
    user_change::{NewUser, UserChange},
};

body! {
    /// Reads a new user.
    pub struct NewUserBody for NewUser as "NewDirectoryUser" {
        "username" => username: Required<NewUsername>,
        "password" => password: Required<Password>,
        "first_name" => first_name: Required<Name>,
        "last_name" => last_name: Required<Name>,
        /// 1: active, 0: deactivated.
        "status" => active: Or<Given<OrEmpty<Status>>, Active>,
        /// The organization's number. Default: 0, no organization.
        "org_id" => organization: Or<Given<OrEmpty<u64>>, NoOrganization>,
        ..details: DetailsBody,
    }

    /// Reads a change of a user. Of the texts, an empty one is what answers show where
    /// there is none: what is sent back empty is no wrong value by itself.
    pub struct UserBody for UserChange as "DirectoryUserBody" {
        "username" => username: OrEmpty<LoginName>,
        "password" => password: Given<OrEmpty<Password>>,
        "first_name" => first_name: OrEmpty<Name>,
        "last_name" => last_name: OrEmpty<Name>,
        /// The name of the user's organization, as in responses.
        "company" => company: OrEmpty<Name>,
        /// 1: active, 0: deactivated.
        "status" => active: Given<OrEmpty<Status>>,
        /// As in responses. It cannot be changed.
        "is_deleted" => deleted: Given<OrEmpty<Status>>,
        /// The number of the user's new organization. 0 for none.
        "org_id" => organization: Given<OrEmpty<u64>>,
        ..details: DetailsBody,
        also "id": Optional<u64> = "The user's number. It cannot be changed.",
        also "user_id": Optional<u64> = "The user's number. It cannot be changed.",
        ignored ["created_at", "updated_at", "last_login"],
    }

    /// Reads what `/api/v1` alone has of a user.
    struct DetailsBody for DirectoryDetailsChange {
        /// Phone number. 0 for none.
        "mobile" => mobile: Detail<Mobile, true>,
        /// The number of the mobile provider. 0 for none.
        "mobile_provider" => mobile_provider: Detail<u32, true>,
        /// The packs limit. 0 for none.
        "sp_num" => sp_num: Detail<u32, true>,
        /// Email addresses for alerts, separated by commas.
        "extra_email" => extra_email: Detail<ExtraEmails, false>,
        /// Email addresses and domains that get no mail, separated by commas.
        "suppress_emails" => suppress_emails: Detail<SuppressedEmails, false>,
    }
}

/// Reads the body that creates a user.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_new(body: &Value) -> Result<NewUser> {
    read_object(body, NewUserBody::members)
}

/// Reads the body that changes the user with this number. What an answer shows
/// may be sent back.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_update(body: &Value, number: u64) -> Result<UserChange> {
    read_object(body, |object| {
        same_number(object, &["id", "user_id"], number);
        UserBody::members(object)
    })
}

/// The login name of a new user. A plus in a form arrives as a blank: with one, an
/// address would become the login name of nobody's.
#[derive(Debug)]
struct NewUsername;

impl Readable for NewUsername {
    type Read = LoginName;

    fn read(node: Node<'_>) -> Option<LoginName> {
        let name: LoginName = Node::read(&node)?;
        let with_plus = name.as_str().replace(' ', "+");
        if with_plus != name.as_str() && with_plus.parse::<Email>().is_ok() {
            let detail =
                "must not be an address with a blank: a plus must be sent as %2B in a form";
            node.unacceptable(detail);
        }
        Some(name)
    }
}

/// 1 or 0.
#[derive(Debug)]
struct Status;

impl Readable for Status {
    type Read = bool;

    fn read(node: Node<'_>) -> Option<bool> {
        node.integer(&(0..=1)).map(|status| status == 1)
    }
}

/// A new user is active.
#[derive(Debug)]
struct Active;

impl Fallback for Active {
    type Of = bool;

    fn value() -> bool {
        true
    }
}

/// A new user is in no organization.
#[derive(Debug)]
struct NoOrganization;

impl Fallback for NoOrganization {
    type Of = u64;

    fn value() -> u64 {
        NO_ORGANIZATION
    }
}

#[cfg(feature = "schema")]
mod schema {
    use roster_runtime::schema::{Part, Taken, whole};

    use super::{LoginName, NewUsername, Status};

    impl Taken for NewUsername {
        fn taken() -> Part {
            LoginName::taken()
        }
    }

    impl Taken for Status {
        fn taken() -> Part {
            whole(0..=1)
        }
    }
}
