//! Bodies that create and change users (`/v2/users`).

use roster_domain::{
    bookings::availability::{MAX_SLOTS_PER_DAY, Weekday},
    team::{MAX_TEAM_LINKS, MAX_TEAMS_PER_USER},
    users::booking_page::MAX_FIXED_PLACES,
    users::calendar::MAX_CALENDARS,
};
use roster_scheduling::wire::{
    availability_in::{MAX_BUFFER, MAX_HORIZON},
    booking_page_in::MAX_HOURS,
};

use crate::schema::{
    Field, Parts, about, all_of, any_of, anything, array_of, clearable, closed, either, emptied,
    having, map, may, must, named, one_of, unread, whole,
};

/// The switches of a booking page.
const FLAGS: [(&str, &str); 12] = [
    ("ask_phone", "Whether a phone number is required."),
    ("ask_company", "Whether a company name is required."),
    (
        "block_new_invitee",
        "Whether the person who books is kept from adding others.",
    ),
    (
        "set_lang",
        "Whether the page is shown in `fixed_lang` only.",
    ),
    ("enable_api", "Whether the page reads query parameters."),
    (
        "set_timezone",
        "Whether the page uses `fixed_timezone` only.",
    ),
    ("hide_places", "Whether places are hidden."),
    ("hide_support", "Whether the support button is hidden."),
    ("hide_title", "Whether the title is hidden."),
    (
        "forbid_add_places",
        "Whether suggesting another place is forbidden.",
    ),
    ("one_slot", "Whether only one date can be suggested."),
    (
        "auto_confirm",
        "Whether bookings are confirmed automatically.",
    ),
];

/// The schemas.
pub(crate) fn parts() -> Parts {
    vec![
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
            "AvailabilityBody",
            about(
                closed(availability()),
                "When the user can be booked. Fields that are absent do not change. Null clears a field.",
            ),
        ),
        (
            "DayBody",
            closed(vec![
                may("enabled", named("Flag"))
                    .about("Whether the user can be booked on this day. Default: true if `slots` is given."),
                may("slots", array_of(slot(), MAX_SLOTS_PER_DAY))
                    .about("Replaces the hours of the day. Slots must not overlap. Split hours that cross midnight: one slot ends at 24:00, and one on the next day starts at 00:00."),
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
                "The user's booking page. Fields that are absent do not change. Null clears a field.",
            ),
        ),
        ("BookingPageSettingsBody", closed(settings())),
        (
            "LoginBody",
            closed(vec![must(
                "credentials",
                closed(vec![
                    may("username", named("LoginName"))
                        .about("Required if the user has no login yet."),
                    may("password", named("Password"))
                        .about("Required if the user has no login yet."),
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
                "Credentials for a calendar. They are encrypted and never returned.",
            ),
        ),
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
    ]
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

fn availability() -> Vec<Field> {
    let days = Weekday::ALL.map(|(_, name)| clearable(name, named("DayBody")));
    vec![
        clearable("timezone", named("TimeZone")).about("Time zone of the hours."),
        clearable("today", named("TimeZone")).about("The same as `timezone`."),
        clearable("today_as_busy", named("Flag")).about("Prevents bookings on the same day."),
        clearable("past_as_busy", named("Flag")).about("Prevents bookings in the past."),
        clearable("days_after_as_busy", whole(0..=MAX_HORIZON))
            .about("Prevents bookings more than this many days ahead."),
        clearable("buffer_before", whole(0..=MAX_BUFFER))
            .about("Free minutes before each meeting."),
        clearable("buffer_after", whole(0..=MAX_BUFFER))
            .about("Free minutes after each meeting."),
        clearable("all_day_busy", named("Flag"))
            .about("Whether a busy all-day event blocks the whole day."),
        clearable("days", closed(days.into())).about("Hours by day of the week. Null: every hour is available. A missing day is not available. If no day is left, no hour is available."),
        clearable("dates", array_of(anything(), 0)).about("Hours of single dates. Must be empty."),
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
        must("end_time", named("TimeOfDay"))
            .about("Must be after the start. Midnight is the end of the day."),
        unread("_id"),
        unread("__v"),
        unread("createdAt"),
        unread("updatedAt"),
    ])
}

fn settings() -> Vec<Field> {
    let mut fields = vec![
        clearable("auto_message", named("Message")).about("Reply to the person who books."),
        clearable("auto_title", named("Title")).about("Title of booked events."),
        clearable("duration", whole(1..=1_440)).about("Length of an event, in minutes."),
        clearable("fixed_lang", named("SchedulingLanguage")),
        clearable("fixed_timezone", named("TimeZone")),
        clearable("event_hide_decline", any_of([named("Flag"), whole(0..=MAX_HOURS)]))
            .about("How many hours before an event the decline button disappears. False: not set. True: 0."),
        clearable("min_dates", whole(1..=100)).about("Minimum number of dates to suggest."),
        clearable("invite_title", named("Title")).about("Heading of the page."),
        clearable("redirect_url", named("WebUrl")).about("URL that people are sent to after booking."),
        clearable("fixed_places", array_of(place(), MAX_FIXED_PLACES)).about("Places that the page offers."),
    ];
    fields.extend(FLAGS.map(|(name, text)| clearable(name, named("Flag")).about(text)));
    fields
}

fn place() -> crate::schema::Part {
    closed(vec![
        must("name", named("Name")),
        clearable("address", named("Address")),
        clearable("adress", named("Address")).about("The same as `address`."),
        clearable("source", named("Name")).about("The system that the place is from."),
        clearable("source_id", named("ExternalId")).about("The place's ID in that system."),
    ])
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
