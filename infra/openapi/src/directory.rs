//! `/api/v1`: every value that is answered is a string.

use roster_directory::wire::{
    CreatedAnswer, SuccessAnswer,
    organization_json::OrganizationAnswer,
    user_out::{PasswordAnswer, UserAnswer, UserWithDeletionAnswer},
};
use serde_json::{Value, json};

use crate::{
    operation::{AnswerHeader, FORM, JSON, Operation, Style, operation},
    parameters::{required_query, window},
    schema::{
        Described, Field, Part, Parts, about, any_of, array, closed, may, must, named, null,
        one_of, string, text, unread, values, whole, within,
    },
    values::blanks,
};

/// A telephone number.
const MOBILE: &str = concat!(
    "^",
    blanks!(),
    "[0-9 .()+-]*[0-9][0-9 .()+-]*",
    blanks!(),
    "$"
);

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
            .shows("The user's number.", "DirectoryId", json!({ "id": "1" }))
            .refuses([409]),
        entry("directory-update-user", "Change a user")
            .about("Fields that are absent do not change. `org_id` moves the user; only the operator can do that.")
            .bodies(both("DirectoryUserBody"), true, vec![("user", change)])
            .shows("The user.", "DirectoryUser", user())
            .refuses([404, 409]),
        entry("directory-delete-user", "Delete a user")
            .about("The user leaves the lists. `GET` by number still shows them.")
            .shows("Done.", "DirectorySuccess", json!({ "message": "Success" }))
            .refuses([404, 409]),
        entry("directory-reset-user-password", "Set a random password")
            .about("This GET changes the password. The response shows it once.")
            .shows("The password.", "DirectoryPassword", json!({ "id": "13", "password": "53f5d7eaddc61" }))
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
            .shows("The user.", "DirectoryUserWithDeletion", deleted_user())
            .refuses([404]),
        entry("directory-create-organization", "Create an organization")
            .bodies(both("NewDirectoryOrganization"), true, vec![("name", json!({ "name": "BrightAct" }))])
            .shows("The organization's number.", "DirectoryId", json!({ "id": "1" })),
        entry("directory-update-organization", "Rename an organization")
            .bodies(both("DirectoryOrganizationBody"), true, vec![("name", json!({ "name": "Company333555" }))])
            .shows("The organization.", "DirectoryOrganization", organization())
            .refuses([404, 409]),
        entry("directory-delete-organization", "Delete an organization")
            .about("An organization that has users cannot be deleted (409).")
            .shows("Done.", "DirectorySuccess", json!({ "message": "Success" }))
            .refuses([404, 409]),
        entry("directory-list-organizations", "List organizations")
            .takes(window())
            .answers(200, "The organizations.", array(named("DirectoryOrganization")), json!([organization()]))
            .with(AnswerHeader::Link),
        entry("directory-get-organization", "Show an organization")
            .shows("The organization.", "DirectoryOrganization", organization())
            .refuses([404]),
    ]
}

/// JSON and a form: one reader serves both.
fn both(name: &str) -> Vec<(&'static str, Part)> {
    vec![(JSON, named(name)), (FORM, named(&format!("{name}Form")))]
}

fn user() -> Value {
    json!({
        "id": "13", "username": "test2@mail.com", "first_name": "Test", "last_name": "Test3555",
        "company": "Company333555", "status": "1", "mobile": "0", "mobile_provider": "0",
        "sp_num": "15", "org_id": "3", "extra_email": "", "suppress_emails": "test.com",
        "created_at": "2014-08-21 14:13:56", "updated_at": "2014-08-21 14:20:16",
        "last_login": "2014-08-21 14:13:56",
    })
}

fn deleted_user() -> Value {
    crate::samples::with(user(), &json!({ "is_deleted": "0" }))
}

fn organization() -> Value {
    json!({
        "id": "3", "name": "Company333555",
        "created_at": "2014-08-21 14:13:56", "updated_at": "2014-08-21 14:20:16",
    })
}

/// How a body is written: a form has texts alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Json,
    Form,
}

impl Written {
    /// A field that answers show: it may be sent back and is not read.
    fn unread(self, name: &'static str) -> Field {
        match self {
            Self::Json => unread(name),
            Self::Form => may(name, string()).about("As in responses. Ignored."),
        }
    }
}

/// The schemas.
pub(crate) fn parts() -> Parts {
    use Written::{Form, Json};
    let mut parts = vec![
        ("NewDirectoryUser", new_user(Json)),
        ("NewDirectoryUserForm", new_user(Form)),
        ("DirectoryUserBody", change(Json)),
        ("DirectoryUserBodyForm", change(Form)),
        (
            "NewDirectoryOrganization",
            closed(vec![must("name", named("Name"))]),
        ),
        (
            "NewDirectoryOrganizationForm",
            closed(vec![must("name", named("Name"))]),
        ),
        ("DirectoryOrganizationBody", rename(Json)),
        ("DirectoryOrganizationBodyForm", rename(Form)),
    ];
    CreatedAnswer::collect(&mut parts);
    SuccessAnswer::collect(&mut parts);
    PasswordAnswer::collect(&mut parts);
    UserAnswer::collect(&mut parts);
    UserWithDeletionAnswer::collect(&mut parts);
    OrganizationAnswer::collect(&mut parts);
    parts
}

fn new_user(written: Written) -> Part {
    let fields = [
        must("username", named("LoginName")),
        must("password", named("Password")),
        must("first_name", named("Name")),
        must("last_name", named("Name")),
        may("status", given(status())).about("1: active, 0: deactivated."),
        may("org_id", given(named("Number")))
            .about("The organization's number. Default: 0, no organization."),
    ];
    closed(fields.into_iter().chain(details(written)).collect())
}

fn change(written: Written) -> Part {
    let fields = [
        may("id", named("Number")).about("The user's number. It cannot be changed."),
        may("user_id", named("Number")).about("The user's number. It cannot be changed."),
        may("username", shown("LoginName")),
        may("password", given(named("Password"))),
        may("first_name", shown("Name")),
        may("last_name", shown("Name")),
        may("company", shown("Name"))
            .about("The name of the user's organization, as in responses."),
        may("status", given(status())).about("1: active, 0: deactivated."),
        may("org_id", given(named("Number")))
            .about("The number of the user's new organization. 0 for none."),
        may("is_deleted", given(whole(0..=1))).about("As in responses. It cannot be changed."),
    ];
    let shown = ["created_at", "updated_at", "last_login"];
    let fields = fields.into_iter().chain(details(written));
    closed(
        fields
            .chain(shown.map(|name| written.unread(name)))
            .collect(),
    )
}

fn rename(written: Written) -> Part {
    closed(vec![
        must("name", named("Name")),
        may("id", named("Number")).about("The organization's number. It cannot be changed."),
        may("org_id", named("Number")).about("The organization's number. It cannot be changed."),
        written.unread("created_at"),
        written.unread("updated_at"),
    ])
}

fn status() -> Part {
    whole(0..=1)
}

/// A value that cannot be cleared: left empty, it is not given.
fn given(part: Part) -> Part {
    any_of([part, one_of(&[""])])
}

/// A text that answers show empty where there is none.
fn shown(name: &str) -> Part {
    any_of([named(name), one_of(&[""])])
}

fn details(written: Written) -> Vec<Field> {
    let none = |zero: bool| {
        let mut none = vec![json!("")];
        if zero {
            none.extend([json!("0"), json!(0)]);
        }
        match written {
            Written::Json => any_of([values(none), null()]),
            Written::Form => values(none),
        }
    };
    let number = || any_of([named("Count"), none(true)]);
    let list = |about_it: &str| {
        about(
            any_of([text(1..=1_000, r"^\S[\s\S]*$"), none(false)]),
            about_it,
        )
    };
    vec![
        may("mobile", any_of([text(1..=32, MOBILE), none(true)]))
            .about("Phone number. 0 for none."),
        may("mobile_provider", number()).about("The number of the mobile provider. 0 for none."),
        may("sp_num", number()).about("The packs limit. 0 for none."),
        may(
            "extra_email",
            list("Email addresses for alerts, separated by commas."),
        ),
        may(
            "suppress_emails",
            list("Email addresses and domains that get no mail, separated by commas."),
        ),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_telephone_number_looks_as_the_code_takes_it() {
        use super::MOBILE;
        use crate::schema::pattern;
        let schema = serde_json::to_value(pattern(MOBILE)).expect("JSON");
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        for number in ["0", "+33 6 12", "(06)-12.34", "", " ", "+", "x", "1\n"] {
            let taken = number
                .parse::<roster_domain::users::directory::Mobile>()
                .is_ok();
            assert_eq!(taken, validator.is_valid(&number.into()), "{number:?}");
        }
    }
}
