//! Users of `/v2` (`/v2/users`).

use roster_domain::availability::Weekday;
use roster_scheduling::users_batch::{MAX_BATCH_BODY, MAX_ITEMS};
use serde_json::{Value, json};

use crate::{
    operation::{AnswerHeader, Operation, Style, operation},
    parameters::{organization, query, window},
    samples::{sample, with},
    schema::{
        Field, Part, Parts, about, any_of, array, array_of, boolean, closed, count, either, may,
        must, named, object, one_of, string, values, within,
    },
};

/// The switches of a booking page.
pub(super) const FLAGS: [(&str, &str); 12] = [
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

fn user_operation(binary: &'static str, summary: &'static str) -> Operation {
    operation(binary, "Users", Style::Problem, summary).takes([organization()])
}

/// The descriptions.
pub(super) fn operations() -> Vec<Operation> {
    let filters = [
        query(
            "email",
            named("Email"),
            "Only the user with this email address.",
        ),
        query(
            "extid",
            named("ExternalId"),
            "Only the user with this external ID.",
        ),
        query(
            "team",
            named("Id"),
            "Only members and admins of the team with this `_id`.",
        ),
    ];
    let create = || {
        let user = with(
            sample!("s0_user_object.request"),
            &json!({
                "organization": "5f198da1c1ac5d1a30fc00f3", "finish_signup_with": null,
            }),
        );
        vec![
            ("login", sample!("s1_create_user.request")),
            ("everything", user),
        ]
    };
    let changed = sample!("s1_update_user.response");
    vec![
        user_operation("scheduling-list-users", "List users")
            .about("Ordered by creation. Multiple filters must all match.")
            .takes(window())
            .takes(filters)
            .answers(200, "The users.", array(named("User")), json!([user()]))
            .with(AnswerHeader::Link)
            .refuses([404]),
        user_operation("scheduling-get-user", "Retrieve a user")
            .shows("The user.", "User", user())
            .refuses([404]),
        user_operation("scheduling-create-user", "Create or update a user")
            .about("If `_id`, `id` or `account.organization.extid` names an existing user, that user is updated (200). Otherwise a user is created (201). `Idempotency-Key` is not accepted with a password or a request for a sign-up link.")
            .body(named("NewUserBody"), create())
            .answers(201, "The new user.", named("WrittenUser"), sample!("s1_create_user.response"))
            .with(AnswerHeader::CacheControl)
            .answers(200, "The updated user.", named("WrittenUser"), changed.clone())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409, 429]),
        user_operation("scheduling-update-user", "Change a user")
            .about("Fields that are absent do not change. Null clears a field. Arrays replace.")
            .body(named("UserBody"), vec![("name", sample!("s1_update_user.request"))])
            .shows("The user.", "WrittenUser", changed)
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409, 429]),
        user_operation("scheduling-unlink-user", "Remove a user from the organization")
            .about("Removes the user from its teams, too. The user's events stay; `events_to_reassign` lists the upcoming ones. `keys_left_behind` lists the keys that the user created and that still work.")
            .shows("The organization with its remaining users.", "OrganizationWithPeople", left())
            .with(AnswerHeader::Link)
            .refuses([404, 409]),
        batch("scheduling-create-users", "Create users in a batch", named("NewUserBody"), create()),
        batch(
            "scheduling-update-users",
            "Update users in a batch",
            named("UserBody"),
            vec![("name", with(sample!("s1_update_user.request"), &json!({
                "user": { "_id": "5f2d28fb1e0662e70071d46b" },
            })))],
        ),
    ]
}

fn batch(
    binary: &'static str,
    summary: &'static str,
    item: Part,
    examples: Vec<(&'static str, Value)>,
) -> Operation {
    let items = array_of(item, MAX_ITEMS);
    let body = any_of([items.clone(), closed(vec![must("users", items)])]);
    let examples = examples
        .into_iter()
        .map(|(name, body)| (name, json!([body])));
    let written = with(
        sample!("s1_create_user.response"),
        &json!({ "status": 201 }),
    );
    let refused = json!({ "status": 422, "error": {
        "title": "Unprocessable Entity", "status": 422,
        "detail": "/user/timezone must be a time zone of the IANA database such as Europe/Paris",
        "errors": [{
            "pointer": "/user/timezone",
            "detail": "must be a time zone of the IANA database such as Europe/Paris",
        }],
    }});
    user_operation(binary, summary)
        .about(format!("At most {MAX_ITEMS}, and {MAX_BATCH_BODY} bytes. Each item succeeds or fails on its own, and an invalid item does not affect the others. Items with the same user, address, external ID, login or nickname are processed in order."))
        .body(body, examples.collect())
        .answers(207, "One entry for each item, in order.", array(named("BatchEntry")), json!([written, refused]))
        .with(AnswerHeader::CacheControl)
        .refuses([404])
}

fn user() -> Value {
    let more = json!({
        "google": { "token": null },
        "createdAt": "2020-07-17T09:50:18.474Z",
        "updatedAt": "2020-07-17T09:50:18.474Z",
        "__v": 0,
        "modules": {
            "brand": false, "assistant": false, "vyteme": false, "vyteme_pro": false,
            "availabilities": false, "billing": false, "group_pro": false, "team": false,
        },
    });
    with(sample!("s1_get_user.response"), &more)
}

fn left() -> Value {
    with(
        sample!("s1_unlink_user.response"),
        &json!({ "number": 3, "events_to_reassign": [], "keys_left_behind": [] }),
    )
}

/// The schemas.
pub(super) fn parts() -> Parts {
    vec![
        ("User", object(user_fields())),
        (
            "WrittenUser",
            object(vec![
                must("user", named("User")),
                may("link", string())
                    .about("The sign-up link, if requested."),
            ]),
        ),
        (
            "BatchEntry",
            about(
                either([
                    object(vec![
                        must("status", values([json!(200), json!(201)])),
                        must("user", named("User")),
                        may("link", string())
                            .about("The sign-up link, if requested."),
                    ]),
                    object(vec![
                        must("status", values([json!(200), json!(201)])),
                        must("_id", named("Id")),
                        may("link", string())
                            .about("The sign-up link, if requested."),
                    ]),
                    object(vec![
                        must("status", within(400..=599)),
                        must("error", named("Problem")),
                    ]),
                ]),
                "The result of one item: the user or an error. If the response would be too large, entries have the user's `_id` instead of the user, and errors have no list.",
            ),
        ),
        ("UserAccount", object(account())),
        (
            "ConnectedCalendars",
            object(
                ["google", "office365", "exchange", "icloud", "caldav"]
                    .map(|name| must(name, boolean()))
                    .into(),
            ),
        ),
        (
            "Modules",
            object(
                [
                    "brand",
                    "assistant",
                    "vyteme",
                    "vyteme_pro",
                    "availabilities",
                    "billing",
                    "group_pro",
                    "team",
                ]
                .map(|name| must(name, boolean()))
                .into(),
            ),
        ),
        (
            "GoogleAccount",
            object(vec![
                may("id", named("Opaque")),
                may("email", named("Email")),
                may("picture", named("WebUrl")),
                may("last_contacts_fetch", named("Instant")),
                may("last_profile_fetch", named("Instant")),
            ]),
        ),
        ("Availability", object(availability())),
        (
            "BookingPage",
            object(vec![
                may("nickname", named("Nickname")),
                may("message", named("Message")),
                may("custom", named("BookingPageSettings")),
            ]),
        ),
        ("BookingPageSettings", object(settings())),
        ("Organization", object(organization_fields())),
        (
            "OrganizationWithPeople",
            object(
                organization_fields()
                    .into_iter()
                    .chain([
                        must("admins", array(named("Id")))
                            .about("Users with `accountManagement`."),
                        must("members", array(named("Member"))),
                        must("events_to_reassign", array(named("ListedEvent")))
                            .about("The upcoming events of the user who left."),
                        may("more_events_to_reassign", values([json!(true)]))
                            .about("The list is cut. The events of the user's teams show the rest."),
                        must("keys_left_behind", array(named("Key")))
                            .about("Active keys that the user created for the organization or for other users. The user may still know their secrets. Covers the 5,000 newest keys."),
                        may("more_keys_left_behind", values([json!(true)]))
                            .about("The list is cut. `GET /v2/keys` shows who created each key."),
                    ])
                    .collect(),
            ),
        ),
        (
            "Member",
            object(vec![
                must("_id", named("Id")),
                must("emails", array(named("Email"))),
                must("full_name", string()),
                must("account", object(vec![must("plan", named("Plan"))])),
                must("calendars", named("ConnectedCalendars")),
                may("picture_url", named("WebUrl")),
            ]),
        ),
        ("Plan", one_of(&["free", "pro"])),
    ]
}

fn user_fields() -> Vec<Field> {
    vec![
        must("_id", named("Id")),
        must("emails", array_of(named("Email"), 1)).about("At most one."),
        may("first_name", named("Name")),
        may("last_name", named("Name")),
        must("full_name", string()).about("First and last name, as far as known."),
        must("language", named("Language")),
        may("timezone", named("TimeZone")),
        may("picture_url", named("WebUrl")),
        must("signedup_with", one_of(&["api", "email"])).about("How the user was created."),
        may("active", values([json!(false)])).about("Present if the user is deactivated."),
        must("account", named("UserAccount")),
        must("calendars", named("ConnectedCalendars")),
        may("calendarList", named("Id")),
        must("modules", named("Modules")),
        may("consent", object(vec![must("terms", named("Instant"))]))
            .about("When the user accepted the terms."),
        may("google", named("GoogleAccount")),
        may("availability", named("Availability")),
        may("vyteme", named("BookingPage")),
        may(
            "teams",
            array(object(vec![
                must("_id", named("Id")),
                must("admin", boolean()),
                must("member", boolean()),
            ])),
        )
        .about("The user's teams."),
        must("createdAt", named("Instant")),
        must("updatedAt", named("Instant")),
        must("__v", count()).about("Number of changes to the user."),
    ]
}

fn account() -> Vec<Field> {
    let organization = object(vec![
        must("name", named("Name")),
        must("id", named("Id")),
        may("extid", named("ExternalId")).about("The user's ID in your own system."),
        may("admin", values([json!(true)])).about("Present if the user has `accountManagement`."),
    ]);
    let mut fields = vec![
        must("organization", organization),
        must("plan", named("Plan")),
        must("app_url", string()).about("The URL of the user's page."),
    ];
    fields.extend(trial());
    fields
}

fn trial() -> [Field; 3] {
    [
        may("free_trial_days", count()),
        may("free_trial_started", named("Instant")),
        may("free_trial_until", named("Instant")),
    ]
}

fn organization_fields() -> Vec<Field> {
    let mut fields = vec![
        must("_id", named("Id")),
        must("number", count()).about("The organization's number in `/api/v1`."),
        must("name", named("Name")),
        must("lang", named("Language")),
        must("plan", named("Plan")),
        must("private", boolean()),
        may("superadmin_team", named("Id")),
        may("brand", named("Id")),
        must("createdAt", named("Instant")),
        must("updatedAt", named("Instant")),
        must("__v", count()).about("Number of changes to the organization."),
    ];
    fields.extend(trial());
    fields
}

fn availability() -> Vec<Field> {
    let slot = object(vec![
        must("start_time", named("TimeOfDay")),
        must("end_time", named("TimeOfDay")),
    ]);
    let day = object(vec![must("enabled", boolean()), may("slots", array(slot))]);
    let days = Weekday::ALL.map(|(_, name)| may(name, day.clone()));
    vec![
        may("timezone", named("TimeZone")).about("Time zone of the hours."),
        may("today_as_busy", boolean()).about("Prevents bookings on the same day."),
        may("past_as_busy", boolean()).about("Prevents bookings in the past."),
        may("days_after_as_busy", count())
            .about("Prevents bookings more than this many days ahead."),
        may("buffer_before", count()).about("Free minutes before each meeting."),
        may("buffer_after", count()).about("Free minutes after each meeting."),
        may("all_day_busy", boolean()).about("Whether a busy all-day event blocks the whole day."),
        may("days", object(days.into()))
            .about("Hours by day of the week. If absent, every hour is available. A missing day is not available."),
    ]
}

fn settings() -> Vec<Field> {
    let place = object(vec![
        must("name", named("Name")),
        may("address", named("Address")),
        may("source", named("Name")),
        may("source_id", named("ExternalId")),
    ]);
    let mut fields = vec![
        may("auto_message", named("Message")).about("Reply to the person who books."),
        may("auto_title", named("Title")).about("Title of booked events."),
        may("duration", count()).about("Length of an event, in minutes."),
        may("fixed_lang", named("Language")),
        may("fixed_timezone", named("TimeZone")),
        may("event_hide_decline", count())
            .about("How many hours before an event the decline button disappears."),
        may("min_dates", count()).about("Minimum number of dates to suggest."),
        may("invite_title", named("Title")).about("Heading of the page."),
        may("redirect_url", named("WebUrl")).about("URL that people are sent to after booking."),
        may("fixed_places", array(place)).about("Places that the page offers."),
    ];
    fields.extend(FLAGS.map(|(name, text)| may(name, boolean()).about(text)));
    fields
}
