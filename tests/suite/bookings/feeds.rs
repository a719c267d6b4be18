//! Feeds of calendars: whoever has the address reads what takes place, and nothing else.

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields};

/// The path of an address.
fn path_of(api: &Api, address: &str) -> String {
    let path = address.strip_prefix(&api.url());
    path.expect("it is the API's own").to_owned()
}

/// A user's or a team's feeds: of the calendar, and of when they are busy.
async fn feeds(api: &Api, client: &Client<'_>, whose: &str) -> (String, String) {
    let made = client
        .post_nothing(&format!("{whose}/feed"))
        .await
        .created();
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let made = made.json();
    let path = |name: &str| path_of(api, made.field(name));
    (path("calendar"), path("freebusy"))
}

async fn read(api: &Api, path: &str) -> String {
    let answer = api.anybody().get(path).await.ok();
    let media_type = answer.header("content-type");
    assert_eq!(media_type, Some("text/calendar; charset=utf-8"));
    answer.text.replace("\r\n ", "")
}

fn lines<'a>(calendar: &'a str, name: &str) -> Vec<&'a str> {
    let lines = calendar.split("\r\n");
    let of = |line: &'a str| line.strip_prefix(name)?.strip_prefix(':');
    lines.filter_map(of).collect()
}

fn booking(title: &str, date: &str, end: &str) -> Value {
    json!({
        "title": title, "created_by": { "email": "gus@example.org" },
        "dates": [{ "date": date, "end_date": end }],
    })
}

struct Team<'a> {
    client: Client<'a>,
    path: String,
    users: [String; 2],
}

impl<'a> Team<'a> {
    async fn new(api: &'a Api) -> Self {
        let client = api.organization();
        let users = [
            client.new_user_id("ada@example.com").await,
            client.new_user_id("bob@example.com").await,
        ];
        let team = json!({ "extid": "1", "name": "Sales, EU", "members": users });
        let team = client.new_team(team).await;
        let path = format!("/v2/teams/{}", team.id());
        Self {
            client,
            path,
            users,
        }
    }

    async fn book(&self, title: &str, day: u32) -> Value {
        let at = |hour: u32| format!("2030-01-{day:02}T{hour:02}:00:00Z");
        let body = booking(title, &at(9), &at(10));
        let path = format!("{}/events", self.path);
        self.client.post(&path, &body).await.created().json()
    }

    fn user(&self, number: usize) -> String {
        format!("/v2/users/{}", self.users[number])
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_has_what_its_user_takes_part_in_and_a_teams_what_is_booked_with_it() {
    let api = Api::start().await;
    let team = Team::new(&api).await;
    let (one, other) = (team.book("One; a, b", 7).await, team.book("Two", 8).await);
    let own = json!({
        "title": "Own", "created_by": { "email": "ada@example.com" },
        "dates": [{ "date": "2030-01-09T09:00:00Z", "end_date": "2030-01-09T10:00:00Z" }],
        "confirmed": { "flag": true },
    });
    team.client.post("/v2/events", &own).await.created();
    let (of_team, _) = feeds(&api, &team.client, &team.path).await;
    let calendar = read(&api, &of_team).await;
    assert_eq!(lines(&calendar, "SUMMARY"), ["One\\; a\\, b", "Two"]);
    assert_eq!(lines(&calendar, "NAME"), ["Sales\\, EU"]);
    let starts = ["20300107T090000Z", "20300108T090000Z"];
    assert_eq!(lines(&calendar, "DTSTART"), starts);
    assert!(calendar.contains("gus@example.org"), "{calendar}");
    for secret in ["/e/", "k=", "reply-to", "ATTENDEE"] {
        assert!(!calendar.contains(secret), "{secret}: {calendar}");
    }
    let ada = if one["created_by"]["user"] == team.users[0] {
        &one
    } else {
        &other
    };
    let (of_user, _) = feeds(&api, &team.client, &team.user(0)).await;
    let calendar = read(&api, &of_user).await;
    let titles = lines(&calendar, "SUMMARY");
    let ada = ada.field("title").replace("; a, b", "\\; a\\, b");
    assert_eq!(titles, [ada.as_str(), "Own"]);

    let cancel = format!("/v2/events/{}/cancel", one.id());
    team.client.post_nothing(&cancel).await.ok();
    let calendar = read(&api, &of_team).await;
    assert_eq!(lines(&calendar, "SUMMARY"), ["Two"]);
    // What is over stays for a month.
    api.forward(SignedDuration::from_hours(24 * 365 * 5));
    assert_eq!(lines(&read(&api, &of_team).await, "SUMMARY").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_its_secret_opens_a_feed_and_not_after_it_was_taken_away() {
    let api = Api::start().await;
    let team = Team::new(&api).await;
    let anybody = api.anybody();
    let same = |one: &Answer, other: &Answer| {
        let bytes = |answer: &Answer| {
            let mut body = answer.json();
            body.as_object_mut().unwrap().remove("request_id");
            (answer.status, body)
        };
        assert_eq!(bytes(one), bytes(other));
    };
    for whose in [team.user(0), team.path.clone()] {
        let (calendar, freebusy) = feeds(&api, &team.client, &whose).await;
        let unknown = "/v2/users/5f5e10000000000000000000/calendar.ics?k=x";
        let unknown = anybody.get(unknown).await;
        assert_eq!(unknown.status, 404);
        for path in [&calendar, &freebusy] {
            let (plain, key) = path.split_once('?').unwrap();
            let other = key.replace("k=5f198da1c1ac5d1a30fc00f3", "k=5f198da1c1ac5d1a30fc00f4");
            for query in [
                "",
                "?k=",
                "?k=5f198da1c1ac5d1a30fc00f3",
                &format!("?{key}x"),
                &format!("?{other}"),
            ] {
                same(&anybody.get(&format!("{plain}{query}")).await, &unknown);
            }
            read(&api, path).await;
            read(&api, &format!("{path}&nocache=1")).await;
        }
        // A new address ends the old one.
        let (again, _) = feeds(&api, &team.client, &whose).await;
        same(&anybody.get(&calendar).await, &unknown);
        read(&api, &again).await;
        let feed = format!("{whose}/feed");
        for _ in 0..2 {
            team.client.delete(&feed).await.ok();
        }
        same(&anybody.get(&again).await, &unknown);
    }
    // Who leaves takes no feed along, and who is switched off has none.
    let (calendar, _) = feeds(&api, &team.client, &team.user(1)).await;
    read(&api, &calendar).await;
    team.client.delete(&team.user(1)).await.ok();
    assert_eq!(anybody.get(&calendar).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_feed_already_is_told_so() {
    let api = Api::start().await;
    let team = Team::new(&api).await;
    team.book("One", 7).await;
    for whose in [team.user(0), team.path.clone()] {
        let (calendar, freebusy) = feeds(&api, &team.client, &whose).await;
        for path in [&calendar, &freebusy] {
            let first = api.anybody().get(path).await.ok();
            let tag = first.header("etag").unwrap();
            let headers = [("if-none-match", tag)];
            let again = api.anybody().send(Method::GET, path, None, &headers).await;
            assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
        }
        let tag = api
            .anybody()
            .get(&calendar)
            .await
            .header("etag")
            .map(str::to_owned);
        team.book("Another", 8 + u32::from(whose == team.path))
            .await;
        team.book("Another", 20 + u32::from(whose == team.path))
            .await;
        let now = api.anybody().get(&calendar).await.ok();
        assert_ne!(now.header("etag").map(str::to_owned), tag, "{whose}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_busy_when_reserved_and_a_team_when_all_are() {
    let api = Api::start().await;
    let team = Team::new(&api).await;
    let tomorrow = api.now() + SignedDuration::from_hours(30);
    let at = |hours: i64| {
        let at = tomorrow + SignedDuration::from_hours(hours);
        at.strftime("%Y-%m-%dT%H:00:00Z").to_string()
    };
    let compact = |hours: i64| at(hours).replace(['-', ':'], "");
    let path = format!("{}/events", team.path);
    let first = team
        .client
        .post(&path, &booking("A", &at(0), &at(2)))
        .await
        .created()
        .json();
    let holder = usize::from(first["created_by"]["user"] == team.users[1]);
    let (_, of_holder) = feeds(&api, &team.client, &team.user(holder)).await;
    let (_, of_other) = feeds(&api, &team.client, &team.user(1 - holder)).await;
    let (_, of_team) = feeds(&api, &team.client, &team.path).await;
    let busy = async |path: &str| {
        let calendar = read(&api, path).await;
        let spans = lines(&calendar, "FREEBUSY;FBTYPE=BUSY");
        spans.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let span = |start: i64, end: i64| format!("{}/{}", compact(start), compact(end));
    assert_eq!(busy(&of_holder).await, [span(0, 2)]);
    assert!(busy(&of_other).await.is_empty());
    assert!(busy(&of_team).await.is_empty());
    team.client
        .post(&path, &booking("B", &at(1), &at(3)))
        .await
        .created();
    assert_eq!(busy(&of_other).await, [span(1, 3)]);
    assert_eq!(busy(&of_team).await, [span(1, 2)], "where all of them are");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_user_declined_is_not_in_their_feed() {
    let api = Api::start().await;
    let team = Team::new(&api).await;
    let mut body = booking("A", "2030-01-07T09:00:00Z", "2030-01-07T10:00:00Z");
    body["created_by"] = json!({ "user": team.users[0], "email": "ada@example.com" });
    body["invitees"] = json!([{ "email": "bob@example.com" }]);
    let path = format!("{}/events", team.path);
    let event = team.client.post(&path, &body).await.created().json();
    let (bob, _) = feeds(&api, &team.client, &team.user(1)).await;
    assert_eq!(lines(&read(&api, &bob).await, "SUMMARY"), ["A"]);
    let invitees = event["invitees"].as_array().unwrap();
    let invitee = invitees
        .iter()
        .find(|one| one["email"] == "bob@example.com")
        .unwrap();
    let gus = json!([{ "email": "gus@example.org" }]);
    let own = format!("/v2/events/{}", event.id());
    team.client
        .post(&format!("{own}/invitees"), &gus)
        .await
        .ok();
    let decline = json!({ "invitee": invitee.id() });
    team.client
        .post(&format!("{own}/decline"), &decline)
        .await
        .ok();
    assert_eq!(lines(&read(&api, &bob).await, "SUMMARY").len(), 0);
}
