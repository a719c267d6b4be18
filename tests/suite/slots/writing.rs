//! Bookings are written into the calendars of who holds them, and move and go with them.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::calendars::{Owner, SOON, day, pass, text};
use crate::{
    harness::{Api, fixtures::Fields},
    hooks::receiver::Reaction,
};

/// An event, and the date on which the calendar is to have it at 10:30; none where it is not.
pub type Expected = (Value, Option<Date>);

/// Lets what was changed be noted, and then be written.
async fn follow(api: &Api) {
    api.caught_up().await;
    pass(api, SOON).await;
}

/// Books events with a member, turns writing into their one calendar on, and changes them: what
/// was there before comes in, and what is moved, cancelled or handed over goes along.
pub async fn lives(api: &Api, owner: &Owner<'_>, check: impl AsyncFn(&Expected)) -> Vec<Expected> {
    let book = async |ahead| owner.book(day(ahead), 10).await.created().json();
    let before = book(50).await;
    follow(api).await;
    let on = json!([{ "_id": owner.shown().await["_id"], "write_back": true }]);
    let shown = owner.set(on).await;
    assert_eq!(shown["calendars"][0]["write_back"], true);
    follow(api).await;
    let (moved, cancelled, given) = (book(51).await, book(52).await, book(53).await);
    follow(api).await;
    let shown = owner.shown().await;
    assert_eq!(shown["access_broken"], false, "{shown}");
    for (event, ahead) in [(&before, 50), (&moved, 51), (&cancelled, 52), (&given, 53)] {
        check(&(event.clone(), Some(day(ahead)))).await;
    }

    let act = async |event: &Value, action: &str, body: Value| {
        let path = format!("/v2/events/{}/{action}", event.id());
        owner.client.post(&path, &body).await.ok();
    };
    let date = day(54);
    let to = json!({
        "date": format!("{date}T10:30:00Z"), "end_date": format!("{date}T10:45:00Z"),
    });
    act(&moved, "reschedule", to).await;
    act(&cancelled, "cancel", json!({})).await;
    let other = owner.client.new_user_id("other@example.com").await;
    let team = format!("/v2/teams/{}", owner.team);
    let members = format!("{team}/members");
    owner.client.post(&members, &json!({ "user": other })).await;
    let reassign = format!("{team}/events/{}/reassign", given.id());
    let to = json!({ "user": other });
    owner.client.post(&reassign, &to).await.ok();
    follow(api).await;
    let shown = owner.shown().await;
    assert_eq!(shown["access_broken"], false, "{shown}");
    let all = vec![
        (before, Some(day(50))),
        (moved, Some(date)),
        (cancelled, None),
        (given, None),
    ];
    for one in &all {
        check(one).await;
    }
    // What Roster wrote is its own: nobody is busy by it twice.
    owner.book(date, 9).await.created();
    all
}

/// What a calendar knows an event by.
pub fn uid(event: &Value) -> String {
    let (_, domain) = event.field("email").split_once('@').unwrap();
    format!("{}@{domain}", event.id())
}

fn multistatus(href: &str, properties: &str) -> Reaction {
    let body = format!(
        r#"<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response>
        <d:href>{href}</d:href><d:propstat><d:prop>{properties}</d:prop>
        <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>"#
    );
    Reaction {
        status: 207,
        ..text(body)
    }
}

const READABLE: &str =
    "<d:resourcetype><c:calendar/></d:resourcetype><d:sync-token>1</d:sync-token>";
const WRITABLE: &str = "<d:resourcetype><c:calendar/></d:resourcetype>\
    <d:sync-token>1</d:sync-token><d:current-user-privilege-set><d:privilege><d:write/>\
    </d:privilege></d:current-user-privilege-set>";

async fn with_server<'a>(api: &'a Api, properties: &str) -> Owner<'a> {
    let owner = Owner::new(api, "ada").await;
    let entered = json!([{
        "source": "caldav", "url": owner.server.url, "username": "ada", "password": "x",
        "write_back": true,
    }]);
    owner.set(entered).await;
    owner.server.answers_once(multistatus("/own/", properties));
    let nothing = multistatus("/own/none.ics", "<d:getetag>1</d:getetag>");
    owner.server.answers_once(nothing);
    follow(api).await;
    owner
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_that_cannot_be_written_into_is_told_of_and_written_later() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = with_server(&api, WRITABLE).await;
    assert_eq!(owner.shown().await["access_broken"], false);
    owner.server.answers(Reaction::status(507));
    let booked = owner.book(day(30), 10).await.created().json();
    follow(&api).await;
    let shown = owner.shown().await;
    let why = "The server answers with the status 507.";
    assert_eq!(shown["access_error"], why, "{shown}");
    let tries = owner.server.received().len();
    follow(&api).await;
    assert_eq!(
        owner.server.received().len(),
        tries,
        "it is not asked again at once"
    );

    // Half an hour later it is read, and written.
    owner.server.answers(Reaction::status(201));
    owner.server.answers_once(multistatus("/own/", WRITABLE));
    pass(&api, jiff::SignedDuration::from_mins(35)).await;
    let last = owner.server.received().last().unwrap().clone();
    assert!(
        last.body.contains(&format!("UID:{}", uid(&booked))),
        "{}",
        last.body
    );
    assert!(last.body.contains("SUMMARY:Demo"), "{}", last.body);
    for absent in ["METHOD", "ORGANIZER", "ATTENDEE"] {
        assert!(!last.body.contains(absent), "a server could mail somebody");
    }
    assert_eq!(owner.shown().await["access_broken"], false);

    // An invitation that was accepted there is the same event.
    let body = "<d:error xmlns:d=\"DAV:\"><c:no-uid-conflict/></d:error>".to_owned();
    let conflict = Reaction {
        status: 409,
        ..text(body)
    };
    owner.server.answers(conflict);
    owner.book(day(31), 10).await.created();
    follow(&api).await;
    assert_eq!(owner.shown().await["access_broken"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_that_its_owner_can_only_read_says_so_where_it_is_to_be_written_into() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = with_server(&api, READABLE).await;
    owner.book(day(30), 10).await.created();
    follow(&api).await;
    let why = "Its owner cannot write into any of its calendars.";
    assert_eq!(owner.shown().await["access_error"], why);
    let path = format!("/v2/users/{}/calendars", owner.user);
    let body = json!({ "calendars": [{
        "source": "ics", "url": "https://calendar.example.com/a.ics", "write_back": true,
    }] });
    let refused = owner.client.put(&path, &body).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(
        refused.json()["errors"][0]["pointer"],
        "/calendars/0/write_back"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_to_be_written_is_not() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = with_server(&api, WRITABLE).await;
    let off = json!([{ "_id": owner.shown().await["_id"], "write_back": false }]);
    owner.set(off).await;
    follow(&api).await;
    let asked = owner.server.received().len();
    owner.book(day(30), 10).await.created();
    follow(&api).await;
    assert_eq!(owner.server.received().len(), asked);
}
