//! `/api/v1`: every value that is answered is a string.

use roster_directory::{
    errors::ErrorAnswer,
    wire::{
        self, CreatedAnswer, SuccessAnswer,
        organization_json::{self, NewOrganizationBody, OrganizationAnswer, OrganizationBody},
        user_in::{NewUserBody, UserBody},
        user_out::{self, PasswordAnswer, UserAnswer, UserWithDeletionAnswer},
    },
};
use roster_domain::{organization::Organization, users::user::User};
use roster_store::users::edit::Member;
use serde_json::{Value, json};

use crate::{
    examples,
    operation::{AnswerHeader, FORM, JSON, Operation, Style, operation},
    parameters::{if_match, required_query, window},
    schema::{Described, Fields, Part, Parts, Taken, array, closed, form, named, within},
};

fn entry(binary: &'static str, summary: &'static str) -> Operation {
    operation(binary, "Directory", Style::Directory, summary)
}

/// The descriptions.
pub(crate) fn operations() -> Vec<Operation> {
    let [limit, cursor] = window();
    let change = json!({ "first_name": "Test", "last_name": "Test3555", "sp_num": 15 });
    vec![
        entry("directory-create-user", "Create a user with a login")
            .bodies(both("NewDirectoryUser"), true, vec![("user", json!({
                "username": "test1@domain.com", "password": "correct horse",
                "first_name": "Test1", "last_name": "Test2", "org_id": 3,
            }))])
            .shows("The user's number.", "DirectoryId", wire::render_created(1))
            .refuses([409]),
        entry("directory-update-user", "Change a user")
            .about("Fields that are absent do not change. `org_id` moves the user; only the operator can do that.")
            .bodies(both("DirectoryUserBody"), true, vec![("user", change)])
            .takes([if_match()])
            .shows("The user.", "DirectoryUser", user())
            .with(AnswerHeader::Tag)
            .refuses([404, 409, 412]),
        entry("directory-delete-user", "Delete a user")
            .about("The user leaves the lists. `GET` by number still shows them.")
            .shows("Done.", "DirectorySuccess", wire::render_success())
            .refuses([404, 409]),
        entry("directory-reset-user-password", "Set a random password")
            .about("This GET changes the password. The response shows it once.")
            .shows("The password.", "DirectoryPassword", password())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409]),
        entry("directory-list-users", "List the users of an organization")
            .takes([required_query("org_id", within(0..=isize::MAX.unsigned_abs()), "The organization's number. 0 lists the users without an organization.")])
            .takes([limit, cursor])
            .answers(200, "The users.", array(named("DirectoryUser")), json!([user()]))
            .with(AnswerHeader::Link)
            .refuses([404]),
        entry("directory-get-user", "Show a user")
            .about("Deleted users too.")
            .shows("The user.", "DirectoryUserWithDeletion", user_by_number())
            .with(AnswerHeader::Tag)
            .refuses([404]),
        entry("directory-create-organization", "Create an organization")
            .bodies(both("NewDirectoryOrganization"), true, vec![("name", json!({ "name": "BrightAct" }))])
            .shows("The organization's number.", "DirectoryId", wire::render_created(1)),
        entry("directory-update-organization", "Rename an organization")
            .bodies(both("DirectoryOrganizationBody"), true, vec![("name", json!({ "name": "Company333555" }))])
            .takes([if_match()])
            .shows("The organization.", "DirectoryOrganization", organization())
            .with(AnswerHeader::Tag)
            .refuses([404, 409, 412]),
        entry("directory-delete-organization", "Delete an organization")
            .about("An organization that has users cannot be deleted (409).")
            .shows("Done.", "DirectorySuccess", wire::render_success())
            .refuses([404, 409]),
        entry("directory-list-organizations", "List organizations")
            .takes(window())
            .answers(200, "The organizations.", array(named("DirectoryOrganization")), json!([organization()]))
            .with(AnswerHeader::Link),
        entry("directory-get-organization", "Show an organization")
            .shows("The organization.", "DirectoryOrganization", organization())
            .with(AnswerHeader::Tag)
            .refuses([404]),
    ]
}

/// JSON and a form: one reader serves both.
fn both(name: &str) -> Vec<(&'static str, Part)> {
    vec![(JSON, named(name)), (FORM, named(&format!("{name}Form")))]
}

fn user() -> Value {
    example(user_out::render)
}

fn example(render: impl FnOnce(&User, Option<&Organization>) -> Value) -> Value {
    let test = json!({
        "number": 13,
        "profile": { "first_name": "Test", "last_name": "Test3555", "email": "test2@mail.com" },
        "directory": { "sp_num": 15, "suppress_emails": "test.com" },
        "last_login": "2014-08-21T14:13:56Z",
    });
    examples::user(&test, |user| {
        examples::organization(&company(), |organization| render(user, Some(organization)))
    })
}

fn user_by_number() -> Value {
    example(|user, organization| {
        user_out::render_with_deletion(&Member {
            user: user.clone(),
            organization: organization.cloned(),
        })
    })
}

fn password() -> Value {
    example(|user, _| user_out::render_password(user, "53f5d7eaddc61"))
}

fn company() -> Value {
    json!({
        "number": 3, "name": "Company333555",
        "created_at": "2014-08-21T14:13:56Z", "updated_at": "2014-08-21T14:20:16Z",
    })
}

fn organization() -> Value {
    examples::organization(&company(), organization_json::render)
}

/// The schemas.
pub(crate) fn parts() -> Parts {
    let mut parts = Parts::new();
    add_both::<NewUserBody>(&mut parts, "NewDirectoryUserForm");
    add_both::<UserBody>(&mut parts, "DirectoryUserBodyForm");
    add_both::<NewOrganizationBody>(&mut parts, "NewDirectoryOrganizationForm");
    add_both::<OrganizationBody>(&mut parts, "DirectoryOrganizationBodyForm");
    ErrorAnswer::collect(&mut parts);
    CreatedAnswer::collect(&mut parts);
    SuccessAnswer::collect(&mut parts);
    PasswordAnswer::collect(&mut parts);
    UserAnswer::collect(&mut parts);
    UserWithDeletionAnswer::collect(&mut parts);
    OrganizationAnswer::collect(&mut parts);
    parts
}

/// Adds a body as JSON and as a form.
fn add_both<Body: Taken + Fields>(parts: &mut Parts, form_name: &'static str) {
    Body::collect(parts);
    parts.push((form_name, form(closed(Body::fields()))));
}
