//! Nobody is offered or booked while a calendar of their own has something.

use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Api, Client, fixtures::Fields},
    hooks::receiver::{Reaction, Receiver},
};

/// A day so many days ahead.
pub fn day(ahead: i32) -> Date {
    let today = TimeZone::UTC.to_datetime(Timestamp::now()).date();
    today.checked_add(ahead.days()).unwrap()
}

/// A calendar with these events.
pub fn calendar(events: &[String]) -> String {
    let events = events.concat();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test\r\n{events}END:VCALENDAR\r\n")
}

/// An event from 10:00 to 11:00.
pub fn event(uid: &str, date: Date, more: &str) -> String {
    let date = date.strftime("%Y%m%d");
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{date}T100000Z\r\n\
         DTEND:{date}T110000Z\r\nSUMMARY:Dentist\r\n{more}END:VEVENT\r\n"
    )
}

fn whole_day(uid: &str, date: Date) -> String {
    let date = date.strftime("%Y%m%d");
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n\
         DTSTART;VALUE=DATE:{date}\r\nSUMMARY:Away\r\nEND:VEVENT\r\n"
    )
}

pub fn text(body: String) -> Reaction {
    Reaction {
        body,
        ..Reaction::status(200)
    }
}

/// A member with a calendar, alone in a team.
pub struct Owner<'a> {
    pub client: Client<'a>,
    pub user: String,
    pub team: String,
    pub server: Receiver,
}

impl<'a> Owner<'a> {
    /// Whose calendar has this in it.
    pub async fn with(api: &'a Api, name: &str, body: String) -> Self {
        let owner = Self::new(api, name).await;
        owner.server.answers(text(body));
        let own = json!([{ "source": "ics", "url": owner.server.url }]);
        owner.set(own).await;
        owner
    }

    /// Without a calendar, yet.
    pub async fn new(api: &'a Api, name: &str) -> Self {
        let client = api.organization();
        let user = client.new_user_id(&format!("{name}@example.com")).await;
        let team = json!({ "extid": name, "name": "Team", "members": [user] });
        let team = client.new_team(team).await.id().to_owned();
        let server = Receiver::start().await;
        Self {
            client,
            user,
            team,
            server,
        }
    }

    fn path(&self) -> String {
        format!("/v2/users/{}/calendars", self.user)
    }

    pub async fn set(&self, calendars: Value) -> Value {
        let body = json!({ "calendars": calendars });
        self.client.put(&self.path(), &body).await.ok().json()
    }

    /// The one calendar, as it is shown.
    pub async fn shown(&self) -> Value {
        self.client.get(&self.path()).await.ok().json()["calendars"][0].clone()
    }

    /// Books an hour of a day.
    pub async fn book(&self, date: Date, hour: u8) -> Answer {
        let body = json!({
            "title": "Demo", "created_by": { "email": "zoe@example.org" },
            "dates": [{
                "date": format!("{date}T{hour:02}:30:00Z"),
                "end_date": format!("{date}T{hour:02}:45:00Z"),
            }],
        });
        let path = format!("/v2/teams/{}/events", self.team);
        self.client.post(&path, &body).await
    }

    pub async fn is_busy(&self, date: Date) -> bool {
        let path = format!("/v2/teams/{}/assignments/preview", self.team);
        let body = json!({
            "title": "Demo", "created_by": { "email": "zoe@example.org" },
            "dates": [{
                "date": format!("{date}T10:30:00Z"), "end_date": format!("{date}T10:45:00Z"),
            }],
        });
        let answer = self.client.post(&path, &body).await;
        match answer.status.as_u16() {
            200 => false,
            409 => {
                assert!(
                    answer.text.contains("busy in their calendar"),
                    "{}",
                    answer.text
                );
                true
            }
            status => panic!("{status}: {}", answer.text),
        }
    }
}

/// Lets so much time go by, and what is due then be read.
pub async fn pass(api: &Api, time: SignedDuration) {
    api.forward(time);
    api.caught_up().await;
}

/// As long as it takes for a calendar to be read that was entered.
pub const SOON: SignedDuration = SignedDuration::from_mins(2);
/// As long as it takes to be read again.
pub const AGAIN: SignedDuration = SignedDuration::from_mins(17);

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_a_members_calendar_is_neither_offered_nor_booked_and_nothing_is_told_of_it() {
    let api = Api::start().await;
    api.caught_up().await;
    let weekly = event("weekly", day(30), "RRULE:FREQ=WEEKLY;COUNT=3\r\n");
    let owner = Owner::with(&api, "ada", calendar(&[weekly])).await;
    owner.book(day(30), 10).await.created();
    let hold = json!({
        "team": owner.team, "minutes": 30,
        "date": format!("{}T12:00:00Z", day(44)), "end_date": format!("{}T13:00:00Z", day(44)),
    });
    owner.client.post("/v2/slots/holds", &hold).await.created();
    pass(&api, SOON).await;
    assert_eq!(
        owner.book(day(44), 12).await.status,
        409,
        "it is still held"
    );
    let refused = owner.book(day(37), 10).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    let reason = "the member is busy in their calendar at that time";
    assert_eq!(refused.json()["considered"][0]["reason"], reason);
    let (team, date) = (&owner.team, day(37));
    let query = format!("/v2/slots?team={team}&duration=30&from={date}&to={date}&explain=true");
    let found = owner.client.get(&query).await.ok();
    let told = found.json()["explain"][0].clone();
    assert_eq!(
        (&told["code"], &told["reason"]),
        (&json!("calendar"), &json!(reason))
    );
    let slots = found.json()["slots"].as_array().unwrap().clone();
    assert!(!slots.is_empty());
    for slot in &slots {
        let start = slot["start"].field("dateTime");
        assert!(!start.contains("T10:"), "{start}");
    }
    assert!(!(found.text + &refused.text).contains("Dentist"));
    owner.book(day(37), 11).await.created();
    owner.book(day(51), 10).await.created();
    let shown = owner.shown().await;
    assert_eq!(shown["access_broken"], false);
    assert!(shown["last_success"].is_string(), "{shown}");
    // What Roster knows of the calendar is when its owner is busy.
    assert!(!crate::table::storage::dump(&api).await.contains("Dentist"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_counts_is_chosen_and_what_is_taken_out_counts_no_more() {
    let api = Api::start().await;
    api.caught_up().await;
    let (plain, tentative, whole) = (day(30), day(31), day(32));
    let body = calendar(&[
        event("plain", plain, ""),
        event("tentative", tentative, "STATUS:TENTATIVE\r\n"),
        whole_day("whole", whole),
        event("free", day(33), "TRANSP:TRANSPARENT\r\n"),
        event("off", day(34), "STATUS:CANCELLED\r\n"),
        event(
            "declined",
            day(35),
            "ATTENDEE;PARTSTAT=DECLINED:mailto:ADA@example.com\r\n",
        ),
    ]);
    let owner = Owner::with(&api, "ada", body).await;
    pass(&api, SOON).await;
    let mut busy = Vec::new();
    for ahead in 30..=35 {
        busy.push(owner.is_busy(day(ahead)).await);
    }
    assert_eq!(busy, [true, true, true, false, false, false]);

    let id = owner.shown().await.id().to_owned();
    owner
        .set(json!([{ "_id": id, "tentative_busy": false }]))
        .await;
    let availability = json!({ "all_day_busy": false });
    let path = format!("/v2/users/{}/availabilities", owner.user);
    owner.client.post(&path, &availability).await.created();
    pass(&api, SOON).await;
    assert!(owner.is_busy(plain).await);
    assert!(!owner.is_busy(tentative).await);
    assert!(!owner.is_busy(whole).await);

    owner
        .set(json!([{ "_id": id, "subcalendars": [{ "busy": false }] }]))
        .await;
    pass(&api, SOON).await;
    assert!(!owner.is_busy(plain).await);
    owner
        .set(json!([{ "_id": id, "subcalendars": [{ "busy": true }] }]))
        .await;
    pass(&api, SOON).await;
    assert!(owner.is_busy(plain).await);

    let one = format!("{}/{id}", owner.path());
    owner.client.delete(&one).await.ok();
    pass(&api, SOON).await;
    assert!(!owner.is_busy(plain).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_that_did_not_change_is_not_sent_again_and_what_moved_counts_where_it_is() {
    let api = Api::start().await;
    api.caught_up().await;
    let tagged = |ahead, tag: &str| Reaction {
        headers: vec![("etag", tag.to_owned())],
        ..text(calendar(&[event("one", day(ahead), "")]))
    };
    let owner = Owner::with(&api, "ada", String::new()).await;
    owner.server.answers(tagged(30, "\"1\""));
    pass(&api, SOON).await;
    owner.server.answers(Reaction::status(304));
    pass(&api, AGAIN).await;
    let asked = owner.server.received();
    let conditions: Vec<_> = asked
        .iter()
        .map(|it| it.headers.get("if-none-match"))
        .collect();
    assert_eq!(asked.len(), 2);
    assert_eq!(conditions[0], None);
    assert_eq!(conditions[1].unwrap(), "\"1\"");
    assert!(owner.is_busy(day(30)).await);
    owner.server.answers(tagged(31, "\"2\""));
    pass(&api, AGAIN).await;
    assert_eq!(
        (owner.is_busy(day(30)).await, owner.is_busy(day(31)).await),
        (false, true)
    );
    // Another day is another year ahead: the whole of it is read, changed or not.
    pass(&api, SignedDuration::from_hours(24)).await;
    let last = owner.server.received().pop().unwrap();
    assert!(last.headers.get("if-none-match").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_that_cannot_be_read_says_why_is_asked_more_seldom_and_counts_as_it_was() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = Owner::with(&api, "ada", calendar(&[event("one", day(30), "")])).await;
    pass(&api, SOON).await;
    let mut since = Value::Null;
    let redirect = Reaction {
        headers: vec![("location", "/hook".to_owned())],
        ..Reaction::status(302)
    };
    for (reaction, reason) in [
        (Reaction::status(401), "The server does not let Roster in."),
        (
            Reaction::status(404),
            "There is no calendar at the address.",
        ),
        (
            Reaction::status(500),
            "The server answers with the status 500.",
        ),
        (
            text("<html>Log in</html>".to_owned()),
            "The calendar cannot be read: the answer is not an iCalendar file.",
        ),
        (redirect, "The address leads to another again and again."),
        (
            text("x".repeat(11 * 1024 * 1024)),
            "The calendar is larger than 10 MB, or its server stopped sending it.",
        ),
    ] {
        owner.server.answers(reaction);
        pass(&api, SignedDuration::from_hours(7)).await;
        let shown = owner.shown().await;
        assert_eq!(shown["access_error"], reason, "{shown}");
        assert_eq!(shown["access_broken"], true);
        if since.is_null() {
            since = shown["access_broken_since"].clone();
        }
        assert_eq!(shown["access_broken_since"], since);
        assert!(owner.is_busy(day(30)).await, "{reason}");
    }
    let before = owner.server.received().len();
    for _ in 0..4 {
        pass(&api, AGAIN).await;
    }
    assert_eq!(owner.server.received().len(), before, "it failed so often");
    owner.server.answers(text(calendar(&[])));
    pass(&api, SignedDuration::from_hours(7)).await;
    assert_eq!(owner.shown().await["access_broken"], false);
    assert!(!owner.is_busy(day(30)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_that_comes_back_in_the_members_calendar_counts_once() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = Owner::with(&api, "ada", calendar(&[])).await;
    let booked = owner.book(day(30), 10).await.created().json();
    let (_, domain) = booked.field("email").split_once('@').unwrap();
    let uid = format!("{}@{domain}", booked.id());
    owner
        .server
        .answers(text(calendar(&[event(&uid, day(30), "")])));
    pass(&api, SOON).await;
    assert!(owner.shown().await["last_success"].is_string());
    let around = json!({
        "title": "Demo", "created_by": { "email": "zoe@example.org" },
        "dates": [{
            "date": format!("{}T10:05:00Z", day(30)), "end_date": format!("{}T10:20:00Z", day(30)),
        }],
    });
    let path = format!("/v2/teams/{}/assignments/preview", owner.team);
    owner.client.post(&path, &around).await.ok();
    let foreign = event("5f5e1000a1b2c3d4e5f60720@other.example", day(30), "");
    owner.server.answers(text(calendar(&[foreign])));
    pass(&api, AGAIN).await;
    assert_eq!(owner.client.post(&path, &around).await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_who_leaves_no_calendar_and_no_busy_time_is_left() {
    let api = Api::start().await;
    api.caught_up().await;
    let operator = api.operator();
    for way in ["unlinked", "deleted"] {
        let body = calendar(&[event("one", day(30), "")]);
        let owner = Owner::with(&api, way, body).await;
        pass(&api, SOON).await;
        assert!(owner.is_busy(day(30)).await);
        let number = owner.client.number_of(&format!("{way}@example.com")).await;
        let path = format!("/api/v1/user/{number}");
        let gone = match way {
            "unlinked" => {
                owner
                    .client
                    .delete(&format!("/v2/users/{}", owner.user))
                    .await
            }
            _ => operator.delete(&path).await,
        };
        assert!(gone.status.is_success(), "{way}: {}", gone.text);
    }
    pass(&api, SOON).await;
    let stored = crate::table::storage::dump(&api).await;
    assert!(!stored.contains("CALENDARS#"), "the calendars are gone");
    assert!(!stored.contains("T10:00:00Z/PT1H"), "and the busy times");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_moves_to_another_organization_takes_their_calendars_along() {
    let api = Api::start().await;
    api.caught_up().await;
    let operator = api.operator();
    let other = json!({ "name": "Other" });
    let other = operator.post("/api/v1/org", &other).await.ok();
    let other = other.json()["id"].clone();
    let body = calendar(&[event("one", day(30), "")]);
    let owner = Owner::with(&api, "mover", body).await;
    pass(&api, SOON).await;
    let partitions = async || {
        let stored = crate::table::storage::dump(&api).await;
        let all = stored.split("S(\"CALENDARS#").skip(1);
        let all: std::collections::BTreeSet<_> = all.map(|rest| rest[..24].to_owned()).collect();
        let busy = stored.matches("T10:00:00Z/PT1H").count();
        (all, busy)
    };
    let (before, busy) = partitions().await;
    assert_eq!((before.len(), busy), (1, 1));
    let number = owner.client.number_of("mover@example.com").await;
    let path = format!("/api/v1/user/{number}");
    let gone = operator.put(&path, &json!({ "org_id": other })).await;
    assert!(gone.status.is_success(), "{}", gone.text);
    pass(&api, SOON).await;
    let (after, busy) = partitions().await;
    assert_eq!((after.len(), busy), (1, 1), "{after:?}");
    assert!(after.is_disjoint(&before), "{after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn busy_times_that_are_over_are_not_kept() {
    let api = Api::start().await;
    api.caught_up().await;
    let body = calendar(&[event("one", day(1), ""), event("two", day(30), "")]);
    let _owner = Owner::with(&api, "ada", body).await;
    let kept = async || {
        let stored = crate::table::storage::dump(&api).await;
        [1, 30].map(|ahead| stored.contains(&format!("{}T10:00:00Z/PT1H", day(ahead))))
    };
    pass(&api, SOON).await;
    assert_eq!(kept().await, [true, true]);
    pass(&api, SignedDuration::from_hours(3 * 24)).await;
    assert_eq!(kept().await, [false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_a_secret_and_leads_where_hooks_may_lead() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("ada@example.com").await;
    let path = format!("/v2/users/{user}/calendars");
    let own = json!({ "calendars": [{
        "source": "ics", "url": "webcal://calendar.example.com/private-5f11/basic.ics?key=abc",
    }] });
    let set = client.put(&path, &own).await.ok();
    let shown = client.get(&path).await.ok();
    for answer in [&set, &shown] {
        assert_eq!(
            answer.json()["calendars"][0]["server"],
            "calendar.example.com"
        );
        assert!(!answer.text.contains("5f11") && !answer.text.contains("abc"));
    }
    assert!(
        !crate::table::storage::dump(&api)
            .await
            .contains("private-5f11")
    );
    for (body, pointer) in [
        (json!([{ "source": "ics" }]), "/calendars/0/url"),
        (
            json!([{ "url": "https://calendar.example.com/a.ics" }]),
            "/calendars/0/source",
        ),
        (
            json!([{ "source": "ics", "url": "ftp://example.com/a.ics" }]),
            "/calendars/0/url",
        ),
        (
            json!([{ "_id": "5f5e1000a1b2c3d4e5f60720" }]),
            "/calendars/0/_id",
        ),
    ] {
        let body = json!({ "calendars": body });
        let refused = client.put(&path, &body).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer);
    }
    // Who changes the calendars of another version is told.
    let stale = client.send(
        reqwest::Method::PUT,
        &path,
        Some(own.to_string().into_bytes()),
        &[("content-type", "application/json"), ("if-match", "\"0\"")],
    );
    assert_eq!(stale.await.status, 412);
}
