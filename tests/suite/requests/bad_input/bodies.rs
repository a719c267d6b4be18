//! Bodies that use every field, one for each route that takes a body.

use std::collections::BTreeSet;

use reqwest::Method;
use roster_domain::users::mail_topic::MailTopic;
use roster_local::{routes, setup};
use serde_json::{Value, json};

use super::Write;
use crate::harness::{Api, ErrorStyle, fixtures::Fields};

/// What the bodies are about.
struct Ids {
    user: String,
    team: String,
    /// A team whose members can always be booked.
    booked: String,
    key: String,
    hook: String,
    /// A time off of the user's, of the team's, and of everybody.
    time_off: [String; 3],
    /// An event of that team, and somebody who is invited.
    event: String,
    invitee: String,
    /// An event of no team.
    organized: String,
    /// Somebody who is in no team.
    free: String,
    /// A member of it.
    host: String,
    /// The user's number.
    user_number: String,
    /// The organization's.
    organization_number: String,
}

/// Every write, over an organization that has what the bodies name. Fails when
/// a route that takes a body is missing.
pub(super) async fn writes(api: &Api) -> Vec<Write> {
    let ids = settle(api).await;
    let user_path = format!("/v2/users/{}", ids.user);
    let team_path = format!("/v2/teams/{}", ids.team);
    let events = format!("/v2/teams/{}/events", ids.booked);
    let write = |name, method: Method, path: &str, body: Value, accepted| Write {
        name,
        method,
        path: path.to_owned(),
        body,
        batch: false,
        operator: false,
        optional: false,
        accepted,
    };
    let batch = |write: Write| Write {
        batch: true,
        accepted: 207,
        ..write
    };
    let (post, put) = (Method::POST, Method::PUT);
    let login = user_with_login(&ids);
    let object = user_object(&ids);
    let rotate = format!("/v2/keys/{}/rotate", ids.key);
    let grace = json!({ "grace_period_seconds": 60 });
    let change = |what: &str| format!("/v2/events/{}/{what}", ids.event);
    let reassign = format!("{events}/{}/reassign", ids.event);
    let assignments = format!("/v2/teams/{}/assignments", ids.booked);
    let (preview, credit) = (
        format!("{assignments}/preview"),
        format!("{assignments}/credit"),
    );
    let hours = format!("{user_path}/availabilities");
    let preferences = format!("{user_path}/preferences");
    let of_admins = format!("/v2/teams/{}/admin-preferences", ids.team);
    let new_member = format!("/v2/teams/{}/members", ids.team);
    let of_event = format!("/v2/events/{}", ids.event);
    let handed = format!("/v2/events/{}/admin", ids.organized);
    let organizer = json!({ "user": ids.host, "keep_as_invitee": "true" });
    let invitee = json!({ "invitee": ids.invitee });
    let member = json!({ "user": ids.host });
    let directory = directory_writes(&ids).map(|(name, method, path, body)| Write {
        operator: true,
        ..write(name, method, &path, body, 200)
    });
    let mut writes = vec![
        write("login", post.clone(), "/v2/users", login.clone(), 200),
        write("signup", post.clone(), "/v2/users", user_with_signup(), 201),
        write("login", put.clone(), &user_path, login.clone(), 200),
        write("object", put.clone(), &user_path, object, 200),
        batch(write(
            "login",
            post.clone(),
            "/v2/users/batch",
            login.clone(),
            207,
        )),
        batch(write(
            "login",
            put.clone(),
            "/v2/users/batch",
            login.clone(),
            207,
        )),
        batch(write("login", put.clone(), "/v2/users", login, 207)),
        write("team", post.clone(), "/v2/teams", new_team(&ids), 201),
        batch(write(
            "team",
            post.clone(),
            "/v2/teams/batch",
            another_team(&ids),
            207,
        )),
        write("team", put.clone(), &team_path, team(&ids), 200),
        write("event", post.clone(), &events, event(), 201),
        write("date", post.clone(), &change("reschedule"), new_date(), 200),
        write("event", post.clone(), &preview, event(), 200),
        write("availability", post.clone(), &hours, availability(), 201),
        write("availability", put.clone(), &hours, availability(), 200),
        write("preferences", put.clone(), &preferences, mails(), 200),
        write(
            "admin preferences",
            post.clone(),
            &of_admins,
            admin_mails(),
            201,
        ),
        write(
            "admin preferences",
            put.clone(),
            &of_admins,
            admin_mails(),
            200,
        ),
        write("credit", post.clone(), &credit, credit_of(&ids), 201),
        write(
            "new member",
            post.clone(),
            &new_member,
            json!({ "user": ids.host }),
            200,
        ),
        write("hold", post.clone(), "/v2/slots/holds", hold(&ids), 201),
        write("new event", post.clone(), "/v2/events", new_event(), 201),
        write("event update", put.clone(), &of_event, event_update(), 200),
        write("guests", post.clone(), &change("invitees"), guests(), 200),
        write("organizer", post.clone(), &handed, organizer, 200),
        write("invitee", post.clone(), &change("decline"), invitee, 200),
        Write {
            optional: true,
            ..write("member", post.clone(), &reassign, member, 200)
        },
        write("key", post.clone(), "/v2/keys", key(), 201),
        Write {
            operator: true,
            ..write(
                "organization",
                post.clone(),
                "/v2/organizations",
                organization(),
                201,
            )
        },
        Write {
            optional: true,
            ..write("key", post, &rotate, grace, 200)
        },
    ];
    writes.extend(directory);
    let of_hooks = hook_writes(&ids).map(|(name, method, path, body, accepted)| Write {
        optional: name == "overlap",
        ..write(name, method, &path, body, accepted)
    });
    writes.extend(of_hooks);
    for (whose, time_off) in owners_of_time_off(&ids).into_iter().zip(&ids.time_off) {
        let path = format!("{whose}/time-off");
        let one = format!("{path}/{time_off}");
        writes.push(write("time off", Method::POST, &path, new_time_off(), 201));
        writes.push(write("edit", Method::PUT, &one, time_off_edit(), 200));
        let calendars = format!("{whose}/calendars");
        let own = own_calendars();
        writes.push(write("calendars", Method::PUT, &calendars, own, 200));
    }
    let accounts = accounts_writes(&ids).map(|(name, method, path, body)| Write {
        optional: name == "nothing",
        ..write(name, method, &path, body, 200)
    });
    writes.extend(accounts);
    assert_complete(&writes, &ids);
    writes
}

/// Those that are not asked with bodies from here: some write what the path
/// alone says, once; one ends the session that calls; a login takes any two strings,
/// and the pages have forms, which tests/suite/surfaces/accounts,
/// tests/suite/bookings/life/pages.rs and tests/suite/pages look at.
const ELSEWHERE: [&str; 15] = [
    "scheduling-ping-hook",
    "scheduling-replay-delivery",
    "scheduling-reassign-time-off",
    "scheduling-create-user-feed",
    "scheduling-create-team-feed",
    "scheduling-make-admin",
    "scheduling-make-admin-only",
    "scheduling-confirm-event",
    "scheduling-cancel-event",
    "scheduling-note-no-show",
    "accounts-login",
    "accounts-logout",
    "accounts-finish-signup",
    "guests-change-event",
    "guests-book-on-page",
];

fn assert_complete(writes: &[Write], ids: &Ids) {
    let known: BTreeSet<_> = writes
        .iter()
        .map(|write| format!("{} {}", write.method, write.path))
        .collect();
    let served = routes()
        .into_iter()
        .filter(|route| !ELSEWHERE.contains(&route.binary))
        .flat_map(|route| route.matches)
        .filter(|(method, _)| [Method::POST, Method::PUT, Method::PATCH].contains(method))
        .map(|(method, path)| {
            let path = path
                .replace("{team_id}/events", &format!("{}/events", ids.booked))
                .replace(
                    "{team_id}/assignments",
                    &format!("{}/assignments", ids.booked),
                );
            let is_numbered = ErrorStyle::of(&path) != ErrorStyle::Problem;
            let user = if is_numbered {
                &ids.user_number
            } else {
                &ids.user
            };
            let path = path
                .replace("{user_id}", user)
                .replace("{org_id}", &ids.organization_number)
                .replace("{organization_id}", setup::ORGANIZATION);
            let owners = owners_of_time_off_by_id(ids);
            let of = |path: String, (owner, time_off): (&String, &String)| {
                if path.contains(owner.as_str()) {
                    path.replace("{time_off_id}", time_off)
                } else {
                    path
                }
            };
            let path = path.replace("{team_id}", &ids.team);
            let path = owners.iter().zip(&ids.time_off).fold(path, of);
            let path = path
                .replace("{event_id}/admin", &format!("{}/admin", ids.organized))
                .replace("{event_id}", &ids.event)
                .replace("{hook_id}", &ids.hook)
                .replace("{key_id}", &ids.key);
            format!("{method} {path}")
        });
    assert_eq!(known, served.collect(), "every route that takes a body");
}

async fn settle(api: &Api) -> Ids {
    let client = api.organization();
    let user = client.new_user_id("jean@example.com").await;
    client
        .new_user(json!({
            "email": "marie@example.com",
            "account": { "organization": { "extid": "43", "admin": true } },
        }))
        .await;
    let linked = json!({ "extid": "sales", "name": "Sales" });
    let linked = client.new_team(linked).await;
    let host = client.new_user_id("host@example.com").await;
    let other = client.new_user_id("other@example.com").await;
    let booked = json!({ "extid": "booked", "name": "Booked", "members": [host, other] });
    let booked = client.new_team(booked).await;
    let events = format!("/v2/teams/{}/events", booked.id());
    let made = client.post(&events, &event()).await.created().json();
    let organized = client.post("/v2/events", &new_event()).await.created();
    let key = client.post("/v2/keys", &json!({ "name": "worn" })).await;
    let id = |thing: &Value| thing.id().to_owned();
    let mut time_off = Vec::new();
    let owners = [
        format!("users/{user}"),
        format!("teams/{}", linked.id()),
        format!("organizations/{}", setup::ORGANIZATION),
    ];
    for owner in owners {
        let path = format!("/v2/{owner}/time-off");
        let made = client.post(&path, &new_time_off()).await;
        time_off.push(made.created().id());
    }
    let time_off = time_off.try_into().unwrap();
    Ids {
        user,
        team: id(&linked),
        booked: id(&booked),
        key: id(&key.json()),
        hook: client.post("/hooks", &hook()).await.created().id(),
        time_off,
        event: id(&made),
        organized: organized.id(),
        free: client.new_user_id("free@example.com").await,
        invitee: id(made["invitees"].as_array().unwrap().last().unwrap()),
        host,
        // The first of this table.
        user_number: "1".to_owned(),
        organization_number: "1".to_owned(),
    }
}

/// The bodies of `/api/v2`.
fn accounts_writes(ids: &Ids) -> [(&'static str, Method, String, Value); 6] {
    let user = format!("/api/v2/users/{}", ids.user_number);
    let invitation = json!({ "email": "invited@example.com" });
    let change = json!({
        "_id": ids.user_number.parse::<u64>().unwrap(),
        "firstName": "Jean 🎉", "lastName": "Dupont 🎉", "email": "jean@example.com",
        "locale": "da", "timezone": "America/Chicago",
    });
    let permissions = json!({
        "accountManagement": true, "userManagement": "true", "addBeacons": true,
        "toggleBeacons": "false", "viewMetrics": true,
    });
    let at = |operation: &str| format!("{user}/{operation}");
    let (invite, nothing) = ("/api/v2/users".to_owned(), json!({}));
    [
        ("accounts invitation", Method::POST, invite, invitation),
        ("accounts user", Method::PUT, user.clone(), change.clone()),
        ("accounts user", Method::PATCH, user.clone(), change),
        (
            "accounts permissions",
            Method::POST,
            at("perms"),
            permissions,
        ),
        ("nothing", Method::POST, at("deactivate"), nothing.clone()),
        ("nothing", Method::POST, at("activate"), nothing),
    ]
}

/// The bodies of `/api/v1`. Sent as JSON: numbers both as such and as strings.
fn directory_writes(ids: &Ids) -> [(&'static str, Method, String, Value); 4] {
    let profile = json!({
        "username": "directory 🎉", "password": "correct 🎉 horse",
        "first_name": "Jean", "last_name": "Dupont", "status": "1",
        "mobile": "+33 6 12 34 56 78", "mobile_provider": 7, "sp_num": "100",
        "org_id": ids.organization_number, "extra_email": "a@x.org, b@x.org",
        "suppress_emails": "test.com",
    });
    let mut change = profile.clone();
    change["username"] = json!("changed 🎉");
    change["id"] = json!(ids.user_number);
    change["user_id"] = json!(ids.user_number.parse::<u64>().unwrap());
    change["company"] = json!("ACME");
    let organization = json!({
        "id": ids.organization_number, "org_id": ids.organization_number, "name": "ACME",
    });
    let user = format!("/api/v1/user/{}", ids.user_number);
    let org = format!("/api/v1/org/{}", ids.organization_number);
    let name = json!({ "name": "New 🎉" });
    [
        (
            "directory user",
            Method::POST,
            "/api/v1/user".to_owned(),
            profile,
        ),
        ("directory change", Method::PUT, user, change),
        (
            "directory organization",
            Method::POST,
            "/api/v1/org".to_owned(),
            name,
        ),
        ("directory organization", Method::PUT, org, organization),
    ]
}

fn profile(ids: &Ids) -> Value {
    json!({
        "_id": ids.user, "id": ids.user,
        "email": "jean@example.com", "emails": ["jean@example.com"],
        "first_name": "Jean", "last_name": "Dupont",
        "language": "fr", "timezone": "Europe/Paris",
        "picture_url": "https://www.example.com/jean",
        "calendarList": "5f1175516b229dad991a7949",
        "account": { "organization": { "extid": "42", "admin": "true" } },
        "consent": { "terms": "2020-06-24T09:42:41.225Z" },
        "google": {
            "id": "112448977134001874141", "email": "jean@gmail.com",
            "picture": "http://example.com/picture",
            "last_contacts_fetch": "2020-07-13T15:45:04.688Z",
            "last_profile_fetch": "2020-07-14T09:36:22.997Z",
        },
    })
}

fn mails() -> Value {
    let topics = |wants: &str| {
        let topics = MailTopic::ALL.iter();
        let topics = topics.map(|topic| (topic.name().to_owned(), json!(wants)));
        Value::Object(topics.collect())
    };
    json!({ "email": topics("true"), "push": topics("false") })
}

fn admin_mails() -> Value {
    json!({ "prefs": { "email": mails()["email"] } })
}

fn availability() -> Value {
    let day = json!({ "enabled": true, "slots": [
        { "start_time": "2018-01-01T10:00", "end_time": "12:30" },
        { "start_time": "14:00", "end_time": "2018-01-02T00:00" },
    ]});
    json!({
        "timezone": "Europe/Paris", "today": "Europe/Paris",
        "today_as_busy": true, "past_as_busy": "false", "all_day_busy": false,
        "days_after_as_busy": 60, "buffer_before": "5", "buffer_after": 10,
        "days": {
            "monday": day, "tuesday": day, "wednesday": day, "thursday": day,
            "friday": day, "saturday": day, "sunday": { "enabled": "false", "slots": [] },
        },
    })
}

fn booking_page() -> Value {
    let place = json!({
        "name": "Office 🎉", "address": "1 rue X", "adress": "1 rue X",
        "source": "maps", "source_id": "7",
    });
    json!({
        "nickname": "jean", "message": "Bonjour\n🎉",
        "custom": {
            "auto_message": "a", "auto_title": "b", "ask_phone": true, "ask_company": true,
            "block_new_invitee": true, "duration": 45, "set_lang": true, "enable_api": true,
            "fixed_lang": "fr", "set_timezone": true, "fixed_timezone": "Europe/Paris",
            "event_hide_decline": "24", "hide_places": true, "hide_support": true,
            "hide_title": true, "forbid_add_places": true, "min_dates": 3, "one_slot": true,
            "reminder_hours": 24,
            "auto_confirm": "true", "invite_title": "c",
            "redirect_url": "https://www.example.com/thanks",
            "fixed_places": [place, place],
            "embed_origins": ["https://www.example.com", "http://127.0.0.1:8000"],
        },
    })
}

fn calendars() -> Value {
    let calendar = json!({
        "source": "exchange",
        "credentials": { "server": "mail.example.com", "username": "jean", "password": "🎉" },
    });
    json!([calendar, calendar])
}

/// The request body of `/v2/users` with credentials to log in with.
fn user_with_login(ids: &Ids) -> Value {
    json!({
        "organization": setup::ORGANIZATION,
        "user": profile(ids),
        "availability": availability(),
        "vyteme": booking_page(),
        "login": { "credentials": { "username": "jean.dupont", "password": "correct 🎉 horse" } },
        "calendars": calendars(),
        "teams": [
            { "_id": ids.team, "name": "Sales", "admin": true, "member": "true" },
            { "extid": "support", "name": "Support", "admin": "false", "member": true },
        ],
    })
}

/// The one with a link to finish the sign-up instead.
fn user_with_signup() -> Value {
    json!({
        "user": { "email": "new@example.com", "language": "nl" },
        "finish_signup_with": "email",
    })
}

/// The User object, as an answer shows it and a client sends it back.
fn user_object(ids: &Ids) -> Value {
    let mut object = profile(ids);
    object["availability"] = availability();
    object["vyteme"] = booking_page();
    object["teams"] = json!([{ "_id": ids.team, "admin": true, "member": true }]);
    object
}

fn team(ids: &Ids) -> Value {
    json!({
        "_id": ids.team, "organization": setup::ORGANIZATION,
        "extid": "sales", "name": "Sales 🎉", "level_name": "Division", "public": "true",
        "reminder_hours": "24",
        "admins": [{ "_id": ids.user }, { "extid": "43" }],
        "members": [ids.user, { "email": "marie@example.com" }],
        "assignment": {
            "strategy": "round_robin", "minimum_notice": "30", "respect_availability": "false",
            "stale_calendars": "refuse",
            "credit": ["no_show", "cancelled"],
            "members": { &ids.user: {
                "weight": 2, "priority": "1", "max_per_day": 3, "max_per_week": 10,
            }},
        },
    })
}

/// A body that books an event. It can be sent again: an event with several
/// dates, none of them confirmed, reserves none.
fn event() -> Value {
    let place = json!({
        "name": "Office 🎉", "address": "1 rue X", "adress": "1 rue X",
        "source": "maps", "source_id": "7",
    });
    json!({
        "organization": setup::ORGANIZATION,
        "title": "Démo 🎉",
        "created_by": { "email": "jean@example.com", "full_name": "Jean Dupont" },
        "confirmed": { "flag": "false" },
        "dates": [
            {
                "all_day": "false",
                "date": "2099-07-16T14:00:00+0530", "end_date": "2099-07-16T15:00:00+04:30",
            },
            { "all_day": false, "date": "2099-07-16T09:00:00", "end_date": "2099-07-16T15:00:00Z" },
            { "all_day": true, "date": "2099-07-16", "end_date": "2099-07-17" },
        ],
        "places": [place, place],
        "invitees": [
            { "email": "zoe@example.com", "full_name": "Zoé 🎉", "phone": "+33 1 23 45 67 89" },
            { "email": "tom@example.org", "required": "false" },
        ],
        "third_party": { "ct": "c 🎉", "app": "crm", "group_ids": ["sales 🎉", "support"] },
        "settings": { "no_emails": "true" },
        "messages": [{ "body": "Bonjour\n🎉" }, { "body": "Hello" }],
        "lang": "fr", "locale": "de", "timezone": "America/New_York", "vyteme": "true",
    })
}

/// The body of an event without a team. It can be sent again, as it is not confirmed.
fn new_event() -> Value {
    let mut body = event();
    body["created_by"] = json!({ "email": "jean@example.com" });
    body["vyteme"] = json!("true");
    body
}

/// Dates and places that take the place of others.
fn event_update() -> Value {
    let event = event();
    json!({
        "title": "Renamed 🎉", "dates": [event["dates"][0]], "places": event["places"],
    })
}

/// What is held. It can be sent once.
fn hold(ids: &Ids) -> Value {
    json!({
        "organization": setup::ORGANIZATION, "users": [ids.free], "minutes": "5",
        "all_day": "false", "timezone": "Europe/Paris",
        "date": "2098-09-16T14:00:00+0530", "end_date": "2098-09-16T15:00:00+04:30",
    })
}

fn credit_of(ids: &Ids) -> Value {
    json!({ "user": ids.host, "units": -7, "reason": "Remplacé 🎉" })
}

fn guests() -> Value {
    json!([
        { "email": "zoe@example.com", "full_name": "Zoé 🎉", "phone": "+33 1 23 45 67 89" },
        { "email": "marie@example.com", "required": "true" },
    ])
}

/// Another date for an event.
fn new_date() -> Value {
    json!({
        "all_day": "false", "timezone": "America/New_York", "reassign": "true",
        "date": "2098-07-16T14:00:00+0530", "end_date": "2098-07-16T15:00:00+04:30",
    })
}

fn new_team(ids: &Ids) -> Value {
    let mut body = team(ids);
    body["extid"] = json!("new");
    body.as_object_mut().unwrap().remove("_id");
    body
}

fn another_team(ids: &Ids) -> Value {
    let mut body = new_team(ids);
    body["extid"] = json!("another");
    body
}

/// Those of webhooks: what each is about, and what it is answered.
fn hook_writes(ids: &Ids) -> [(&'static str, Method, String, Value, u16); 5] {
    let path = format!("/hooks/{}", ids.hook);
    let overlap = json!({ "overlap_seconds": 60 });
    let (post, put) = (Method::POST, Method::PUT);
    [
        ("hook", post.clone(), "/hooks".to_owned(), hook(), 201),
        ("hook", post.clone(), "/v2/hooks".to_owned(), hook(), 201),
        ("hook", put.clone(), path.clone(), changed_hook(), 200),
        ("hook", put, format!("/v2{path}"), changed_hook(), 200),
        ("overlap", post, format!("/v2{path}/rotate"), overlap, 200),
    ]
}

fn hook() -> Value {
    json!({
        "action": "event.created", "target_url": "https://www.example.com/roster",
        "organization": setup::ORGANIZATION,
    })
}

/// Whose time off there is, as their ids, in the order of [`Ids::time_off`].
fn owners_of_time_off_by_id(ids: &Ids) -> [String; 3] {
    [
        ids.user.clone(),
        ids.team.clone(),
        setup::ORGANIZATION.to_owned(),
    ]
}

/// The same, as paths.
fn owners_of_time_off(ids: &Ids) -> [String; 3] {
    let [user, team, organization] = owners_of_time_off_by_id(ids);
    [
        format!("/v2/users/{user}"),
        format!("/v2/teams/{team}"),
        format!("/v2/organizations/{organization}"),
    ]
}

fn own_calendars() -> Value {
    json!({ "calendars": [{
        "name": "Own", "source": "ics", "url": "https://calendar.example.com/own.ics",
        "username": "jean", "password": "analytical",
        "tentative_busy": false, "write_back": false, "subcalendars": [{ "busy": true }],
    }] })
}

fn new_time_off() -> Value {
    json!({ "from": "2031-01-09T09:00:00+01:00", "to": "2031-01-09T12:00:00+01:00", "reason": "Leave" })
}

fn time_off_edit() -> Value {
    json!({ "from": "2031-01-10", "to": "2031-01-11", "reason": "Leave" })
}

fn changed_hook() -> Value {
    json!({
        "action": "*", "target_url": "https://www.example.com/other", "paused": "true",
    })
}

fn key() -> Value {
    json!({
        "name": "Laptop 🎉", "role": "org", "organization": setup::ORGANIZATION,
        "expires": "2999-01-01T00:00:00Z",
    })
}

fn organization() -> Value {
    json!({
        "_id": "5f198da1c1ac5d1a30fc0aaa", "name": "Another 🎉", "lang": "fr", "plan": "free",
        "private": "false", "superadmin_team": "5f198da1c1ac5d1a30fc0aab",
        "brand": "5f198da1c1ac5d1a30fc0aac", "free_trial_days": "14",
        "free_trial_started": "2020-06-24T09:42:41.225Z",
    })
}
