//! Calendars of CalDAV servers: one that is not ours (tests/proofs/caldav/run), and one that
//! misbehaves.

use std::fs;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    calendars::{AGAIN, Owner, SOON, calendar, day, event, pass, text},
    writing::{Expected, lives, uid},
};
use crate::{
    harness::{Api, fixtures::Fields},
    hooks::receiver::Reaction,
};

const USER: &str = "ada";
const PASSWORD: &str = "lovelace";
/// As long as it takes until a calendar is asked again that failed a few times.
const LONG: SignedDuration = SignedDuration::from_hours(7);

/// Another client of the same server.
struct Other {
    server: String,
    http: reqwest::Client,
    user: &'static str,
    password: &'static str,
}

impl Other {
    fn new(user: &'static str, password: &'static str) -> Self {
        let server = std::env::var("ROSTER_TEST_CALDAV");
        Self {
            server: server.expect("tests/proofs/caldav/run says where the server is"),
            http: reqwest::Client::new(),
            user,
            password,
        }
    }

    async fn send(&self, method: &str, path: &str, body: String) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, format!("{}{path}", self.server));
        let request = request
            .basic_auth(self.user, Some(self.password))
            .body(body);
        let answer = request.header("content-type", "text/calendar");
        let answer = answer.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }

    async fn make(&self, name: &str) {
        let body = format!(
            r#"<c:mkcalendar xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><set><prop>
            <displayname>{name}</displayname></prop></set></c:mkcalendar>"#
        );
        let path = format!("/{}/{name}/", self.user);
        self.send("MKCALENDAR", &path, body).await;
    }

    async fn put(&self, path: &str, event: String) {
        let path = format!("/{}/{path}.ics", self.user);
        self.send("PUT", &path, calendar(&[event])).await;
    }

    async fn get(&self, path: &str) -> Option<String> {
        let request = self
            .http
            .get(format!("{}/{}/{path}.ics", self.server, self.user));
        let request = request.basic_auth(self.user, Some(self.password));
        let answer = request.send().await.unwrap();
        if answer.status() == 404 {
            return None;
        }
        Some(answer.text().await.unwrap())
    }

    async fn delete(&self, path: &str) {
        let path = format!("/{}/{path}.ics", self.user);
        self.send("DELETE", &path, String::new()).await;
    }
}

fn names(shown: &Value) -> Vec<&str> {
    let found = shown["subcalendars"].as_array().unwrap().iter();
    let mut names: Vec<_> = found.map(|one| one.field("name")).collect();
    names.sort_unstable();
    names
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a CalDAV server: tests/proofs/caldav/run"]
async fn the_calendars_of_a_server_are_found_read_and_followed_as_others_change_them() {
    let other = Other::new(USER, PASSWORD);
    for name in ["work", "choir"] {
        other.make(name).await;
    }
    other.put("work/a", event("a", day(30), "")).await;
    let weekly = event("b", day(31), "RRULE:FREQ=WEEKLY;COUNT=2\r\n");
    other.put("choir/b", weekly).await;
    let api = Api::start().await;
    api.caught_up().await;
    let owner = Owner::new(&api, "ada").await;
    let entered = json!([{
        "name": "Own server", "source": "caldav", "url": other.server,
        "username": USER, "password": PASSWORD,
    }]);
    owner.set(entered).await;
    pass(&api, SOON).await;
    let shown = owner.shown().await;
    assert_eq!(shown["access_broken"], false, "{shown}");
    assert_eq!(names(&shown), ["choir", "work"]);
    assert!(shown["subcalendars"][0]["writable"].as_bool().unwrap());
    let busy = async || {
        let mut busy = Vec::new();
        for ahead in [30, 31, 38, 40] {
            busy.push(owner.is_busy(day(ahead)).await);
        }
        busy
    };
    assert_eq!(busy().await, [true, true, true, false]);

    // Another client moves one, and makes a calendar.
    other.put("work/a", event("a", day(40), "")).await;
    other.make("new").await;
    pass(&api, AGAIN).await;
    assert_eq!(busy().await, [false, true, true, true]);
    assert_eq!(names(&owner.shown().await), ["choir", "new", "work"]);
    other.delete("work/a").await;
    pass(&api, AGAIN).await;
    assert_eq!(busy().await, [false, true, true, false]);

    // One of them does not count.
    let shown = owner.shown().await;
    let found = shown["subcalendars"].as_array().unwrap();
    let choir = found.iter().find(|one| one["name"] == "choir").unwrap();
    let quiet = json!([{
        "_id": shown["_id"],
        "subcalendars": [{ "source_id": choir["source_id"], "busy": false }],
    }]);
    owner.set(quiet).await;
    pass(&api, SOON).await;
    assert_eq!(busy().await, [false; 4]);
    let loud = json!([{
        "_id": shown["_id"],
        "subcalendars": [{ "source_id": choir["source_id"], "busy": true }],
    }]);
    owner.set(loud).await;
    pass(&api, SOON).await;

    // A calendar by its own address is that alone.
    let alone = json!([{
        "source": "caldav", "url": format!("{}/{USER}/choir/", other.server),
        "username": USER, "password": PASSWORD,
    }]);
    owner.set(alone).await;
    pass(&api, SOON).await;
    assert_eq!(names(&owner.shown().await), ["choir"]);
    assert_eq!(busy().await, [false, true, true, false]);

    // The password is another from now on: what was read counts.
    let users = std::env::var("ROSTER_TEST_CALDAV_USERS").unwrap();
    let before = fs::read_to_string(&users).unwrap();
    replace_file(&users, &before.replace(PASSWORD, "another"));
    pass(&api, AGAIN).await;
    let shown = owner.shown().await;
    let why = "The server does not accept the user name or the password.";
    assert_eq!(shown["access_error"], why, "{shown}");
    assert_eq!(busy().await, [false, true, true, false]);
    replace_file(&users, &before);
    pass(&api, LONG).await;
    assert_eq!(owner.shown().await["access_broken"], false);
}

/// Puts a file in another's place at once: the server reads it for each request of each test,
/// and must not meet half of it.
fn replace_file(path: &str, text: &str) {
    let next = format!("{path}.next");
    fs::write(&next, text).unwrap();
    fs::rename(next, path).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a CalDAV server: tests/proofs/caldav/run"]
async fn a_booking_is_in_the_calendar_of_who_holds_it_and_moves_and_goes_with_it() {
    let other = Other::new("grace", "hopper");
    other.make("written").await;
    let api = Api::start().await;
    api.caught_up().await;
    let owner = Owner::new(&api, "ada").await;
    let entered = json!([{
        "source": "caldav", "url": format!("{}/grace/written/", other.server),
        "username": "grace", "password": "hopper",
    }]);
    owner.set(entered).await;
    let check = async |(event, date): &Expected| {
        let there = other.get(&format!("written/{}", event.id())).await;
        assert_eq!(there.is_some(), date.is_some(), "{there:?}");
        let Some((there, date)) = there.zip(*date) else {
            return;
        };
        let begins = format!("DTSTART:{}T103000Z", date.strftime("%Y%m%d"));
        assert!(there.contains(&begins), "{there}");
        assert!(there.contains(&format!("UID:{}", uid(event))), "{there}");
    };
    lives(&api, &owner, check).await;
}

/// A member whose calendar is on a server of the test's.
async fn with_server(api: &Api) -> Owner<'_> {
    let owner = Owner::new(api, "ada").await;
    let entered = json!([{
        "source": "caldav", "url": owner.server.url, "username": USER, "password": PASSWORD,
    }]);
    owner.set(entered).await;
    owner
}

fn multistatus(body: &str) -> Reaction {
    let body = format!(
        r#"<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">{body}</d:multistatus>"#
    );
    Reaction {
        status: 207,
        ..text(body)
    }
}

/// A resource with a property.
fn having(href: &str, property: &str) -> Reaction {
    multistatus(&format!(
        "<d:response><d:href>{href}</d:href><d:propstat><d:prop>{property}</d:prop>\
         <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    ))
}

const OWN: &str = "<d:resourcetype><c:calendar/></d:resourcetype><d:sync-token>1</d:sync-token>";

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_leads_from_one_address_to_the_next_is_followed_and_asked_little_again() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = with_server(&api).await;
    let redirect = Reaction {
        headers: vec![("location", "/dav/".to_owned())],
        ..Reaction::status(301)
    };
    let principal = "<d:current-user-principal><d:href>/p/</d:href></d:current-user-principal>";
    let home = "<c:calendar-home-set><d:href>/p/all/</d:href></c:calendar-home-set>";
    let events = calendar(&[event("one", day(30), "")]);
    let data = format!("<c:calendar-data>{events}</c:calendar-data>");
    for reaction in [
        // It is no calendar, and knows of none.
        Reaction::status(404),
        Reaction::status(404),
        // Where such servers are found.
        redirect,
        having("/dav/", principal),
        having("/p/", home),
        having("/p/all/own/", OWN),
        having("/p/all/own/one.ics", &data),
    ] {
        owner.server.answers_once(reaction);
    }
    pass(&api, SOON).await;
    let shown = owner.shown().await;
    assert_eq!(shown["access_broken"], false, "{shown}");
    assert!(owner.is_busy(day(30)).await);
    let asked = owner.server.received();
    assert_eq!(asked.len(), 7);
    for one in &asked {
        assert_eq!(one.header("authorization"), "Basic YWRhOmxvdmVsYWNl");
    }
    // Nothing has changed: one question tells.
    owner.server.answers(having("/p/all/own/", OWN));
    pass(&api, AGAIN).await;
    assert_eq!(owner.server.received().len(), 8);
    assert!(owner.is_busy(day(30)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_misbehaves_is_told_of_and_what_it_said_before_counts() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = with_server(&api).await;
    let events = calendar(&[event("one", day(30), "")]);
    let data = format!("<c:calendar-data>{events}</c:calendar-data>");
    owner.server.answers_once(having("/hook", OWN));
    owner.server.answers_once(having("/hook/one.ics", &data));
    pass(&api, SOON).await;
    assert!(owner.is_busy(day(30)).await);
    for (reaction, reason) in [
        (
            Reaction::status(401),
            "The server does not accept the user name or the password.",
        ),
        (
            Reaction::status(500),
            "The server answers with the status 500.",
        ),
        (
            Reaction {
                status: 207,
                ..text("<html>".to_owned())
            },
            "The server does not answer as WebDAV asks.",
        ),
        (
            multistatus(""),
            "The server does not say where the calendars are.",
        ),
        (
            Reaction {
                status: 207,
                ..text("x".repeat(11 * 1024 * 1024))
            },
            "The server sends too much, or stopped sending.",
        ),
    ] {
        owner.server.answers(reaction);
        pass(&api, LONG).await;
        let shown = owner.shown().await;
        assert_eq!(shown["access_error"], reason, "{shown}");
        assert!(owner.is_busy(day(30)).await, "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn user_name_and_password_come_with_the_address_and_are_never_answered() {
    let api = Api::start().await;
    let owner = Owner::new(&api, "ada").await;
    let path = format!("/v2/users/{}/calendars", owner.user);
    let url = "https://caldav.example.com/";
    for (one, field) in [
        (json!({ "source": "caldav", "url": url }), "username"),
        (
            json!({ "source": "caldav", "url": url, "username": "ada" }),
            "password",
        ),
        (
            json!({ "source": "ics", "url": url, "password": "secret" }),
            "username",
        ),
        (
            json!({ "source": "caldav", "url": url, "username": "ada", "password": "x",
                    "subcalendars": [{ "source_id": "/nowhere/", "busy": false }] }),
            "subcalendars/0/source_id",
        ),
    ] {
        let refused = owner
            .client
            .put(&path, &json!({ "calendars": [one] }))
            .await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        let pointer = format!("/calendars/0/{field}");
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer);
    }
    let own = json!([{
        "source": "caldav", "url": url, "username": "ada-5f11", "password": "analytical",
    }]);
    let set = owner.set(own).await;
    let id = set["calendars"][0].id();
    let login = json!({ "calendars": [{ "_id": id, "username": "ada", "password": "new" }] });
    let refused = owner.client.put(&path, &login).await;
    assert_eq!(refused.json()["errors"][0]["pointer"], "/calendars/0/url");
    let told = owner.shown().await.to_string() + &crate::table::storage::dump(&api).await;
    assert!(!told.contains("ada-5f11") && !told.contains("analytical"));
}
