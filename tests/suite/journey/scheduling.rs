//! The journey through `/v2`.

use reqwest::Method;
use serde_json::{Value, json};

use super::{PASSWORD, Travellers, journal::Journal};
use crate::harness::{Api, Client};

/// The users that the journey begins with, by `_id`.
pub struct Users {
    pub ada: String,
    pub grace: String,
}

pub async fn users(travellers: &Travellers<'_>, journal: &mut Journal) -> Users {
    let client = &travellers.organization;
    let ada = json!({
        "user": { "email": journal.address("ada"), "first_name": "Ada", "timezone": "Europe/Paris" },
        "login": { "credentials": { "username": journal.address("ada"), "password": PASSWORD } },
        "calendars": [{
            "source": "exchange",
            "credentials": {
                "server": "mail.journey.example", "username": "ada", "password": "calendar-secret",
            },
        }],
    });
    let made = journal.post(client, "/v2/users", &ada, 201).await;
    assert_eq!(made["user"]["first_name"], "Ada");
    let ada_id = text(&made["user"]["_id"]);
    let again = json!({ "user": { "email": journal.address("ADA") } });
    journal.post(client, "/v2/users", &again, 409).await;
    let wrong = json!({ "user": { "email": journal.address("x"), "timezone": "Mars/Base" } });
    let refused = journal.post(client, "/v2/users", &wrong, 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/user/timezone");
    journal.post(client, "/v2/users", &json!([]), 400).await;

    let path = format!("/v2/users/{ada_id}");
    let change = json!({ "user": { "last_name": "Lovelace" } });
    journal.put(client, &path, &change, 200).await;
    let shown = journal.get(client, &path, 200).await;
    assert_eq!(shown["last_name"], "Lovelace");
    let unknown = "/v2/users/5f5e10000000000000000000";
    journal.get(client, unknown, 404).await;

    let batch = json!([
        { "user": { "email": journal.address("grace"), "first_name": "Grace" } },
        { "user": { "email": "no address" } },
    ]);
    let made = journal.post(client, "/v2/users/batch", &batch, 207).await;
    assert_eq!(made[0]["status"], 201);
    let grace_id = text(&made[0]["user"]["_id"]);
    let batch = json!([{ "user": { "_id": grace_id, "timezone": "Europe/Paris" } }]);
    journal.put(client, "/v2/users/batch", &batch, 207).await;
    let listed = journal.get(client, "/v2/users", 200).await;
    assert_eq!(listed.as_array().unwrap().len(), 2);
    journal.get(client, "/v2/users?limit=1", 200).await;
    journal.get(client, "/v2/users?limit=none", 400).await;
    Users {
        ada: ada_id,
        grace: grace_id,
    }
}

/// Answers the team that there is then.
pub async fn teams_and_bookings(
    travellers: &Travellers<'_>,
    journal: &mut Journal,
    users: &Users,
) -> String {
    let client = &travellers.organization;
    let body = json!({
        "extid": "1", "name": "Sales", "public": true, "members": [users.ada, users.grace],
    });
    let team = journal.post(client, "/v2/teams", &body, 201).await;
    let path = format!("/v2/teams/{}", text(&team["_id"]));
    let listed = journal.get(client, "/v2/teams", 200).await;
    assert_eq!(listed, json!([team]));
    journal
        .put(client, &path, &json!({ "name": "Sales Europe" }), 200)
        .await;
    journal.get(client, &path, 200).await;
    let public = format!("{path}/public");
    let page = journal.get(&travellers.anybody, &public, 200).await;
    assert_eq!(page["name"], "Sales Europe");
    let unknown = "/v2/teams/5f5e10000000000000000000/public";
    journal.get(&travellers.anybody, unknown, 404).await;

    let batch = json!({ "teams": [
        { "extid": "2", "name": "Support", "members": [users.ada] }, { "extid": "3" },
    ] });
    let made = journal.post(client, "/v2/teams/batch", &batch, 207).await;
    assert_eq!(made[0]["team"]["name"], "Support");
    assert_eq!(made[1]["error"]["errors"][0]["pointer"], "/name");

    people(client, journal, &path, users).await;
    searches(client, journal, &team, users).await;

    holds(client, journal, &team, users).await;

    let events = format!("{path}/events");
    let units = json!({ "user": users.ada, "units": 2, "reason": "Holiday" });
    let credit = format!("{path}/assignments/credit");
    let credited = journal.post(client, &credit, &units, 201).await;
    assert_eq!(credited["decisions"][0]["credit"]["units"], 2);
    let back = json!({ "user": users.ada, "units": -2, "reason": "Holiday" });
    journal.post(client, &credit, &back, 201).await;
    let booking = json!({
        "title": "Demo", "created_by": { "email": journal.address("zoe") },
        "dates": [{ "date": "2098-01-14T10:00:00Z", "end_date": "2098-01-14T10:30:00Z" }],
    });
    let preview = format!("{path}/assignments/preview");
    let previewed = journal.post(client, &preview, &booking, 200).await;
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "journey-1"),
    ];
    let mut answers = Vec::new();
    for _ in 0..2 {
        let body = booking.to_string().into_bytes();
        let sent = client.send(Method::POST, &events, Some(body), &headers);
        answers.push(journal.note(Method::POST, &events, &sent.await, 201));
    }
    assert_eq!(answers[0], answers[1], "one key, one booking");
    assert_eq!(answers[0]["assignment"]["member"], previewed["member"]);
    journal.post(client, &events, &booking, 201).await;
    journal.post(client, &preview, &booking, 409).await;
    let nobody = journal.post(client, &events, &booking, 409).await;
    assert!(nobody["title"].is_string(), "{nobody}");
    let event = text(&answers[0]["_id"]);
    let other = json!({
        "title": "Demo", "created_by": { "email": journal.address("zoe") },
        "dates": [{ "date": "2098-01-15T10:00:00Z", "end_date": "2098-01-15T10:30:00Z" }],
    });
    let free = journal.post(client, &events, &other, 201).await;
    let reassign = |event: &str| format!("{events}/{event}/reassign");
    // The other member has the same hour taken.
    let path_of = reassign(&event);
    journal.post(client, &path_of, &json!({}), 409).await;
    let path_of = reassign(&text(&free["_id"]));
    let moved = journal.post(client, &path_of, &json!({}), 200).await;
    assert_ne!(moved["created_by"]["user"], free["created_by"]["user"]);
    let back = json!({ "user": free["created_by"]["user"] });
    let back = journal.post(client, &path_of, &back, 200).await;
    assert_eq!(back["created_by"]["user"], free["created_by"]["user"]);
    let listed = journal.get(client, &events, 200).await;
    assert_eq!(listed.as_array().unwrap().len(), 5);
    let upcoming = format!("{events}?filter=upcoming");
    let upcoming = journal.get(client, &upcoming, 200).await;
    assert_eq!(upcoming.as_array().unwrap().len(), 3, "two are cancelled");
    calendars(travellers, journal, &team, users).await;
    told(travellers, journal, &path, users).await;
    lives(client, journal, &team, &free).await;
    on_its_page(travellers, journal, &team).await;
    organized(client, journal, users).await;
    away(client, journal, &team, users).await;
    text(&team["_id"])
}

pub async fn end_of_team(travellers: &Travellers<'_>, journal: &mut Journal, team: &str) {
    let client = &travellers.organization;
    let path = format!("/v2/teams/{team}");
    journal
        .get(client, &format!("{path}/assignments"), 200)
        .await;
    journal.delete(client, &path, 200).await;
    journal.get(client, &path, 404).await;
}

/// The people of a team, one at a time.
async fn people(client: &Client<'_>, journal: &mut Journal, team: &str, users: &Users) {
    let grace = format!("{team}/members/{}", users.grace);
    let change = |what: &str| format!("{grace}/{what}");
    let made = journal
        .post(client, &change("admin"), &json!({}), 200)
        .await;
    assert_eq!(made["admins"], json!([users.grace]));
    journal.delete(client, &change("admin"), 200).await;
    journal
        .post(client, &change("admin-only"), &json!({}), 200)
        .await;
    let out = journal.delete(client, &change("admin-only"), 200).await;
    assert_eq!(out["members"], json!([users.ada]));
    let user = json!({ "user": users.grace });
    let members = format!("{team}/members");
    journal.post(client, &members, &user, 200).await;
    let events = format!("{team}/events");
    let booking = json!({ "title": "Left", "created_by": { "user": users.grace } });
    let left = journal.post(client, &events, &booking, 201).await;
    let out = journal.delete(client, &grace, 200).await;
    assert_eq!(out["events_to_reassign"][0]["_id"], left["_id"]);
    journal.delete(client, &grace, 404).await;
    journal.post(client, &members, &user, 200).await;
    let cancel = format!("/v2/events/{}/cancel", text(&left["_id"]));
    journal.post(client, &cancel, &json!({}), 200).await;
}

/// A time that is held, booked and freed.
async fn holds(client: &Client<'_>, journal: &mut Journal, team: &Value, users: &Users) {
    let team = text(&team["_id"]);
    let date = json!({
        "team": team, "date": "2098-01-13T10:00:00Z", "end_date": "2098-01-13T10:30:00Z",
    });
    let held = journal.post(client, "/v2/slots/holds", &date, 201).await;
    journal.post(client, "/v2/slots/holds", &date, 201).await;
    journal.post(client, "/v2/slots/holds", &date, 409).await;
    let booking = json!({ "title": "Held", "hold": held["_id"] });
    let events = format!("/v2/teams/{team}/events");
    let booked = journal.post(client, &events, &booking, 201).await;
    assert_eq!(booked["_id"], held["_id"]);
    assert_eq!(booked["created_by"]["user"], held["users"][0]);
    journal.post(client, &events, &booking, 409).await;
    let cancel = format!("/v2/events/{}/cancel", text(&booked["_id"]));
    journal.post(client, &cancel, &json!({}), 200).await;

    let both = json!({
        "users": [users.ada, users.grace], "minutes": 1,
        "date": "2098-01-12T10:00:00Z", "end_date": "2098-01-12T10:30:00Z",
    });
    let held = journal.post(client, "/v2/slots/holds", &both, 201).await;
    let path = format!("/v2/slots/holds/{}", text(&held["_id"]));
    journal.delete(client, &path, 200).await;
    journal.delete(client, &path, 404).await;
}

/// What becomes of a booked event.
async fn lives(client: &Client<'_>, journal: &mut Journal, team: &Value, event: &Value) {
    let path = format!("/v2/events/{}", text(&event["_id"]));
    let shown = journal.get(client, &path, 200).await;
    assert_eq!(shown["title"], "Demo");
    let change = |what: &str| format!("{path}/{what}");
    let dated = format!("confirm?d={}", text(&event["dates"][0]["_id"]));
    let confirmed = journal.post(client, &change(&dated), &json!({}), 200).await;
    assert_eq!(confirmed["confirmed"]["flag"], true);
    let unknown = "confirm?d=5f5e10000000000000000000";
    let refused = journal
        .post(client, &change(unknown), &json!({}), 422)
        .await;
    assert_eq!(refused["errors"][0]["parameter"], "d");
    let nobody = journal
        .post(client, &change("no-show"), &json!({}), 409)
        .await;
    assert_eq!(nobody["detail"], "the event has not started yet");

    // Across midnight: the day before and after decide as well.
    let date = json!({
        "date": "2098-01-16T23:30:00Z", "end_date": "2098-01-17T00:30:00Z",
    });
    let moved = journal
        .post(client, &change("reschedule"), &date, 200)
        .await;
    assert_eq!(moved["dates"][0]["date"], "2098-01-16T23:30:00.000Z");
    let backwards = json!({ "date": "2098-01-16T10:00:00Z", "end_date": "2098-01-16T09:00:00Z" });
    let refused = journal
        .post(client, &change("reschedule"), &backwards, 400)
        .await;
    assert_eq!(refused["errors"][0]["pointer"], "/end_date");

    let invitees = event["invitees"].as_array().unwrap();
    let invitee = json!({ "invitee": invitees.last().unwrap()["_id"] });
    let declined = journal
        .post(client, &change("decline"), &invitee, 200)
        .await;
    assert!(declined["cancelled"].is_string(), "nobody is left");
    journal
        .post(client, &change("cancel"), &json!({}), 200)
        .await;
    journal
        .post(client, &change("confirm"), &json!({}), 409)
        .await;

    let events = format!("/v2/teams/{}/events", text(&team["_id"]));
    for what in ["no-show", "cancel"] {
        let past = json!({
            "title": what, "created_by": { "email": journal.address("zoe") },
            "dates": [{ "date": "2020-01-15T10:00:00Z", "end_date": "2020-01-15T10:30:00Z" }],
        });
        let past = journal.post(client, &events, &past, 201).await;
        let change = format!("/v2/events/{}/{what}", text(&past["_id"]));
        journal.post(client, &change, &json!({}), 200).await;
    }
    let own = format!(
        "/v2/events?team={}&invitee_emails={}&q=Demo",
        text(&team["_id"]),
        journal.address("zoe")
    );
    let own = journal.get(client, &own, 200).await;
    assert_eq!(own.as_array().unwrap().len(), 3);
    let creator = &event["created_by"];
    let creators = format!(
        "/v2/events?team={}&creator_emails={}&filter=upcoming",
        text(&team["_id"]),
        text(&creator["email"])
    );
    let creators = journal.get(client, &creators, 200).await;
    assert_eq!(creators.as_array().unwrap().len(), 1);
    let all = journal.get(client, "/v2/events?limit=2", 200).await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    journal.get(client, "/v2/events/", 200).await;
    journal.get(client, "/v2/events?filter=all", 400).await;
}

/// What a guest does on the page of an event.
async fn on_its_page(travellers: &Travellers<'_>, journal: &mut Journal, team: &Value) {
    let client = &travellers.organization;
    let dates = [18, 19].map(|day| {
        json!({
            "date": format!("2098-01-{day}T10:00:00Z"), "end_date": format!("2098-01-{day}T10:30:00Z"),
        })
    });
    let booking = json!({
        "title": "Demo", "created_by": { "email": journal.address("yves") }, "dates": dates,
    });
    let events = format!("/v2/teams/{}/events", text(&team["_id"]));
    let event = journal.post(client, &events, &booking, 201).await;
    let id = text(&event["_id"]);
    let guest = text(&event["invitees"][1]["_id"]);
    let key = text(&event["key_store"]["hash"][guest.as_str()]);
    let page = format!("/e/{id}?k={key}");
    let anybody = &travellers.anybody;
    journal.get(anybody, &page, 200).await;
    journal.get(anybody, &format!("{page}x"), 404).await;
    journal.get(anybody, &format!("/e/{id}"), 404).await;
    let vote = format!("action=vote&date-{}=yes", text(&event["dates"][1]["_id"]));
    let forms = [
        (vote.as_str(), 303),
        ("action=message", 422),
        ("action=accept", 409),
        ("action=dance", 400),
    ];
    for (form, status) in forms {
        let sent = anybody.send_form(Method::POST, &page, form).await;
        journal.note(Method::POST, &page, &sent, status);
    }
    let path = format!("/v2/events/{id}/confirm");
    let confirmed = journal.post(client, &path, &json!({}), 200).await;
    assert_eq!(confirmed["confirmed"]["date_id"], event["dates"][1]["_id"]);
    // Across midnight: the day before and after decide as well.
    for (form, status) in [
        ("action=move&new_date=2098-01-20T23:45", 303),
        ("action=message&message=See+you", 303),
        ("action=cancel", 303),
    ] {
        let sent = anybody.send_form(Method::POST, &page, form).await;
        journal.note(Method::POST, &page, &sent, status);
    }
}

/// An event without a team.
async fn organized(client: &Client<'_>, journal: &mut Journal, users: &Users) {
    let body = json!({
        "title": "Review", "created_by": { "user": users.ada }, "confirmed": { "flag": true },
        "dates": [{ "date": "2098-02-14T10:00:00Z", "end_date": "2098-02-14T10:30:00Z" }],
        "invitees": [{ "email": journal.address("grace"), "required": true }],
    });
    let made = journal.post(client, "/v2/events", &body, 201).await;
    assert_eq!(made["created_by"]["user"], users.ada);
    let busy = journal.post(client, "/v2/events", &body, 409).await;
    assert_eq!(busy["considered"].as_array().unwrap().len(), 2);
    let stranger = json!({ "title": "Review", "created_by": { "email": journal.address("zoe") } });
    let refused = journal.post(client, "/v2/events", &stranger, 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/created_by/email");

    let path = format!("/v2/events/{}", text(&made["_id"]));
    let shown = journal.get(client, &path, 200).await;
    let same = journal.put(client, &path, &shown, 200).await;
    assert_eq!(same, shown, "an answer can be sent back");
    let renamed = json!({ "title": "Second review" });
    let renamed = journal.put(client, &path, &renamed, 200).await;
    assert_eq!(renamed["title"], "Second review");
    let invitees = format!("{path}/invitees");
    let guest = json!([{ "email": journal.address("zoe") }]);
    let invited = journal.post(client, &invitees, &guest, 200).await;
    assert_eq!(invited.as_array().unwrap().len(), 3);
    let removed = format!("{invitees}/{}", text(&invited[1]["_id"]));
    journal.delete(client, &removed, 200).await;
    journal.delete(client, &removed, 404).await;
    let organizer = json!({ "user": users.grace, "keep_as_invitee": true });
    let admin = format!("{path}/admin");
    journal.post(client, &admin, &organizer, 200).await;
    let shown = journal.get(client, &path, 200).await;
    assert_eq!(shown["created_by"]["user"], users.grace);
    assert_eq!(shown["invitees_length"], 3);
    journal
        .post(client, &format!("{path}/cancel"), &json!({}), 200)
        .await;
}

/// Says when people are away, and gives away what one of them has then.
async fn away(client: &Client<'_>, journal: &mut Journal, team: &Value, users: &Users) {
    let team_path = format!("/v2/teams/{}", text(&team["_id"]));
    let booking = json!({
        "title": "Demo", "created_by": { "email": journal.address("zoe") },
        "dates": [{ "date": "2098-03-14T10:00:00Z", "end_date": "2098-03-14T10:30:00Z" }],
    });
    let events = format!("{team_path}/events");
    let booked = journal.post(client, &events, &booking, 201).await;
    let busy = text(&booked["assignment"]["member"]);
    let user = format!("/v2/users/{busy}");
    let organization = format!("/v2/organizations/{}", text(&team["organization"]));
    let days = json!({ "from": "2098-03-14", "to": "2098-03-15", "reason": "Leave" });
    for owner in [&user, &team_path, &organization] {
        let path = format!("{owner}/time-off");
        let made = journal.post(client, &path, &days, 201).await;
        let left = made["events_to_reassign"].as_array().unwrap();
        assert!(
            left.iter().any(|event| event["_id"] == booked["_id"]),
            "{made}"
        );
        let one = format!("{path}/{}", text(&made["_id"]));
        let shorter = json!({ "to": "2098-03-14" });
        let changed = journal.put(client, &one, &shorter, 200).await;
        assert_eq!(changed["reason"], "Leave");
        if owner != &user {
            let refused = journal.post(client, &events, &booking, 409).await;
            assert!(refused["considered"].is_array(), "{refused}");
        }
        let listed = journal.get(client, &path, 200).await;
        assert_eq!(listed[0]["to"], "2098-03-14");
        if owner == &user {
            let reassign = format!("{one}/reassign");
            let given = journal.post(client, &reassign, &json!({}), 207).await;
            assert_eq!(given[0]["status"], 200, "{given}");
            assert_ne!(given[0]["user"], json!(busy));
        }
        journal.delete(client, &one, 200).await;
        journal.delete(client, &one, 404).await;
        if owner == &user {
            // Back with whom it was.
            let back = format!("{events}/{}/reassign", text(&booked["_id"]));
            journal
                .post(client, &back, &json!({ "user": busy }), 200)
                .await;
        }
    }
    let backwards = json!({ "from": "2098-03-14", "to": "2098-03-13" });
    let path = format!("/v2/users/{}/time-off", users.ada);
    let refused = journal.post(client, &path, &backwards, 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/to");
}

/// Enters a calendar of somebody's own, and takes it out.
async fn calendars(
    travellers: &Travellers<'_>,
    journal: &mut Journal,
    team: &Value,
    users: &Users,
) {
    let client = &travellers.organization;
    let path = format!("/v2/users/{}/calendars", users.ada);
    // One was set with the user.
    let first = journal.get(client, &path, 200).await;
    assert_eq!(first["calendars"][0]["source"], "exchange");
    let own = json!({ "calendars": [{
        "name": "Own", "source": "ics", "url": "https://calendar.example.com/own.ics",
    }] });
    let set = journal.put(client, &path, &own, 200).await;
    let renamed = json!({ "calendars": [{ "_id": set["calendars"][0]["_id"], "name": "Mine" }] });
    let set = journal.put(client, &path, &renamed, 200).await;
    assert_eq!(set["calendars"][0]["server"], "calendar.example.com");
    assert_eq!(set["calendars"][0]["url"], json!(null), "it is a secret");
    let one = format!("{path}/{}", text(&set["calendars"][0]["_id"]));
    journal.delete(client, &one, 200).await;
    journal.delete(client, &one, 404).await;
    // Of everybody: its whole days are holidays.
    let organization = format!("/v2/organizations/{}", text(&team["organization"]));
    for owner in [format!("/v2/teams/{}", text(&team["_id"])), organization] {
        let path = format!("{owner}/calendars");
        let set = journal.put(client, &path, &own, 200).await;
        journal.get(client, &path, 200).await;
        let one = format!("{path}/{}", text(&set["calendars"][0]["_id"]));
        journal.delete(client, &one, 200).await;
    }
}

/// Chooses what somebody is mailed about, and a team's admins; gives calendars an address.
async fn told(travellers: &Travellers<'_>, journal: &mut Journal, team: &str, users: &Users) {
    let client = &travellers.organization;
    let own = format!("/v2/users/{}/preferences", users.ada);
    let quiet = json!({ "email": { "new_message": false } });
    let set = journal.put(client, &own, &quiet, 200).await;
    assert_eq!(set["email"]["new_message"], false);
    assert_eq!(journal.get(client, &own, 200).await, set);
    for whose in [format!("/v2/users/{}", users.ada), team.to_owned()] {
        let feed = format!("{whose}/feed");
        let made = journal.post(client, &feed, &json!({}), 201).await;
        let key = text(&made["calendar"])
            .rsplit_once('?')
            .unwrap()
            .1
            .to_owned();
        for what in ["calendar", "freebusy"] {
            let path = format!("{whose}/{what}.ics?{key}");
            journal.get(&travellers.anybody, &path, 200).await;
        }
        journal.delete(client, &feed, 200).await;
        let path = format!("{whose}/calendar.ics?{key}");
        journal.get(&travellers.anybody, &path, 404).await;
    }
    let of_admins = format!("{team}/admin-preferences");
    let none = journal.get(client, &of_admins, 200).await;
    assert_eq!(none["_id"], Value::Null);
    let cancelled = json!({ "prefs": { "email": { "event_cancelled_admin": true } } });
    let set = journal.post(client, &of_admins, &cancelled, 201).await;
    assert_eq!(journal.get(client, &of_admins, 200).await, set);
    let changed = json!({ "prefs": { "email": { "declined": true } } });
    let changed = journal.put(client, &of_admins, &changed, 200).await;
    assert_eq!(changed["prefs"]["email"]["event_cancelled_admin"], true);
}

/// Looks for times before anything is booked.
async fn searches(client: &Client<'_>, journal: &mut Journal, team: &Value, users: &Users) {
    let own = journal.get(client, "/v2/auth/test", 200).await;
    assert_eq!(own["_id"], team["organization"]);
    let days = "from=2098-01-14&to=2098-01-14";
    let whose = format!("team={}", text(&team["_id"]));
    let found = format!("/v2/slots?{whose}&{days}&duration=60");
    let found = journal.get(client, &found, 200).await;
    assert_eq!(found["slots"].as_array().unwrap().len(), 24);
    let by_day = format!("/v2/slots/days?{whose}&{days}&duration=60");
    let by_day = journal.get(client, &by_day, 200).await;
    assert_eq!(by_day["days"]["2098-01-14"]["slots"], found["slots"]);

    // Nothing is found of somebody who is never open, however far one looks.
    let path = format!("/v2/users/{}", users.ada);
    let own = format!("{path}/availabilities");
    let slots = json!({ "days": { "monday": { "slots": [
        { "start_time": "09:00", "end_time": "17:00" },
    ] } } });
    let set = journal.post(client, &own, &slots, 201).await;
    let slot = &set["days"]["monday"]["slots"][0];
    assert!(slot["_id"].is_string() && set["belongs_to"] == users.ada);
    let buffer = json!({ "buffer_after": 10 });
    let changed = journal.put(client, &own, &buffer, 200).await;
    assert_eq!(changed["days"], set["days"]);
    assert_eq!(journal.get(client, &own, 200).await, changed);
    journal.delete(client, &own, 200).await;
    let none = journal.get(client, &own, 200).await;
    assert_eq!(none, json!({ "belongs_to": users.ada }));
    let hours = |days: Value| json!({ "availability": { "days": days } });
    let never = json!({ "monday": { "enabled": false, "slots": [] } });
    journal.put(client, &path, &hours(never), 200).await;
    let whose = format!("emails={}", journal.address("ada"));
    for path in ["/v2/slots", "/v2/slots/days"] {
        let none = format!("{path}?{whose}&{days}&duration=60");
        let none = journal.get(client, &none, 200).await;
        assert_eq!(none["nextAvailability"], Value::Null);
    }
    let next = format!("/v2/slots/next?{whose}&duration=60");
    let next = journal.get(client, &next, 200).await;
    assert_eq!(next["slots"], json!([]));
    let busy = format!("/v2/busy?{whose}&{days}");
    let busy = journal.get(client, &busy, 200).await;
    assert_eq!(busy["slots"].as_array().unwrap().len(), 1);
    journal.put(client, &path, &hours(Value::Null), 200).await;
}

pub async fn keys(api: &Api, travellers: &Travellers<'_>, journal: &mut Journal) {
    let client = &travellers.organization;
    let made = journal
        .post(client, "/v2/keys", &json!({ "name": "CRM" }), 201)
        .await;
    journal.get(client, "/v2/keys", 200).await;
    let path = format!("/v2/keys/{}", text(&made["_id"]));
    let rotated = format!("{path}/rotate");
    let rotated = journal.post(client, &rotated, &json!({}), 200).await;
    let new = api.with_key(&text(&rotated["key"]));
    journal.delete(client, &path, 200).await;
    // Neither was used before: nothing has kept the authorizer's answer.
    let old = api.with_key(&text(&made["key"]));
    for ended in [old, new] {
        journal.forbidden(&ended, "/v2/users").await;
    }
}

pub async fn hooks(travellers: &Travellers<'_>, journal: &mut Journal) {
    let client = &travellers.organization;
    let hook = json!({ "action": "event.no_show", "target_url": "https://www.example.com/" });
    let first = journal.post(client, "/hooks", &hook, 201).await;
    let made = journal.post(client, "/v2/hooks", &hook, 201).await;
    journal.get(client, "/hooks", 200).await;
    journal.get(client, "/v2/hooks", 200).await;
    let id = text(&made["_id"]);
    let (path, bare) = (format!("/v2/hooks/{id}"), format!("/hooks/{id}"));
    journal.get(client, &path, 200).await;
    journal.get(client, &bare, 200).await;
    let everything = json!({ "action": "*" });
    journal.put(client, &path, &everything, 200).await;
    journal
        .put(client, &bare, &json!({ "action": "user.joined" }), 200)
        .await;
    let rotated = format!("{path}/rotate");
    journal.post(client, &rotated, &json!({}), 200).await;
    let ping = format!("{path}/ping");
    let ping = journal.post(client, &ping, &json!({}), 202).await;
    let deliveries = format!("{path}/deliveries");
    let replay = format!("{deliveries}/{}/replay", text(&ping["_id"]));
    journal.post(client, &replay, &json!({}), 202).await;
    // What became of them by now, nobody can say.
    let listed = client.get(&deliveries).await.ok();
    journal.called(&Method::GET, &deliveries, &listed);
    journal.delete(client, &path, 204).await;
    let first = format!("/hooks/{}", text(&first["_id"]));
    journal.delete(client, &first, 204).await;
    journal.get(client, &first, 404).await;
}

pub async fn leaving(travellers: &Travellers<'_>, journal: &mut Journal, users: &Users) {
    let client = &travellers.organization;
    let path = format!("/v2/users/{}", users.grace);
    journal.delete(client, &path, 200).await;
    journal.get(client, &path, 404).await;
    // With a slash at the end, and with more behind it.
    for list in ["/v2/users/", "/v2/teams/", "/api/v2/users/"] {
        journal.get(client, list, 200).await;
    }
    for behind in ["/v2/users/a/b", "/v2/teams/a/b/c", "/api/v2/users/a/b"] {
        journal.not_found(client, behind).await;
    }
    journal.put(client, "/v2/users", &json!([]), 207).await;
}

/// A text in an answer.
pub fn text(value: &Value) -> String {
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}
