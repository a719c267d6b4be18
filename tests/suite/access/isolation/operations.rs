//! What each route is asked about another organization, and what it must
//! answer.

use serde_json::{Value, json};

use super::Names;
use crate::access::asks::{
    ACCOUNT,
    Asks::{self, Nothing, One, OneUnlessOwn, Operator},
    METRICS, USERS,
};

/// What the answer must be.
#[derive(Debug, Clone, Copy)]
pub(in crate::access) enum Expected {
    /// This status, and the same answer as for what never existed.
    Refused(u16),
    /// The same for the only item of a batch.
    RefusedItem(u16),
    /// An empty list, as for what never existed.
    NothingFound,
    /// Success: the name is free in the caller's own organization.
    Own,
    /// A conflict that does not tell with whom.
    Taken,
}

/// Whose ids are in the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::access) enum Ids {
    /// The caller's own.
    Own,
    /// The other organization's.
    Foreign,
    /// The caller's own, but for the event.
    ForeignEvent,
    /// The other organization's, but for the event.
    OwnEvent,
}

impl Ids {
    /// The path of a question about `asked`.
    pub(super) fn fill(self, template: &str, asked: &Names, own: &Names) -> String {
        let (mut names, event) = match self {
            Self::Own => (own.clone(), own),
            Self::Foreign => (asked.clone(), asked),
            Self::ForeignEvent => (own.clone(), asked),
            Self::OwnEvent => (asked.clone(), own),
        };
        names.event.clone_from(&event.event);
        names.fill(template)
    }
}

/// One question.
pub(in crate::access) struct Probe {
    pub(super) what: &'static str,
    pub(super) path: Ids,
    pub(super) query: fn(&Names) -> String,
    /// The body, from the names that are asked about and the caller's own.
    pub(super) body: Option<fn(&Names, &Names) -> Value>,
    pub(super) expected: Expected,
}

use Expected::{NothingFound, Own, Refused, RefusedItem, Taken};

pub(super) fn probe(what: &'static str, expected: Expected) -> Probe {
    Probe {
        what,
        path: Ids::Own,
        query: |_| String::new(),
        body: None,
        expected,
    }
}

impl Probe {
    pub(super) fn foreign_path(self) -> Self {
        self.path(Ids::Foreign)
    }

    pub(super) fn path(mut self, path: Ids) -> Self {
        self.path = path;
        self
    }

    pub(super) fn query(mut self, query: fn(&Names) -> String) -> Self {
        self.query = query;
        self
    }

    pub(super) fn body(mut self, body: fn(&Names, &Names) -> Value) -> Self {
        self.body = Some(body);
        self
    }
}

/// A foreign id in the path is unknown, and a foreign organization in the query
/// is refused, also with one's own id in the path.
pub(super) fn by_id(body: Option<fn(&Names, &Names) -> Value>) -> Vec<Probe> {
    let mut probes = vec![
        probe("a foreign id", Refused(404)).foreign_path(),
        foreign_organization(),
        foreign_organization().foreign_path(),
    ];
    for probe in &mut probes {
        probe.body = body;
    }
    probes
}

pub(super) fn foreign_organization() -> Probe {
    probe("a foreign organization in the query", Refused(403))
        .query(|asked| format!("?organization={}", asked.organization))
}

fn json_hook(_: &Names, _: &Names) -> Value {
    json!({ "action": "*", "target_url": "https://www.example.com/" })
}

fn user(name: &str, value: impl Into<Value>) -> Value {
    json!({ "user": { "email": "new@other.example", name: value.into() } })
}

fn linked_team(asked: &Names) -> Value {
    json!({ "user": { "email": "new@other.example" }, "teams": [{ "_id": asked.team }] })
}

fn team(own: &Names, name: &str, value: Value) -> Value {
    json!({ "extid": own.team_extid, "name": "Renamed", name: value })
}

fn new_team(asked: &Names, name: &str, value: Value) -> Value {
    json!({ "extid": format!("new-{}", asked.organization), "name": "New", name: value })
}

/// Probes of a search for times that has these parameters.
macro_rules! search {
    ($more:literal) => {
        vec![
            foreign_organization(),
            probe("a foreign team", Refused(404))
                .query(|asked| format!("?team={}{}", asked.team, $more)),
            probe("a foreign user", Refused(422))
                .query(|asked| format!("?users={}{}", asked.user, $more)),
        ]
    };
}

/// What an operation asks of users, and what it is asked about another organization;
/// none where it is not declared.
pub(in crate::access) fn operation(binary: &str) -> Option<(Asks, Vec<Probe>)> {
    let operation = match binary {
        "scheduling-list-users" => (
            One(USERS),
            vec![
                foreign_organization(),
                probe("a foreign address", NothingFound)
                    .query(|asked| format!("?email={}", asked.email)),
                probe("a foreign extid", NothingFound)
                    .query(|asked| format!("?extid={}", asked.extid)),
                probe("a foreign team", Refused(404))
                    .query(|asked| format!("?team={}", asked.team)),
                probe("a foreign cursor", Own)
                    .query(|asked| format!("?limit=1&cursor={}", asked.user_cursor)),
            ],
        ),
        "scheduling-list-teams" => (
            Nothing,
            vec![
                foreign_organization(),
                probe("a foreign cursor", Own)
                    .query(|asked| format!("?limit=1&cursor={}", asked.team_cursor)),
            ],
        ),
        "scheduling-list-keys" => (
            One(ACCOUNT),
            vec![
                foreign_organization(),
                probe("a foreign cursor", Own)
                    .query(|asked| format!("?limit=1&cursor={}", asked.key_cursor)),
            ],
        ),
        "scheduling-get-user"
        | "scheduling-get-availability"
        | "scheduling-get-preferences"
        | "scheduling-create-user-feed"
        | "scheduling-get-calendars"
        | "scheduling-delete-calendar"
        | "scheduling-list-time-off"
        | "scheduling-delete-time-off"
        | "scheduling-delete-user-feed" => (OneUnlessOwn(USERS), by_id(None)),
        "scheduling-update-calendars" => (
            OneUnlessOwn(USERS),
            by_id(Some(|_, _| json!({ "calendars": [] }))),
        ),
        "scheduling-create-time-off" => (
            OneUnlessOwn(USERS),
            by_id(Some(|_, _| json!({ "from": "2031-01-10" }))),
        ),
        "scheduling-update-time-off" => (
            OneUnlessOwn(USERS),
            by_id(Some(|_, _| json!({ "reason": "Stolen" }))),
        ),
        // Nothing but its secret opens a feed.
        "scheduling-user-calendar"
        | "scheduling-user-freebusy"
        | "scheduling-team-calendar"
        | "scheduling-team-freebusy" => (Nothing, {
            vec![probe("a feed without its secret", Refused(404)).foreign_path()]
        }),
        "scheduling-update-preferences" => (
            OneUnlessOwn(USERS),
            by_id(Some(|_, _| json!({ "email": { "new_message": false } }))),
        ),
        "scheduling-create-admin-preferences" | "scheduling-update-admin-preferences" => (
            One(USERS),
            by_id(Some(
                |_, _| json!({ "prefs": { "email": { "new_message": true } } }),
            )),
        ),
        "scheduling-create-availability" | "scheduling-update-availability" => (
            One(USERS),
            by_id(Some(|_, _| json!({ "buffer_before": 5 }))),
        ),
        "scheduling-list-assignments" => (One(METRICS), by_id(None)),
        "scheduling-preview-assignment" => (Nothing, preview()),
        "scheduling-credit-member" => (
            One(USERS),
            by_id(Some(
                |_, own| json!({ "user": own.user, "units": 1, "reason": "Stolen" }),
            )),
        ),
        "scheduling-add-member" => (One(USERS), {
            let mut probes = by_id(Some(|_, own| json!({ "user": own.user })));
            let foreign = probe("a foreign user", Refused(422));
            probes.push(foreign.body(|asked, _| json!({ "user": asked.user })));
            probes
        }),
        "scheduling-delete-team"
        | "scheduling-reassign-time-off"
        | "scheduling-create-team-feed"
        | "scheduling-delete-team-feed"
        | "scheduling-delete-availability"
        | "scheduling-remove-member"
        | "scheduling-make-admin"
        | "scheduling-end-admin"
        | "scheduling-make-admin-only"
        | "scheduling-end-admin-only"
        | "scheduling-unlink-user" => (One(USERS), by_id(None)),
        "scheduling-revoke-key"
        | "scheduling-get-hook"
        | "scheduling-delete-hook"
        | "scheduling-ping-hook"
        | "scheduling-list-deliveries"
        | "scheduling-replay-delivery" => (One(ACCOUNT), by_id(None)),
        "scheduling-list-changes"
        | "scheduling-list-audit"
        | "scheduling-list-hooks"
        | "scheduling-list-bare-hooks" => (One(ACCOUNT), vec![foreign_organization()]),
        "scheduling-create-hook" => (One(ACCOUNT), {
            let hook = json_hook;
            vec![foreign_organization().body(hook)]
        }),
        "scheduling-update-hook" => (One(ACCOUNT), by_id(Some(|_, _| json!({ "paused": true })))),
        "scheduling-rotate-hook" => (
            One(ACCOUNT),
            by_id(Some(|_, _| json!({ "overlap_seconds": 0 }))),
        ),
        "scheduling-rotate-key" => (
            One(ACCOUNT),
            by_id(Some(|_, _| json!({ "grace_period_seconds": 60 }))),
        ),
        "scheduling-book-event" => (Nothing, book_event()),
        "scheduling-list-events" => (Nothing, list_events()),
        "scheduling-reassign-event" => (One(USERS), reassign_event()),
        "scheduling-list-all-events" => (Nothing, list_all_events()),
        // Who holds an event may change it as well: tests/suite/bookings/changes says so.
        "scheduling-get-team"
        | "scheduling-get-admin-preferences"
        | "scheduling-get-event"
        | "scheduling-confirm-event"
        | "scheduling-cancel-event"
        | "scheduling-remove-invitee"
        | "scheduling-delete-hold"
        | "scheduling-note-no-show" => (Nothing, by_id(None)),
        "scheduling-create-event" => (Nothing, create_event()),
        "scheduling-update-event" => (Nothing, by_id(Some(|_, _| json!({ "title": "Stolen" })))),
        "scheduling-invite-to-event" => (
            Nothing,
            by_id(Some(|_, _| json!([{ "email": "new@other.example" }]))),
        ),
        "scheduling-hand-over-event" => {
            (Nothing, by_id(Some(|_, own| json!({ "user": own.user }))))
        }
        "scheduling-decline-event" => (
            Nothing,
            by_id(Some(|asked, _| json!({ "invitee": asked.user }))),
        ),
        "scheduling-reschedule-event" => (
            Nothing,
            by_id(Some(
                |_, _| json!({ "date": "2097-01-09T10:00:00Z", "end_date": "2097-01-09T10:30:00Z" }),
            )),
        ),
        "scheduling-test-auth" => (Nothing, vec![foreign_organization()]),
        "scheduling-list-slots" | "scheduling-list-slots-by-day" => (
            Nothing,
            search!("&duration=30&from=2030-01-09&to=2030-01-10"),
        ),
        "scheduling-next-slots" => (Nothing, search!("&duration=30")),
        "scheduling-list-busy" => (Nothing, search!("&from=2030-01-09&to=2030-01-10")),
        "scheduling-create-hold" => (Nothing, create_hold()),
        "scheduling-public-team" => (Nothing, {
            vec![probe("a foreign private team", Refused(404)).foreign_path()]
        }),
        "scheduling-create-user" => (One(USERS), create_user()),
        "scheduling-update-user" => (One(USERS), update_user()),
        "scheduling-create-users" => (One(USERS), create_users()),
        "scheduling-update-users" => (One(USERS), update_users()),
        "scheduling-create-team" => (One(USERS), create_team()),
        "scheduling-create-teams" => (One(USERS), create_teams()),
        "scheduling-update-team" => (One(USERS), update_team()),
        "scheduling-create-key" => (
            One(ACCOUNT),
            vec![
                foreign_organization().body(|_, _| json!({ "name": "New" })),
                probe("a foreign organization", Refused(403))
                    .body(|asked, _| json!({ "name": "New", "organization": asked.organization })),
                probe("a key for every organization", Refused(403))
                    .body(|_, _| json!({ "name": "New", "role": "adm" })),
            ],
        ),
        "scheduling-list-organizations" => (
            Operator,
            vec![
                probe("every organization", Refused(403)),
                foreign_organization(),
            ],
        ),
        "scheduling-create-organization" => (
            Operator,
            vec![
                probe("a new organization", Refused(403)).body(|_, _| json!({ "name": "New" })),
                probe("a foreign organization again", Refused(403))
                    .body(|asked, _| json!({ "name": "New", "_id": asked.organization })),
            ],
        ),
        // The same bytes for everybody, whoever asks.
        "reference-openapi" | "reference-docs" => (Nothing, vec![]),
        _ => {
            return super::directory::operation(binary)
                .or_else(|| super::accounts::operation(binary));
        }
    };
    Some(operation)
}

fn event(name: &str, value: Value) -> Value {
    json!({ "title": "New", "created_by": { "email": "new@other.example" }, name: value })
}

fn book_event() -> Vec<Probe> {
    let mut probes = by_id(Some(|_, _| event("title", json!("Stolen"))));
    probes.extend([
        probe("a foreign organization", Refused(403))
            .body(|asked, _| event("organization", json!(asked.organization))),
        probe("a foreign hold", Refused(409)).body(|asked, _| event("hold", json!(asked.hold))),
        // Anybody may be invited; who they are elsewhere does not show.
        probe("a foreign address", Own)
            .body(|asked, _| event("created_by", json!({ "email": asked.email }))),
        probe("a foreign guest", Own)
            .body(|asked, _| event("invitees", json!([{ "email": asked.email }]))),
    ]);
    probes
}

fn list_events() -> Vec<Probe> {
    let mut probes = by_id(None);
    probes.extend([
        probe("a foreign cursor", Own)
            .query(|asked| format!("?limit=1&cursor={}", asked.event_cursor)),
        probe("a foreign title", NothingFound).query(|_| "?q=Hidden".to_owned()),
    ]);
    probes
}

fn create_event() -> Vec<Probe> {
    vec![
        foreign_organization()
            .body(|_, own| json!({ "title": "New", "created_by": { "user": own.user } })),
        probe("a foreign organizer", Refused(422))
            .body(|asked, _| json!({ "title": "New", "created_by": { "user": asked.user } })),
    ]
}

fn preview() -> Vec<Probe> {
    let mut probes = by_id(Some(|_, _| event("title", json!("Stolen"))));
    probes.extend([
        probe("a foreign organization", Refused(403))
            .body(|asked, _| event("organization", json!(asked.organization))),
        probe("a foreign hold", Refused(409)).body(|asked, _| event("hold", json!(asked.hold))),
    ]);
    probes
}

fn create_hold() -> Vec<Probe> {
    fn hold(name: &str, value: Value) -> Value {
        json!({
            name: value, "date": "2031-01-09T10:00:00Z", "end_date": "2031-01-09T11:00:00Z",
        })
    }
    vec![
        foreign_organization().body(|_, own| hold("users", json!([own.user]))),
        probe("a foreign team", Refused(404)).body(|asked, _| hold("team", json!(asked.team))),
        probe("a foreign user", Refused(422)).body(|asked, _| hold("users", json!([asked.user]))),
    ]
}

fn list_all_events() -> Vec<Probe> {
    vec![
        foreign_organization(),
        probe("a foreign cursor", Own)
            .query(|asked| format!("?limit=1&cursor={}", asked.event_cursor)),
        probe("a foreign title", NothingFound).query(|_| "?q=Hidden".to_owned()),
        probe("a foreign team", Refused(404)).query(|asked| format!("?team={}", asked.team)),
        probe("a foreign creator", NothingFound)
            .query(|asked| format!("?creator_users={}", asked.user)),
        probe("a foreign creator's address", NothingFound)
            .query(|asked| format!("?creator_emails={}", asked.email)),
        probe("a foreign invitee", NothingFound)
            .query(|asked| format!("?invitee_users={}", asked.user)),
        // Anybody may be invited: whom the caller's own events name is found.
        probe("a foreign invitee's address", Own)
            .query(|asked| format!("?invitee_emails={}", asked.email)),
    ]
}

fn reassign_event() -> Vec<Probe> {
    let mut probes = by_id(None);
    probes.extend([
        probe("a foreign event of one's own team", Refused(404)).path(Ids::ForeignEvent),
        probe("one's own event of a foreign team", Refused(404)).path(Ids::OwnEvent),
    ]);
    probes
}

fn create_user() -> Vec<Probe> {
    vec![
        foreign_organization().body(|_, _| user("first_name", "New")),
        probe("a foreign organization", Refused(403)).body(
            |asked, _| json!({ "organization": asked.organization, "user": { "email": "new@other.example" } }),
        ),
        probe("a foreign _id", Refused(404)).body(|asked, _| user("_id", asked.user.clone())),
        probe("a foreign id", Refused(404)).body(|asked, _| user("id", asked.user.clone())),
        probe("a foreign team", Refused(422)).body(|asked, _| linked_team(asked)),
        probe("a foreign address", Own).body(|asked, _| user("email", asked.email.clone())),
        probe("a foreign extid", Own).body(
            |asked, _| json!({ "user": { "account": { "organization": { "extid": asked.extid } } } }),
        ),
        probe("a foreign nickname", Own).body(|asked, _| {
            json!({ "user": { "email": "nick@other.example" }, "vyteme": { "nickname": asked.nickname } })
        }),
        probe("a foreign team's extid", Own).body(|asked, _| {
            json!({ "user": { "email": "team@other.example" }, "teams": [{ "extid": asked.team_extid }] })
        }),
        // Login names are typed without naming an organization.
        probe("a foreign login name", Taken).body(|asked, _| {
            json!({
                "user": { "email": "login@other.example" },
                "login": { "credentials": { "username": asked.login, "password": "correct horse" } },
            })
        }),
    ]
}

fn update_user() -> Vec<Probe> {
    let mut probes = by_id(Some(|_, _| json!({ "user": { "first_name": "Stolen" } })));
    probes.extend([
        probe("a foreign organization", Refused(403)).body(
            |asked, _| json!({ "organization": asked.organization, "user": { "first_name": "New" } }),
        ),
        probe("a foreign _id", Refused(422))
            .body(|asked, _| json!({ "user": { "_id": asked.user } })),
        probe("a foreign team", Refused(422))
            .body(|asked, _| json!({ "teams": [{ "_id": asked.team }] })),
        probe("a foreign login name", Taken).body(
            |asked, _| json!({ "login": { "credentials": { "username": asked.login } } }),
        ),
    ]);
    probes
}

fn create_users() -> Vec<Probe> {
    vec![
        foreign_organization().body(|_, _| json!([user("first_name", "New")])),
        probe("a foreign organization", RefusedItem(403)).body(
            |asked, _| json!([{ "organization": asked.organization, "user": { "email": "new@other.example" } }]),
        ),
        probe("a foreign _id", RefusedItem(404))
            .body(|asked, _| json!([user("_id", asked.user.clone())])),
        probe("a foreign team", RefusedItem(422)).body(|asked, _| json!([linked_team(asked)])),
    ]
}

fn update_users() -> Vec<Probe> {
    vec![
        foreign_organization().body(|_, own| json!([{ "user": { "_id": own.user } }])),
        probe("a foreign organization", RefusedItem(403)).body(
            |asked, own| json!([{ "organization": asked.organization, "user": { "_id": own.user } }]),
        ),
        probe("a foreign _id", RefusedItem(404)).body(
            |asked, _| json!([{ "user": { "_id": asked.user, "first_name": "Stolen" } }]),
        ),
        probe("a foreign team", RefusedItem(422)).body(
            |asked, own| json!([{ "user": { "_id": own.user }, "teams": [{ "_id": asked.team }] }]),
        ),
    ]
}

fn create_team() -> Vec<Probe> {
    vec![
        foreign_organization().body(|asked, _| new_team(asked, "members", json!([]))),
        probe("a foreign organization", Refused(403))
            .body(|asked, _| new_team(asked, "organization", json!(asked.organization))),
        probe("a foreign member", Refused(422))
            .body(|asked, _| new_team(asked, "members", json!([asked.user]))),
        probe("a foreign admin", Refused(422))
            .body(|asked, _| new_team(asked, "admins", json!([{ "_id": asked.user }]))),
        probe("a foreign member's second address", Refused(422)).body(|asked, _| {
            new_team(
                asked,
                "members",
                json!([{ "email": format!("second-{}", asked.email) }]),
            )
        }),
        probe("a foreign extid", Own).body(
            |asked, _| json!({ "extid": format!("second-{}", asked.team_extid), "name": "New" }),
        ),
    ]
}

fn create_teams() -> Vec<Probe> {
    vec![
        foreign_organization().body(|asked, _| json!([new_team(asked, "members", json!([]))])),
        probe("a foreign organization", RefusedItem(403))
            .body(|asked, _| json!([new_team(asked, "organization", json!(asked.organization))])),
        probe("a foreign member", RefusedItem(422))
            .body(|asked, _| json!([new_team(asked, "members", json!([asked.user]))])),
        probe("a foreign admin", RefusedItem(422))
            .body(|asked, _| json!([new_team(asked, "admins", json!([{ "_id": asked.user }]))])),
    ]
}

fn update_team() -> Vec<Probe> {
    let mut probes = by_id(Some(|_, _| json!({ "name": "Stolen" })));
    probes.extend([
        probe("a foreign organization", Refused(403))
            .body(|asked, own| team(own, "organization", json!(asked.organization))),
        probe("a foreign _id", Refused(422)).body(|asked, own| team(own, "_id", json!(asked.team))),
        probe("a foreign member", Refused(422))
            .body(|asked, own| team(own, "members", json!([asked.user]))),
        probe("a foreign admin", Refused(422))
            .body(|asked, own| team(own, "admins", json!([asked.user]))),
    ]);
    probes
}
