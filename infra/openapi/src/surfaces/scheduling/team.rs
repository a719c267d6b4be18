//! Teams of `/v2` (`/v2/teams`), and how bookings are shared among their members.

use jiff::Timestamp;
use roster_domain::{
    bookings::assignment::{
        BOOKING, Candidate, Ledger, MemberRules, Outcome, Rules, StaleCalendars, Strategy, decide,
    },
    users::mail_topic::Defaults,
};
use roster_runtime::wire;
use roster_scheduling::teams::batch;
use roster_scheduling::wire::{
    credit_in::CreditBody,
    decision_out::{AssignmentsAnswer, PreviewAnswer},
    preferences_json::{AdminPreferencesAnswer, AdminPreferencesBody},
    team_json::{
        DeletedAnswer, LeftTeamAnswer, MemberBody, NewTeamBody, PublicTeamAnswer, TeamAnswer,
        TeamBody,
    },
};
use roster_store::bookings::ledger::DecisionRecord;
use serde_json::{Value, json};

use super::{batch::Batch, user::topics};
use crate::{
    examples::samples::{sample, with},
    operation::{Answer, AnswerHeader, JSON, Operation, Style, operation},
    parameters::{header, if_match, organization, query, window},
    schema::{Described, Parts, Taken, about, array, named, one_of, string},
};

fn team_operation(binary: &'static str, summary: &'static str) -> Operation {
    operation(binary, "Teams", Style::Problem, summary)
}

/// A change of one person in a team.
fn person(binary: &'static str, summary: &'static str) -> Operation {
    team_operation(binary, summary)
        .takes([organization()])
        .refuses([404, 409])
}

/// The same without fields.
fn role(binary: &'static str, summary: &'static str) -> Operation {
    person(binary, summary)
        .bodies(
            vec![(JSON, named("NothingBody"))],
            false,
            vec![("nothing", json!({}))],
        )
        .shows("The team.", "Team", team_example("v2_teams/get_team"))
}

fn set_admin_preferences(binary: &'static str, summary: &'static str) -> Operation {
    team_operation(binary, summary)
        .about("Topics that are absent do not change.")
        .takes([organization(), if_match()])
        .body(
            named("AdminPreferencesBody"),
            vec![(
                "cancellations",
                json!({ "prefs": { "email": { "event_cancelled_admin": true } } }),
            )],
        )
        .refuses([404, 409, 412])
}

fn admin_preferences() -> Value {
    json!({
        "prefs": { "email": topics(Defaults::TeamAdmins) },
        "_id": "5f2d28fb1e0662e70071d46c", "belongs_to": "5f2d28fb1e0662e70071d46b",
        "createdAt": "2020-08-07T10:11:39.000Z", "updatedAt": "2020-08-07T10:11:39.000Z",
    })
}

/// The descriptions.
pub(super) fn operations() -> Vec<Operation> {
    let created = sample!("v2_teams/create_team.request");
    let team = team_example("v2_teams/get_team");
    let members = json!({ "members": [
        { "_id": "5f1077cf21f43b0b99660619" },
        { "email": "email@company.com" },
        { "extid": "UserIdInCompanyDatabase" },
    ]});
    vec![
        team_operation("scheduling-list-teams", "List teams")
            .about("Ordered by creation.")
            .takes([organization()])
            .takes(window())
            .takes([query("extid", named("ExternalId"), "Only the team with this external ID.")])
            .answers(200, "The teams.", array(named("Team")), json!([team]))
            .with(AnswerHeader::Link)
            .refuses([404]),
        team_operation("scheduling-get-team", "Retrieve a team")
            .takes([organization()])
            .shows("The team.", "Team", team.clone())
            .with(AnswerHeader::Tag)
            .refuses([404]),
        team_operation("scheduling-create-team", "Create a team")
            .takes([organization()])
            .body(named("NewTeamBody"), vec![("team", created)])
            .answers(201, "The team.", named("Team"), team)
            .refuses([404, 409]),
        Batch {
            name: "teams",
            together: "Teams with the same people are created in order.",
            entry: "TeamBatchEntry",
        }
        .of(
            team_operation("scheduling-create-teams", "Create teams in a batch").takes([organization()]),
            named("NewTeamBody"),
            vec![("team", sample!("v2_teams/create_team.request"))],
            json!([{ "status": 201, "team": team_example("v2_teams/get_team") }]),
        ),
        team_operation("scheduling-update-team", "Change a team")
            .about("Fields that are absent do not change. Arrays replace.")
            .takes([organization()])
            .body(named("TeamBody"), vec![
                ("level", sample!("v2_teams/update_team.request")),
                ("members", members),
            ])
            .takes([if_match()])
            .shows("The team.", "Team", team_example("v2_teams/update_team"))
            .with(AnswerHeader::Tag)
            .refuses([404, 409, 412]),
        person("scheduling-add-member", "Put a user in a team")
            .about("The team's other members stay as they are. An admin becomes a member, too.")
            .body(named("MemberBody"), vec![("a user", json!({ "user": "5f1077cf21f43b0b99660619" }))])
            .shows("The team.", "Team", team_example("v2_teams/get_team")),
        person("scheduling-remove-member", "Take a person out of a team")
            .about("Whether a member, an admin or both. `events_to_reassign` has the person's upcoming events of the team.")
            .shows("The team.", "LeftTeam", with(team_example("v2_teams/get_team"), &json!({ "events_to_reassign": [] }))),
        role("scheduling-make-admin", "Make a member an admin"),
        person("scheduling-end-admin", "Let an admin be a member only")
            .shows("The team.", "Team", team_example("v2_teams/get_team")),
        role("scheduling-make-admin-only", "Make a user an admin who is no member"),
        person("scheduling-end-admin-only", "Take an admin who is no member out of a team")
            .shows("The team.", "Team", team_example("v2_teams/get_team")),
        team_operation("scheduling-get-admin-preferences", "Show what a team's admins are mailed about")
            .about("Which mails about the members' events go to the admins, too. By default, none do.")
            .takes([organization()])
            .shows("The preferences.", "AdminPreferences", admin_preferences())
            .with(AnswerHeader::Tag)
            .refuses([404]),
        set_admin_preferences("scheduling-create-admin-preferences", "Choose what a team's admins are mailed about")
            .answers(201, "The preferences.", named("AdminPreferences"), admin_preferences())
            .with(AnswerHeader::Tag),
        set_admin_preferences("scheduling-update-admin-preferences", "Change what a team's admins are mailed about")
            .shows("The preferences.", "AdminPreferences", admin_preferences())
            .with(AnswerHeader::Tag),
        team_operation("scheduling-delete-team", "Delete a team")
            .takes([organization()])
            .answers(200, "The team was deleted.", DeletedAnswer::part(), sample!("v2_teams/delete_team.response"))
            .refuses([404, 409]),
        team_operation("scheduling-public-team", "Show a public team")
            .about("The response is the same for a private, a deleted and an unknown team.")
            .takes([header("If-None-Match", string(), "Entity tags of responses that you have.")])
            .shows("The team's name and its members' names and photos.", "PublicTeam", sample!("v2_teams/public_team.response"))
            .with(AnswerHeader::Tag)
            .with(AnswerHeader::CacheControl)
            .or_not_modified()
            .refuses([404]),
        team_operation("scheduling-preview-assignment", "Show who would get a booking")
            .about("Decides as a booking does, and writes nothing. The body is that of a booking. 409 with the reason for each member if nobody can take it.")
            .takes([organization()])
            .body(named("EventBody"), vec![("event", sample!("v2_teams/book_event.request"))])
            .answers(200, "Who, and why.", named("AssignmentPreview"), preview())
            .refuses([404, 409]),
        team_operation("scheduling-credit-member", "Give a member units of the ledger")
            .about(format!("For work that no booking accounts for. The other members settle it in equal parts, so that balances add up to zero. {BOOKING} units equal one booking."))
            .takes([organization()])
            .body(named("CreditBody"), vec![("a booking", json!({
                "user": "5f1077cf21f43b0b99660619", "units": BOOKING, "reason": "Covered for a colleague",
            }))])
            .answers(201, "The ledger and the credit.", named("Assignments"), assignments())
            .refuses([404, 409]),
        team_operation("scheduling-list-assignments", "Show how bookings are shared")
            .about(format!("The team's ledger and its latest decisions with reasons, newest first. {BOOKING} units of balance equal one booking."))
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
        "v2_teams/update_team" => sample!("v2_teams/update_team.response"),
        _ => sample!("v2_teams/get_team.response"),
    };
    let more = json!({
        // The sample shows a string.
        "public": false,
        "assignment": {
            "strategy": "balanced", "minimum_notice": 0, "respect_availability": true,
            "stale_calendars": "ignore", "credit": ["cancelled", "no_show"],
            "members": { "5f1077cf21f43b0b99660619": { "weight": 2, "priority": 0, "max_per_day": 4 } },
        },
    });
    with(sample, &more)
}

/// The first booking of a team of two, decided as the code decides it.
fn assignments() -> Value {
    let candidates: Vec<_> = ["5f1077cf21f43b0b99660619", "5f1077e1eaf7c424af51a847"]
        .iter()
        .filter_map(|id| id.parse().ok())
        .map(|user| Candidate {
            user,
            rules: MemberRules::default(),
            free: vec![true],
            reason: None,
        })
        .collect();
    let rules = Rules::default();
    let starts = [Timestamp::UNIX_EPOCH];
    let decided = decide(&rules, &candidates, &Ledger::default(), &starts, None);
    let event = "5f0d7eb02003d0971e2a961a".parse();
    let at = "2020-07-14T09:45:20.862Z".parse();
    let (Some((decision, considered)), Ok(event), Ok(at)) = (decided, event, at) else {
        return Value::Null;
    };
    let mut ledger = Ledger::default();
    ledger.apply(&decision);
    let record = DecisionRecord {
        event: Some(event),
        decision: Some(decision),
        replaces: None,
        replaced_stays: false,
        taken_back: None,
        credit: None,
        considered,
        at,
    };
    wire::value(AssignmentsAnswer::of(&ledger, &[record]))
}

fn preview() -> Value {
    let assignments = assignments();
    let considered = assignments.pointer("/decisions/0/considered");
    json!({
        "strategy": "balanced", "member": "5f1077cf21f43b0b99660619",
        "dates": [{
            "date": "2020-07-16T07:00:00.000Z", "end_date": "2020-07-16T08:00:00.000Z",
            "all_day": false, "free": true, "confirmed": false,
        }],
        "considered": considered,
    })
}

/// The schemas.
pub(super) fn parts() -> Parts {
    let mut parts = vec![
        (
            "Strategy",
            about(
                one_of(&Strategy::ALL.map(Strategy::as_str)),
                "How a team chooses a member: the largest balance, the next in order, the highest priority, or whoever can take the earliest date.",
            ),
        ),
        (
            "StaleCalendars",
            about(
                one_of(&StaleCalendars::ALL.map(StaleCalendars::as_str)),
                "What it means that a member's own calendar has not been read for an hour: nothing, or that the member takes no bookings.",
            ),
        ),
        (
            "Outcome",
            about(
                one_of(&Outcome::ALL.map(Outcome::as_str)),
                "How a booking ended that did not take place.",
            ),
        ),
    ];
    NewTeamBody::collect(&mut parts);
    batch::schema::collect(&mut parts);
    TeamBody::collect(&mut parts);
    TeamAnswer::collect(&mut parts);
    AdminPreferencesBody::collect(&mut parts);
    AdminPreferencesAnswer::collect(&mut parts);
    MemberBody::collect(&mut parts);
    LeftTeamAnswer::collect(&mut parts);
    PublicTeamAnswer::collect(&mut parts);
    AssignmentsAnswer::collect(&mut parts);
    PreviewAnswer::collect(&mut parts);
    CreditBody::collect(&mut parts);
    parts
}
