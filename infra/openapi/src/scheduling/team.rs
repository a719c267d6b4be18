//! Teams of `/v2` (S2), and how bookings are shared among their members.

use roster_domain::{
    assignment::{BOOKING, MAX_WEIGHT},
    team::MAX_PEOPLE,
};
use roster_scheduling::wire::{
    assignment_json::{MAX_BOOKINGS, MAX_NOTICE, MAX_PRIORITY},
    event_out::MAX_CONSIDERED,
};
use serde_json::{Value, json};

use crate::{
    operation::{Answer, AnswerHeader, JSON, Operation, Style, operation},
    parameters::{header, organization, query, window},
    samples::{sample, with},
    schema::{
        Field, Part, Parts, about, any_of, array, array_of, boolean, clearable, closed, count,
        integer, map, may, must, named, nullable, object, one_of, string, values,
    },
    values::{ID, whole},
};

fn team_operation(binary: &'static str, summary: &'static str) -> Operation {
    operation(binary, "Teams", Style::Problem, summary)
}

/// The descriptions.
pub(super) fn operations() -> Vec<Operation> {
    let created = sample!("s2_create_team.request");
    let team = team_example("s2_get_team");
    let members = json!({ "members": [
        { "_id": "5f1077cf21f43b0b99660619" },
        { "email": "email@company.com" },
        { "extid": "UserIdInCompanyDatabase" },
    ]});
    vec![
        team_operation("scheduling-list-teams", "List teams")
            .about("In order of creation.")
            .takes([organization()])
            .takes(window())
            .takes([query("extid", named("ExternalId"), "Only the team with this external id.")])
            .answers(200, "The teams.", array(named("Team")), json!([team]))
            .with(AnswerHeader::Link)
            .refuses([404]),
        team_operation("scheduling-get-team", "Retrieve a team")
            .takes([organization()])
            .shows("The team.", "Team", team.clone())
            .refuses([404]),
        team_operation("scheduling-create-team", "Create a team")
            .takes([organization()])
            .body(named("NewTeamBody"), vec![("team", created)])
            .answers(201, "The team.", named("Team"), team)
            .refuses([404, 409]),
        team_operation("scheduling-update-team", "Change a team")
            .about("What is absent from the body stays, arrays replace.")
            .takes([organization()])
            .body(named("TeamBody"), vec![
                ("level", sample!("s2_update_team.request")),
                ("members", members),
            ])
            .shows("The team.", "Team", team_example("s2_update_team"))
            .refuses([404, 409]),
        team_operation("scheduling-delete-team", "Delete a team")
            .takes([organization()])
            .answers(200, "The team is gone.", deleted(), sample!("s2_delete_team.response"))
            .refuses([404, 409]),
        team_operation("scheduling-public-team", "Show a public team")
            .about("A private, a deleted and an unknown team are told alike.")
            .takes([header("If-None-Match", string(), "Tags of answers that are known.")])
            .shows("The team's name, and its members' names and photos.", "PublicTeam", sample!("s2_public_team.response"))
            .with(AnswerHeader::Tag)
            .with(AnswerHeader::CacheControl)
            .answer(Answer {
                status: 304,
                about: "It is still what `If-None-Match` names.",
                content: None,
                example: None,
                headers: vec![AnswerHeader::Tag, AnswerHeader::CacheControl],
            })
            .refuses([404]),
        team_operation("scheduling-list-assignments", "See how bookings are shared")
            .about(format!("The team's ledger, and its last decisions with their reasons, newest first. {BOOKING} units of a balance are one booking."))
            .takes([organization()])
            .answer(Answer {
                status: 200,
                about: "The ledger and the decisions.",
                content: Some((JSON, named("Assignments"))),
                example: Some(assignments()),
                headers: Vec::new(),
            })
            .refuses([404]),
    ]
}

fn team_example(name: &str) -> Value {
    let sample = match name {
        "s2_update_team" => sample!("s2_update_team.response"),
        _ => sample!("s2_get_team.response"),
    };
    let more = json!({
        // The sample shows a string.
        "public": false,
        "assignment": {
            "strategy": "balanced", "minimum_notice": 0, "respect_availability": true,
            "members": { "5f1077cf21f43b0b99660619": { "weight": 2, "priority": 0, "max_per_day": 4 } },
        },
    });
    with(sample, &more)
}

fn assignments() -> Value {
    let (jean, marie) = ("5f1077cf21f43b0b99660619", "5f1077e1eaf7c424af51a847");
    let half = BOOKING / 2;
    json!({
        "booking": BOOKING,
        "bookings": 1,
        "ledger": [
            { "user": jean, "balance": -half, "assigned": 1, "last_assigned": 1 },
            { "user": marie, "balance": half, "assigned": 0, "last_assigned": 0 },
        ],
        "decisions": [{
            "event": "5f0d7eb02003d0971e2a961a",
            "number": 1,
            "strategy": "balanced",
            "member": jean,
            "considered_count": 2,
            "eligible_count": 2,
            "considered": [
                { "user": jean, "eligible": true, "reason": "assigned: is owed most by the ledger", "ledger_before": 0, "ledger_after": -half },
                { "user": marie, "eligible": true, "reason": "comes later in the team's order", "ledger_before": 0, "ledger_after": half },
            ],
            "createdAt": "2020-07-14T09:45:20.862Z",
        }],
    })
}

/// The schemas.
pub(super) fn parts() -> Parts {
    let people = || array_of(named("UserReference"), MAX_PEOPLE);
    let reference = |name, part| closed(vec![must(name, named(part))]);
    let changes = || {
        vec![
            may("organization", named("Id"))
                .about("The organization, where the request's query does not name it."),
            clearable("level_name", named("Name"))
                .about("What the team is, in the caller's own words."),
            may("public", named("Flag")).about("Whether anybody may see the team's page."),
            clearable("assignment", named("AssignmentBody")),
            may("admins", people()),
            may("members", people()).about("In the order that round robin goes by."),
        ]
    };
    let fields = |more: [Field; 2]| closed(more.into_iter().chain(changes()).collect());
    vec![
        ("NewTeamBody", fields([
            must("extid", named("ExternalId")).about("Unique in the organization."),
            must("name", named("Name")),
        ])),
        ("TeamBody", closed(
            [
                may("_id", named("Id")).about("The team's own."),
                may("extid", named("ExternalId")).about("Unique in the organization."),
                may("name", named("Name")),
            ].into_iter().chain(changes()).collect(),
        )),
        ("UserReference", about(
            any_of([
                named("Id"),
                reference("_id", "Id"),
                reference("email", "Email"),
                reference("extid", "ExternalId"),
            ]),
            "A user of the organization: by id, address or external id.",
        )),
        ("AssignmentBody", closed(vec![
            may("strategy", named("Strategy")),
            may("minimum_notice", whole(0..=MAX_NOTICE)).about("Minutes between a booking being made and its start, at least."),
            may("respect_availability", named("Flag")).about("Whether members are booked inside their hours only."),
            may("members", map(nullable(named("MemberRulesBody")), Some(ID), Some(MAX_PEOPLE)))
                .about("Rules by member, under the user's `_id`. A member's rules are replaced as a whole; null takes them away."),
        ])),
        ("MemberRulesBody", closed(vec![
            may("weight", whole(0..=MAX_WEIGHT)).about("Share of the bookings in proportion to the others' weights; 1 unless set. 0 takes none."),
            may("priority", whole(0..=MAX_PRIORITY)).about("For `priority`: the higher, the sooner the member is asked; 0 unless set."),
            clearable("max_per_day", whole(1..=MAX_BOOKINGS)).about("Most bookings on one day, by the member's own calendar."),
            clearable("max_per_week", whole(1..=MAX_BOOKINGS)).about("Most bookings in one week, Monday to Sunday."),
        ])),
        ("Strategy", about(
            one_of(&["balanced", "round_robin", "priority", "first_available"]),
            "How a team chooses among its members: who is owed most by the ledger; the next in the team's order; the highest priority; who can take the earliest date.",
        )),
        ("Team", object(vec![
            must("_id", named("Id")),
            must("organization", named("Id")),
            must("extid", named("ExternalId")),
            must("name", named("Name")),
            may("level_name", named("Name")),
            must("public", boolean()),
            must("admins", array(named("Id"))),
            must("members", array(named("Id"))),
            must("assignment", named("AssignmentRules")),
        ])),
        ("AssignmentRules", object(vec![
            must("strategy", named("Strategy")),
            must("minimum_notice", count()),
            must("respect_availability", boolean()),
            must("members", map(named("MemberRules"), Some(ID), None)).about("Who is not listed has the defaults."),
        ])),
        ("MemberRules", object(vec![
            must("weight", count()),
            must("priority", count()),
            may("max_per_day", count()),
            may("max_per_week", count()),
        ])),
        ("PublicTeam", object(vec![
            must("_id", named("Id")),
            must("name", named("Name")),
            must("members", array(object(vec![
                must("_id", named("Id")),
                must("first_name", string()).about("Empty where it is not known."),
                must("last_name", string()).about("Empty where it is not known."),
                must("picture_url", string()).about("Empty where there is none."),
            ]))),
        ])),
        ("Assignments", object(vec![
            must("booking", values([json!(BOOKING)])).about("Units of a balance that are one booking."),
            must("bookings", count()).about("How many decisions there have been, those that were taken back included."),
            must("ledger", array(object(vec![
                must("user", named("Id")),
                must("balance", integer()).about("What the member is owed; negative: owes."),
                must("assigned", count()).about("How many bookings the member was assigned, without those that were taken back."),
                must("last_assigned", count()).about("Number of the decision that last assigned the member; 0: never."),
            ]))),
            must("decisions", array(named("Decision"))),
        ])),
        ("Decision", object(vec![
            must("event", named("Id")),
            must("number", count()),
            must("strategy", named("Strategy")),
            must("member", named("Id")).about("Who was assigned."),
            must("considered_count", count()).about("How many members were considered."),
            must("eligible_count", count()).about("How many of them could have been assigned."),
            must("considered", array_of(named("Considered"), MAX_CONSIDERED)).about("What was said of them, in the team's order. Of more than this: of who was assigned, and of those who could have been and were owed most."),
            must("createdAt", named("Instant")),
        ])),
        ("Considered", about(
            object(vec![
                must("user", named("Id")),
                must("eligible", boolean()).about("Whether the member could have been assigned."),
                must("reason", string()).about("Why the member was assigned or was not, for people to read."),
                must("ledger_before", integer()),
                must("ledger_after", integer()),
            ]),
            "What a decision says of one member.",
        )),
    ]
}

fn deleted() -> Part {
    object(vec![
        must("n", values([json!(1)])),
        must("ok", values([json!(1)])),
    ])
}
