//! Users of `/v2` (`/v2/users`).

use roster_domain::users::mail_topic::{Defaults, MailTopic};
use roster_scheduling::{
    users::batch_entry,
    wire::{
        availability_json::AvailabilitiesAnswer,
        event_out::ListedEventAnswer,
        key_json::KeyAnswer,
        organization_json::LeftAnswer,
        preferences_json::{PreferencesAnswer, PreferencesBody},
        team_json::DeletedAnswer,
        user_in,
        user_out::{MemberAnswer, WrittenAnswer},
    },
};
use serde_json::{Value, json};

use super::batch::Batch;
use crate::{
    examples::samples::{sample, with},
    operation::{AnswerHeader, Operation, Style, operation},
    parameters::{if_match, organization, query, window},
    schema::{Described, Field, Fields, Part, Parts, Taken, array, must, named, object, one_of},
};

fn user_operation(binary: &'static str, summary: &'static str) -> Operation {
    operation(binary, "Users", Style::Problem, summary).takes([organization()])
}

fn availability(binary: &'static str, summary: &'static str) -> Operation {
    user_operation(binary, summary).refuses([404])
}

fn hours_body() -> Value {
    json!({
        "timezone": "Europe/Paris",
        "days": { "monday": { "slots": [{ "start_time": "09:00", "end_time": "17:00" }] } },
    })
}

fn hours() -> Value {
    json!({
        "belongs_to": "5f11747afb208c814fd24bb7", "timezone": "Europe/Paris",
        "days": { "monday": { "enabled": true, "slots": [{
            "_id": "5f0d7eb02003d0971e2a961a",
            "start_time": "2018-01-01T09:00", "end_time": "2018-01-01T17:00",
        }] } },
    })
}

/// Every topic, as it is by default.
pub(super) fn topics(defaults: Defaults) -> Value {
    let topics = MailTopic::ALL.iter();
    let topics = topics.map(|topic| (topic.name().to_owned(), defaults.of(*topic).into()));
    Value::Object(topics.collect())
}

fn preferences() -> Value {
    json!({ "email": topics(Defaults::User), "push": topics(Defaults::TeamAdmins) })
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
            sample!("v2_users_older/user_object.request"),
            &json!({
                "organization": "5f198da1c1ac5d1a30fc00f3", "finish_signup_with": null,
            }),
        );
        vec![
            ("login", sample!("v2_users/create_user.request")),
            ("everything", user),
        ]
    };
    let changed = sample!("v2_users/update_user.response");
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
            .with(AnswerHeader::Tag)
            .refuses([404]),
        user_operation("scheduling-create-user", "Create or update a user")
            .about("If `_id`, `id` or `account.organization.extid` names an existing user, that user is updated (200). Otherwise a user is created (201). `Idempotency-Key` is not accepted with a password or a request for a sign-up link.")
            .body(named("NewUserBody"), create())
            .answers(201, "The new user.", named("WrittenUser"), sample!("v2_users/create_user.response"))
            .with(AnswerHeader::CacheControl)
            .answers(200, "The updated user.", named("WrittenUser"), changed.clone())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409, 429]),
        user_operation("scheduling-update-user", "Change a user")
            .about("Fields that are absent do not change. Null clears a field. Arrays replace.")
            .takes([if_match()])
            .body(named("UserBody"), vec![("name", sample!("v2_users/update_user.request"))])
            .shows("The user.", "WrittenUser", changed)
            .with(AnswerHeader::Tag)
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409, 412, 429]),
        availability("scheduling-get-availability", "Show when a user can be booked")
            .shows("The hours.", "Availabilities", hours())
            .with(AnswerHeader::Tag),
        availability("scheduling-create-availability", "Say when a user can be booked")
            .about("Fields that are absent do not change. Null clears a field.")
            .takes([if_match()])
            .body(named("AvailabilityBody"), vec![("hours", hours_body())])
            .answers(201, "The hours.", named("Availabilities"), hours())
            .with(AnswerHeader::Tag)
            .refuses([409, 412]),
        availability("scheduling-update-availability", "Change when a user can be booked")
            .about("Fields that are absent do not change. Null clears a field.")
            .takes([if_match()])
            .body(named("AvailabilityBody"), vec![("hours", hours_body())])
            .shows("The hours.", "Availabilities", hours())
            .with(AnswerHeader::Tag)
            .refuses([409, 412]),
        availability("scheduling-delete-availability", "Let a user be booked at any hour")
            .takes([if_match()])
            .answers(200, "Done.", DeletedAnswer::part(), json!({ "n": 1, "ok": 1 }))
            .refuses([409, 412]),
        availability("scheduling-get-preferences", "Show what a user is mailed about")
            .about("A user can always read their own.")
            .shows("The preferences.", "Preferences", preferences())
            .with(AnswerHeader::Tag),
        availability("scheduling-update-preferences", "Choose what a user is mailed about")
            .about("Topics that are absent do not change. A user can always set their own.")
            .takes([if_match()])
            .body(
                named("PreferencesBody"),
                vec![("fewer mails", json!({ "email": { "new_message": false } }))],
            )
            .shows("The preferences.", "Preferences", preferences())
            .with(AnswerHeader::Tag)
            .refuses([409, 412]),
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
            vec![("name", with(sample!("v2_users/update_user.request"), &json!({
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
    let written = with(
        sample!("v2_users/create_user.response"),
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
    Batch {
        name: "users",
        together: "Items with the same user, address, external ID, login or nickname are processed in order.",
        entry: "BatchEntry",
    }
    .of(user_operation(binary, summary), item, examples, json!([written, refused]))
    .with(AnswerHeader::CacheControl)
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
    with(sample!("v2_users/get_user.response"), &more)
}

fn left() -> Value {
    with(
        sample!("v2_users/unlink_user.response"),
        &json!({ "number": 3, "events_to_reassign": [], "keys_left_behind": [] }),
    )
}

/// The schemas.
pub(super) fn parts() -> Parts {
    let mut parts = vec![
        ("OrganizationWithPeople", object(left_fields())),
        ("Plan", one_of(&["free", "pro"])),
    ];
    user_in::schema::collect(&mut parts);
    batch_entry::schema::collect(&mut parts);
    AvailabilitiesAnswer::collect(&mut parts);
    PreferencesBody::collect(&mut parts);
    PreferencesAnswer::collect(&mut parts);
    WrittenAnswer::collect(&mut parts);
    MemberAnswer::collect(&mut parts);
    parts
}

/// What is left of an organization: lists come last, cut to what an answer holds.
fn left_fields() -> Vec<Field> {
    let mut fields = LeftAnswer::fields();
    fields.extend([
        must("members", array(MemberAnswer::part())),
        must("events_to_reassign", array(ListedEventAnswer::part()))
            .about("The upcoming events of the user who left."),
        must("keys_left_behind", array(KeyAnswer::part()))
            .about("Active keys that the user created for the organization or for other users. The user may still know their secrets. Covers the 5,000 newest keys."),
    ]);
    fields
}
