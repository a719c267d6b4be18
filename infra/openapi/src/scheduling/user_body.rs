//! Bodies that create and change users (S0, S1).

use roster_domain::{
    availability::{MAX_SLOTS_PER_DAY, Weekday},
    booking_page::MAX_FIXED_PLACES,
    calendar::MAX_CALENDARS,
    team::{MAX_TEAM_LINKS, MAX_TEAMS_PER_USER},
};
use roster_scheduling::wire::{
    availability_in::{MAX_BUFFER, MAX_HORIZON},
    booking_page_in::MAX_HOURS,
};

use crate::{
    schema::{
        Field, Parts, about, all_of, any_of, anything, array_of, clearable, closed, either,
        emptied, having, map, may, must, named, one_of, unread,
    },
    values::whole,
};

/// The schemas.
pub(crate) fn parts() -> Parts {
    vec![
        (
            "NewUserBody",
            about(
                any_of([named("NewUserRequest"), named("UserObjectBody")]),
                "A new user, or a change of the user that it names. `login` and `finish_signup_with` exclude one another.",
            ),
        ),
        (
            "UserBody",
            about(
                any_of([named("UserRequest"), named("UserObjectBody")]),
                "A change of a user: what is absent stays. `login` and `finish_signup_with` exclude one another.",
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
                "A User object, as an answer shows it.",
            ),
        ),
        ("UserFields", closed(user())),
        (
            "AvailabilityBody",
            about(
                closed(availability()),
                "When the user can be booked. What is absent stays, null clears.",
            ),
        ),
        (
            "DayBody",
            closed(vec![
                may("enabled", named("Flag"))
                    .about("Whether the user can be booked on this day at all: true when slots are given without it."),
                may("slots", array_of(slot(), MAX_SLOTS_PER_DAY))
                    .about("Replaces the hours of the day. They must not overlap. Hours that cross midnight are two slots, one that ends at 24:00 and one on the next day that starts at 00:00."),
                unread("_id"),
                unread("__v"),
                unread("createdAt"),
                unread("updatedAt"),
            ]),
        ),
        (
            "BookingPageBody",
            about(
                closed(vec![
                    clearable("nickname", named("Nickname")),
                    clearable("message", named("Message")).about("Text on the page."),
                    clearable("custom", named("BookingPageSettingsBody")),
                ]),
                "The user's booking page. What is absent stays, null clears.",
            ),
        ),
        ("BookingPageSettingsBody", closed(settings())),
        (
            "LoginBody",
            closed(vec![must(
                "credentials",
                closed(vec![
                    may("username", named("LoginName"))
                        .about("Required for a user who has no login yet."),
                    may("password", named("Password"))
                        .about("Required for a user who has no login yet."),
                ]),
            )]),
        ),
        (
            "CalendarBody",
            about(
                closed(vec![
                    must("source", one_of(&["exchange"])),
                    must(
                        "credentials",
                        closed(vec![
                            must("server", named("Name")).about("Host name of the server."),
                            must("username", named("Title")),
                            must("password", named("Opaque")),
                        ]),
                    ),
                ]),
                "Credentials of a calendar. They are sealed, and never answered.",
            ),
        ),
        (
            "TeamLinkBody",
            about(
                either([
                    closed(team_link(must("_id", named("Id")))),
                    closed(team_link(
                        must("extid", named("ExternalId"))
                            .about("A team that is not there yet is made."),
                    )),
                ]),
                "A team that the user is put in.",
            ),
        ),
    ]
}

fn request(creates: bool) -> Vec<Field> {
    let user = if creates { must } else { may };
    let mut fields = vec![
        may("organization", named("Id"))
            .about("The organization, where the request's query does not name it."),
        user("user", named("UserFields")),
    ];
    fields.extend(beside());
    fields.extend([
        clearable("finish_signup_with", one_of(&["email"]))
            .about("Answers a link with which the user sets a name and a password."),
        may("login", named("LoginBody")),
        clearable("calendars", array_of(named("CalendarBody"), MAX_CALENDARS))
            .about("Replaces the calendars."),
    ]);
    fields
}

/// What stands beside `user`, or within it.
fn beside() -> [Field; 3] {
    [
        clearable("availability", named("AvailabilityBody")),
        clearable("vyteme", named("BookingPageBody")).about("The booking page."),
        may("teams", array_of(named("TeamLinkBody"), MAX_TEAMS_PER_USER))
            .about(&format!("Teams that the user is put in. Those that are not named stay as they are. A request changes the user's place in at most {MAX_TEAM_LINKS} of them.")),
    ]
}

fn user() -> Vec<Field> {
    let mut fields = vec![
        may("_id", named("Id")),
        may("id", named("Id")).about("The same as `_id`."),
        clearable("email", named("Email")).about("Unique in the organization."),
        clearable("emails", array_of(named("Email"), 1)).about("The same as `email`: none or one."),
        clearable("first_name", named("Name")),
        clearable("last_name", named("Name")),
        emptied("full_name", named("Title")).about("Alone: its first word is the first name, the rest the last name. Beside either of them it says the same, or what was so before."),
        clearable("language", named("Language")).about("One that `/v2` does not take is right where it is the user's already."),
        clearable("timezone", named("TimeZone")),
        clearable("picture_url", named("WebUrl")),
        clearable("calendarList", named("Id"))
            .about("Id of a calendar list in the system that the user came from."),
        may("active", named("Flag")).about("Switches the user on or off."),
        may("account", closed(account())),
        clearable(
            "consent",
            closed(vec![
                clearable("terms", named("Instant")).about("When the user accepted the terms."),
            ]),
        ),
        clearable(
            "google",
            closed(vec![
                clearable("id", named("Opaque")),
                clearable("email", named("Email")),
                clearable("picture", named("WebUrl")),
                clearable("last_contacts_fetch", named("Instant")),
                clearable("last_profile_fetch", named("Instant")),
                unread("token"),
            ]),
        ),
    ];
    fields.extend(beside());
    fields.push(
        may("calendars", map(anything(), None, None))
            .about("Which are connected, as answers show it. It may be sent back, and is not read: credentials stand beside `user`."),
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
                .about("The user's id in the caller's own system; unique in the organization."),
            may("admin", named("Flag")).about("Grants or withdraws `accountManagement`."),
            unread("name"),
            may("id", named("Id")).about("The organization that the request is made for."),
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

fn availability() -> Vec<Field> {
    let days = Weekday::ALL.map(|(_, name)| clearable(name, named("DayBody")));
    vec![
        clearable("timezone", named("TimeZone")).about("Zone of the hours."),
        clearable("today", named("TimeZone")).about("The same as `timezone`."),
        clearable("today_as_busy", named("Flag")).about("Prevents bookings on the same day."),
        clearable("past_as_busy", named("Flag")).about("Prevents bookings in the past."),
        clearable("days_after_as_busy", whole(0..=MAX_HORIZON))
            .about("Prevents bookings more than this many days ahead."),
        clearable("buffer_before", whole(0..=MAX_BUFFER))
            .about("Minutes that stay free before each meeting."),
        clearable("buffer_after", whole(0..=MAX_BUFFER))
            .about("Minutes that stay free after each meeting."),
        clearable("all_day_busy", named("Flag"))
            .about("Whether a busy all-day event takes the whole day."),
        clearable("days", closed(days.into())).about("Hours by day of the week. Null: any hour. A day that is not there is off; when the last is taken out, no hour is left."),
        clearable("dates", array_of(anything(), 0)).about("Hours of single dates: there are none."),
        unread("trim_scheduler"),
        unread("belongs_to"),
        unread("_id"),
        unread("__v"),
        unread("createdAt"),
        unread("updatedAt"),
    ]
}

fn slot() -> crate::schema::Part {
    closed(vec![
        must("start_time", named("TimeOfDay")),
        must("end_time", named("TimeOfDay")).about("After the start; midnight ends the day."),
        unread("_id"),
        unread("__v"),
        unread("createdAt"),
        unread("updatedAt"),
    ])
}

fn settings() -> Vec<Field> {
    let mut fields = vec![
        clearable("auto_message", named("Message")).about("Answer that a person who books receives."),
        clearable("auto_title", named("Title")).about("Title that a booked event gets."),
        clearable("duration", whole(1..=1_440)).about("Length of an event, in minutes."),
        clearable("fixed_lang", named("SchedulingLanguage")),
        clearable("fixed_timezone", named("TimeZone")),
        clearable("event_hide_decline", any_of([named("Flag"), whole(0..=MAX_HOURS)]))
            .about("Hours before an event at which its decline button disappears. False is not set, true is 0."),
        clearable("min_dates", whole(1..=100)).about("Fewest dates that a booking must suggest."),
        clearable("invite_title", named("Title")).about("Wording above the page."),
        clearable("redirect_url", named("WebUrl")).about("Where people go after booking."),
        clearable("fixed_places", array_of(place(), MAX_FIXED_PLACES)).about("Places that the page offers."),
    ];
    fields
        .extend(super::user::FLAGS.map(|(name, text)| clearable(name, named("Flag")).about(text)));
    fields
}

fn place() -> crate::schema::Part {
    closed(vec![
        must("name", named("Name")),
        clearable("address", named("Address")),
        clearable("adress", named("Address")).about("The same as `address`."),
        clearable("source", named("Name")).about("The system that the place comes from."),
        clearable("source_id", named("ExternalId")).about("The place's id in that system."),
    ])
}

fn team_link(reference: Field) -> Vec<Field> {
    vec![
        reference,
        may("name", named("Name")).about("Name of the team; an existing one gets it."),
        may("admin", named("Flag")).about("Whether as an admin."),
        may("member", named("Flag")).about("Whether as a member. Without it: unless as an admin."),
    ]
}
