//! The body that creates or changes a user (`/v2/users`).

pub mod availability;
pub mod booking_page;
pub mod calendars;
mod fields;
pub mod google;
pub mod login;
mod team_links;

use roster_domain::{Error, Field, OrganizationId, Patch, Result, users::change::UserChange};
use roster_runtime::{
    body,
    json::read::{Node, Object, read_object},
    wire::members::{Optional, Patched, Readable, Required},
};
use serde_json::Value;

use self::{
    calendars::Calendars,
    fields::{SettingsBody, User, UserFields},
    login::LoginBody,
};
use super::{fields as locations, user_out};

/// Names that only the User object of `/v2/users` has: a body with one of them and
/// without `user` is that object itself, sent back as a `GET` answered it.
const USER_OBJECT_NAMES: [&str; 4] = ["_id", "emails", "full_name", "signedup_with"];

/// What a request says of a user.
#[derive(Debug)]
pub struct UserRequest {
    /// The organization that it names.
    pub organization: Option<OrganizationId>,
    /// What is to become of the user.
    pub change: UserChange,
    /// Where this body has what others have elsewhere.
    pointers: Vec<(Field, &'static str)>,
}

impl UserRequest {
    /// An error about this body, told of the fields that were sent.
    #[must_use]
    pub fn told(&self, error: Error) -> Error {
        error.located(|field| {
            let own = self.pointers.iter().find(|(sent, _)| *sent == field);
            own.map(|(_, pointer)| (*pointer).into())
                .or_else(|| locations::location(field))
        })
    }
}

body! {
    /// The body that creates a user.
    struct NewUserRequestBody as "NewUserRequest" {
        "user" => user: Required<User>,
        ..rest: RequestBody,
    }

    /// The body that changes a user.
    struct UserRequestBody as "UserRequest" {
        "user" => user: Optional<User>,
        ..rest: RequestBody,
    }

    /// What stands beside the user.
    struct RequestBody {
        /// The organization, if the query does not name it.
        "organization" => organization: Optional<OrganizationId>,
        /// Returns a link where the user sets a name and a password.
        "finish_signup_with" => finish_signup: Patched<ByEmail>,
        "login" => login: Optional<LoginBody>,
        /// Replaces the calendars.
        "calendars" => calendars: Patched<Calendars>,
        ..settings: SettingsBody,
    }
}

/// How a sign-up is finished: the one way that there is.
#[derive(Debug)]
struct ByEmail;

impl ByEmail {
    const NAME: &str = "email";
}

impl Readable for ByEmail {
    type Read = ();

    fn read(node: Node<'_>) -> Option<()> {
        let text: String = Node::read(&node)?;
        if text != Self::NAME {
            node.unacceptable(format!("must be {}, or absent", Self::NAME));
        }
        Some(())
    }
}

/// Reads a body. `user` is required to create (`/v2/users`).
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(body: &Value, user_required: bool) -> Result<UserRequest> {
    read_object(body, |object| {
        let is_user_object =
            !object.has("user") && USER_OBJECT_NAMES.iter().any(|name| object.has(name));
        Some(if is_user_object {
            user_object(object)
        } else if user_required {
            let body = NewUserRequestBody::members(object);
            request(object, body.user, body.rest)
        } else {
            let body = UserRequestBody::members(object);
            request(object, body.user, body.rest)
        })
    })
}

/// The User object itself.
fn user_object(object: &Object<'_>) -> UserRequest {
    let user = fields::read(object);
    let id = if user.id.is_some() { "/_id" } else { "/id" };
    UserRequest {
        organization: user.organization(),
        pointers: vec![
            (Field::Email, user.email_pointer("/email", "/emails")),
            (Field::UserId, id),
            (Field::ExternalId, "/account/organization/extid"),
        ],
        change: UserChange {
            availability_pointer: "/availability",
            ..change(user)
        },
    }
}

/// The user, and what stands beside it.
fn request(object: &Object<'_>, user: Option<UserFields>, rest: RequestBody) -> UserRequest {
    let user = user.unwrap_or_default();
    let mut pointers = vec![(
        Field::Email,
        user.email_pointer("/user/email", "/user/emails"),
    )];
    if user.id.is_none() {
        pointers.push((Field::UserId, "/user/id"));
    }
    if rest.settings.booking_page.is_keep() && !user.settings.booking_page.is_keep() {
        pointers.push((Field::Nickname, "/user/vyteme/nickname"));
    }
    let organization = same_organization(object, rest.organization, user.organization());
    let mut change = UserChange {
        availability_pointer: "/user/availability",
        ..change(user)
    };
    add_settings(object, rest.settings, &mut change);
    change.finish_signup = rest.finish_signup.set().is_some();
    change.login = rest.login.map(|login| login.credentials);
    if change.finish_signup && object.has("login") {
        let detail =
            "must be absent when finish_signup_with is email: the user chooses a password then";
        object.violations().unacceptable("/login", detail);
    }
    change.calendars = match rest.calendars {
        Patch::Keep => None,
        Patch::Clear => Some(Vec::new()),
        Patch::Set(all) => Some(all.into_iter().map(|one| one.credentials).collect()),
    };
    UserRequest {
        organization,
        change,
        pointers,
    }
}

fn change(user: UserFields) -> UserChange {
    UserChange {
        shown: user_out::shown(),
        ..user.into_change()
    }
}

fn same_organization(
    object: &Object<'_>,
    named: Option<OrganizationId>,
    of_user: Option<OrganizationId>,
) -> Option<OrganizationId> {
    if named.is_some() && of_user.is_some() && named != of_user {
        let pointer = "/user/account/organization/id";
        let detail = "must match organization";
        object.violations().unacceptable(pointer, detail);
    }
    named.or(of_user)
}

/// `availability`, `vyteme` and `teams` stand beside `user` in a request, and
/// within the user in an answer: both places are read.
fn add_settings(object: &Object<'_>, settings: SettingsBody, change: &mut UserChange) {
    let refuse_second = |name: &str, is_second: bool| {
        if is_second {
            let detail = format!("must not be given in user.{name} too");
            object.violations().unacceptable(format!("/{name}"), detail);
        }
    };
    if !settings.availability.is_keep() {
        refuse_second("availability", !change.availability.is_keep());
        change.availability = settings.availability;
        change.availability_pointer = "/availability";
    }
    if !settings.booking_page.is_keep() {
        refuse_second("vyteme", !change.booking_page.is_keep());
        change.booking_page = settings.booking_page;
    }
    if let Some(teams) = settings.teams {
        refuse_second("teams", !change.teams.is_empty());
        change.teams = teams;
    }
}

#[cfg(feature = "schema")]
pub mod schema {
    //! The schemas of the bodies.

    use roster_runtime::schema::{
        Part, Parts, Taken, about, add, all_of, any_of, having, named, one_of,
    };

    use super::{ByEmail, NewUserRequestBody, USER_OBJECT_NAMES, UserFields, UserRequestBody};

    const USER_OBJECT: &str = "UserObjectBody";

    impl Taken for ByEmail {
        fn taken() -> Part {
            one_of(&[Self::NAME])
        }
    }

    /// Adds the schemas of the bodies, and those that they are made of.
    pub fn collect(parts: &mut Parts) {
        NewUserRequestBody::collect(parts);
        UserRequestBody::collect(parts);
        let names_it = any_of(USER_OBJECT_NAMES.map(having));
        let text = "A User object, as in a response.";
        let user_object = about(all_of([UserFields::taken(), names_it]), text);
        add(parts, USER_OBJECT, user_object);
        let or_user_object = |request| any_of([request, named(USER_OBJECT)]);
        let text = "A new user, or changes to the user that it names. Use either `login` or `finish_signup_with`, not both.";
        let new_user = about(or_user_object(NewUserRequestBody::taken()), text);
        add(parts, "NewUserBody", new_user);
        let text = "Changes to a user. Fields that are absent do not change. Use either `login` or `finish_signup_with`, not both.";
        let user = about(or_user_object(UserRequestBody::taken()), text);
        add(parts, "UserBody", user);
    }
}
