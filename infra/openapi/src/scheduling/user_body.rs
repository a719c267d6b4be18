//! Bodies that create and change users (`/v2/users`).

use roster_domain::team::{MAX_TEAM_LINKS, MAX_TEAMS_PER_USER};
use roster_scheduling::wire::user_in::{
    availability::AvailabilityBody, booking_page::BookingPageBody, calendars::Calendars,
    google::GoogleBody, login::LoginBody,
};

use crate::schema::{
    Field, Parts, Taken, about, all_of, any_of, anything, array_of, clearable, closed, either,
    emptied, having, map, may, must, named, one_of, unread,
};

/// The schemas.
pub(crate) fn parts() -> Parts {
    let mut parts = vec![
        (
            "NewUserBody",
            about(
                any_of([named("NewUserRequest"), named("UserObjectBody")]),
                "A new user, or changes to the user that it names. Use either `login` or `finish_signup_with`, not both.",
            ),
        ),
        (
            "UserBody",
            about(
                any_of([named("UserRequest"), named("UserObjectBody")]),
                "Changes to a user. Fields that are absent do not change. Use either `login` or `finish_signup_with`, not both.",
            ),
        ),
        ("NewUserRequest", closed(request(true))),
        ("UserRequest", closed(request(false))),
        (
            "UserObjectBody",
            about(
                all_of([
                    named("UserFields"),
                    any_of(["_id", "emails", "full_name", "signedup_with"].map(having)),
                ]),
                "A User object, as in a response.",
            ),
        ),
        ("UserFields", closed(user())),
        (
            "TeamLinkBody",
            about(
                either([
                    closed(team_link(must("_id", named("Id")))),
                    closed(team_link(
                        must("extid", named("ExternalId"))
                            .about("A team that does not exist is created."),
                    )),
                ]),
                "A team to add the user to.",
            ),
        ),
    ];
    AvailabilityBody::collect(&mut parts);
    BookingPageBody::collect(&mut parts);
    LoginBody::collect(&mut parts);
    Calendars::collect(&mut parts);
    parts
}

fn request(creates: bool) -> Vec<Field> {
    let user = if creates { must } else { may };
    let mut fields = vec![
        may("organization", named("Id")).about("The organization, if the query does not name it."),
        user("user", named("UserFields")),
    ];
    fields.extend(beside());
    fields.extend([
        clearable("finish_signup_with", one_of(&["email"]))
            .about("Returns a link where the user sets a name and a password."),
        may("login", named("LoginBody")),
        clearable("calendars", Calendars::taken()).about("Replaces the calendars."),
    ]);
    fields
}

/// What stands beside `user`, or within it.
fn beside() -> [Field; 3] {
    [
        clearable("availability", named("AvailabilityBody")),
        clearable("vyteme", named("BookingPageBody")).about("The booking page."),
        may("teams", array_of(named("TeamLinkBody"), MAX_TEAMS_PER_USER))
            .about(&format!("Teams to add the user to. Other teams do not change. A request can change the user's role in at most {MAX_TEAM_LINKS} teams.")),
    ]
}

fn user() -> Vec<Field> {
    let mut fields = vec![
        may("_id", named("Id")),
        may("id", named("Id")).about("The same as `_id`."),
        clearable("email", named("Email")).about("Unique in the organization."),
        clearable("emails", array_of(named("Email"), 1)).about("The same as `email`. At most one."),
        clearable("first_name", named("Name")),
        clearable("last_name", named("Name")),
        emptied("full_name", named("Title")).about("If given alone, the first word becomes the first name, and the rest the last name. If given with either of them, it must match them or be unchanged."),
        clearable("language", named("Language")).about("A language that `/v2` does not accept is allowed if the user already has it."),
        clearable("timezone", named("TimeZone")),
        clearable("picture_url", named("WebUrl")),
        clearable("calendarList", named("Id"))
            .about("ID of a calendar list in the user's original system."),
        may("active", named("Flag")).about("Activates or deactivates the user."),
        may("account", closed(account())),
        clearable(
            "consent",
            closed(vec![
                clearable("terms", named("Instant")).about("When the user accepted the terms."),
            ]),
        ),
        clearable("google", GoogleBody::taken()),
    ];
    fields.extend(beside());
    fields.push(
        may("calendars", map(anything(), None, None))
            .about("Which calendars are connected, as in responses. Ignored in requests: send credentials next to `user`."),
    );
    let shown = ["signedup_with", "modules", "createdAt", "updatedAt", "__v"];
    fields.extend(shown.map(unread));
    fields
}

fn account() -> Vec<Field> {
    let mut fields = vec![may(
        "organization",
        closed(vec![
            clearable("extid", named("ExternalId"))
                .about("The user's ID in your own system. Unique in the organization."),
            may("admin", named("Flag")).about("Grants or withdraws `accountManagement`."),
            unread("name"),
            may("id", named("Id")).about("The organization of the request."),
        ]),
    )];
    let shown = [
        "plan",
        "free_trial_days",
        "free_trial_started",
        "free_trial_until",
        "app_url",
    ];
    fields.extend(shown.map(unread));
    fields
}

fn team_link(reference: Field) -> Vec<Field> {
    vec![
        reference,
        may("name", named("Name")).about("Name of the team. Renames an existing team."),
        may("admin", named("Flag")).about("Whether the user is an admin of the team."),
        may("member", named("Flag")).about(
            "Whether the user is a member of the team. Default: true, or false for an admin.",
        ),
    ]
}
