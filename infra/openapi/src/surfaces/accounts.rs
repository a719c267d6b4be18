//! `/api/v2` and the sign-up page.

use roster_accounts::{
    errors::ErrorAnswer,
    wire::{
        self, InvitationBody, LoginBody, PermissionsAnswer, SessionAnswer, SuccessAnswer,
        UserAnswer, UserBody,
    },
};
use roster_domain::{Permission, Permissions};
use serde_json::{Value, json};

use crate::{
    errors::PAGE,
    examples,
    operation::{Answer, AnswerHeader, FORM, JSON, Operation, Style, operation},
    parameters::{header, if_match, organization, window},
    schema::{Described, Parts, Taken, about, array, closed, may, must, named, object, string},
};

fn account(binary: &'static str, summary: &'static str) -> Operation {
    operation(binary, "Accounts", Style::Accounts, summary)
}

/// The descriptions.
pub(crate) fn operations() -> Vec<Operation> {
    let on_users = [
        account("accounts-list-users", "List users")
            .about("In order of creation.")
            .takes(window())
            .answers(200, "The users.", array(named("AccountsUser")), json!([john(), jane()]))
            .with(AnswerHeader::Link)
            .refuses([404]),
        account("accounts-get-user", "Show a user")
            .shows("The user.", "AccountsUser", john())
            .with(AnswerHeader::Tag)
            .refuses([404]),
        account("accounts-invite-user", "Invite an address")
            .about("Creates a user and emails them a link to finish the sign-up.")
            .body(named("InvitationBody"), vec![("email", json!({ "email": "tester@phy.net" }))])
            .shows("The user was invited.", "Success", wire::render_success("User invited."))
            .refuses([404, 409, 429]),
        account("accounts-update-user", "Change a user")
            .about("Fields that are absent do not change.")
            .body(named("AccountsUserBody"), vec![("name", json!({
                "firstName": "John", "locale": "en", "timezone": "America/Chicago",
            }))])
            .takes([if_match()])
            .shows("The user.", "AccountsUser", john())
            .with(AnswerHeader::Tag)
            .refuses([404, 409, 412]),
        account("accounts-set-permissions", "Grant and withdraw permissions")
            .about("Permissions that are absent do not change. You can only grant or withdraw a permission that you have.")
            .body(named("PermissionsBody"), vec![("some", json!({ "addBeacons": true, "viewMetrics": true }))])
            .shows("The user's permissions.", "Permissions", permissions())
            .refuses([404, 409]),
        switch("accounts-activate-user", "Activate a user", "User activated"),
        switch("accounts-deactivate-user", "Deactivate a user", "User deactivated")
            .about("Their keys and sessions end. They get no more bookings and leave public pages."),
    ];
    let mut operations: Vec<_> = on_users
        .into_iter()
        .map(|operation| operation.takes([organization()]))
        .collect();
    operations.extend(sessions());
    operations.extend(sign_up());
    operations
}

fn switch(binary: &'static str, summary: &'static str, message: &'static str) -> Operation {
    account(binary, summary)
        .bodies(
            vec![(JSON, named("NothingBody"))],
            false,
            vec![("nothing", json!({}))],
        )
        .shows("Done.", "Success", wire::render_success(message))
        .refuses([404, 409])
}

fn sessions() -> [Operation; 2] {
    [
        account("accounts-login", "Log in")
            .about("The response is the same for a wrong password, an unknown name and a deactivated user. The token works as a key for 12 hours.")
            .body(named("LoginRequestBody"), vec![("login", json!({
                "email": "john@example.com", "password": "correct horse",
            }))])
            .shows("The session.", "Session", wire::render_session(examples::TOKEN))
            .with(AnswerHeader::CacheControl)
            .refuses([401, 429]),
        account("accounts-logout", "Log out")
            .about("Ends the session that calls. Any other key gets a 403.")
            .bodies(vec![(JSON, named("NothingBody"))], false, vec![("nothing", json!({}))])
            .shows("The session has ended.", "Success", wire::render_success("Logged out"))
            .refuses([404]),
    ]
}

fn sign_up() -> [Operation; 2] {
    let page = |about| Answer {
        status: 200,
        about,
        content: Some((PAGE, string())),
        example: None,
        headers: vec![AnswerHeader::CacheControl],
    };
    let language = header(
        "Accept-Language",
        string(),
        "The language of the page if the link is invalid.",
    );
    let sign_up = |binary, summary| {
        operation(binary, "Sign-up", Style::Page, summary).takes([language.clone()])
    };
    let entered = json!({
        "first_name": "John", "last_name": "Doe",
        "password": "correct horse", "password_confirmation": "correct horse",
    });
    [
        sign_up("accounts-show-signup", "Show the sign-up form")
            .answer(page("The form."))
            .refuses([404]),
        sign_up("accounts-finish-signup", "Finish a sign-up")
            .about("Sets a name and a password. The link works once.")
            .bodies(
                vec![(FORM, named("SignUpForm"))],
                true,
                vec![("form", entered)],
            )
            .answer(page("The sign-up is finished."))
            .refuses([404, 409]),
    ]
}

fn permissions() -> Value {
    wire::render_permissions(&Permissions {
        add_beacons: true,
        view_metrics: true,
        ..Permissions::default()
    })
}

fn john() -> Value {
    examples::user(&json!({}), wire::render_user)
}

fn jane() -> Value {
    let jane = json!({ "number": 321, "profile": {
        "first_name": "Jane", "email": "jane@example.com", "language": "fr",
        "timezone": "Europe/Paris",
    }});
    examples::user(&jane, wire::render_user)
}

/// The schemas.
pub(crate) fn parts() -> Parts {
    let permissions = |part: fn(&'static str) -> crate::schema::Field| {
        Permission::ALL
            .map(|permission| part(permission.name()))
            .into()
    };
    let mut parts = vec![
        (
            "PermissionsBody",
            closed(permissions(|name| may(name, named("Flag")))),
        ),
        (
            "NothingBody",
            about(closed(Vec::new()), "An empty object: there are no fields."),
        ),
        (
            "SignUpForm",
            object(vec![
                must("first_name", named("Name")),
                must("last_name", named("Name")),
                must("password", named("Password")),
                must("password_confirmation", named("Password")),
            ]),
        ),
    ];
    UserBody::collect(&mut parts);
    InvitationBody::collect(&mut parts);
    LoginBody::collect(&mut parts);
    ErrorAnswer::collect(&mut parts);
    SuccessAnswer::collect(&mut parts);
    UserAnswer::collect(&mut parts);
    PermissionsAnswer::collect(&mut parts);
    SessionAnswer::collect(&mut parts);
    parts
}
