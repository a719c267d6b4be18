//! Reminders: so many hours before an event starts, to everybody who comes, once.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::harness::{Api, Client, fixtures::Fields};

const DAY: i64 = 24;

/// A user with a page, and a team of that user, which reminds a day before.
struct Reminding<'a> {
    api: &'a Api,
    client: Client<'a>,
    user: String,
    team: String,
    start: Timestamp,
}

impl<'a> Reminding<'a> {
    async fn new(api: &'a Api) -> Self {
        let client = api.organization();
        let user = client.new_user_id("ada@example.com").await;
        let team = json!({
            "extid": "1", "name": "Sales", "members": [user], "reminder_hours": DAY,
        });
        let team = client.new_team(team).await;
        assert_eq!(team["reminder_hours"], DAY);
        Self {
            api,
            client,
            user,
            team: team.id().to_owned(),
            start: api.now() + SignedDuration::from_hours(10 * DAY),
        }
    }

    fn date(&self, hours: i64) -> Value {
        let at = |hours: i64| (self.start + SignedDuration::from_hours(hours)).to_string();
        json!({ "date": at(hours), "end_date": at(hours + 1) })
    }

    async fn book(&self, title: &str, hours: i64) -> Value {
        let body = json!({
            "title": title, "created_by": { "email": "gus@example.org" },
            "dates": [self.date(hours)],
        });
        let path = format!("/v2/teams/{}/events", self.team);
        self.client.post(&path, &body).await.created().json()
    }

    /// Puts the clock to so many hours before the start, and answers who was reminded of
    /// what since it was last asked.
    async fn reminded(&self, hours_before: i64, seen: &mut usize) -> Vec<(String, String)> {
        // What was changed so far is looked at before the clock moves on.
        self.api.mails(|_| true).await;
        let to = self.start - SignedDuration::from_hours(hours_before);
        let by = to.duration_since(self.api.now());
        if by.is_positive() {
            self.api.forward(by);
        }
        let mut mails = Vec::new();
        // What is due leads to mails, which come in the stream behind it.
        for _ in 0..2 {
            mails = self.api.mails(|_| true).await;
        }
        let is_reminder = |mail: &&Value| mail.field("text").starts_with("This event starts soon.");
        let told = mails.iter().filter(is_reminder).rev();
        let told = told.map(|mail| {
            (
                mail.field("to").to_owned(),
                mail.field("subject").to_owned(),
            )
        });
        let told: Vec<_> = told.collect();
        let mut new = told[*seen..].to_vec();
        *seen = told.len();
        new.sort();
        new
    }
}

fn both(title: &str) -> Vec<(String, String)> {
    ["ada@example.com", "gus@example.org"]
        .map(|to| (to.to_owned(), title.to_owned()))
        .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_who_comes_is_reminded_once_when_it_is_time() {
    let api = Api::start().await;
    let it = Reminding::new(&api).await;
    let seen = &mut 0;
    it.book("Demo", 0).await;
    assert_eq!(it.reminded(DAY + 1, seen).await, []);
    assert_eq!(it.reminded(DAY, seen).await, both("Demo"));
    assert_eq!(it.reminded(DAY - 1, seen).await, [], "once");
    assert_eq!(it.reminded(-1, seen).await, []);
    // What starts sooner than that has no reminder.
    it.book("Soon", 12).await;
    assert_eq!(it.reminded(-11, seen).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_follows_an_event_that_is_moved_and_ends_with_one_that_is_cancelled() {
    let api = Api::start().await;
    let it = Reminding::new(&api).await;
    let seen = &mut 0;
    let moved = it.book("Moved", 0).await;
    let cancelled = it.book("Cancelled", 2).await;
    let path = |event: &Value, what: &str| format!("/v2/events/{}/{what}", event.id());
    let later = it.date(3 * DAY);
    it.client
        .post(&path(&moved, "reschedule"), &later)
        .await
        .ok();
    it.client
        .post_nothing(&path(&cancelled, "cancel"))
        .await
        .ok();
    assert_eq!(it.reminded(DAY - 3, seen).await, []);
    assert_eq!(it.reminded(-2 * DAY, seen).await, both("Moved"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_without_a_team_is_reminded_of_as_its_organizers_page_says() {
    let api = Api::start().await;
    let it = Reminding::new(&api).await;
    let seen = &mut 0;
    let page = json!({ "vyteme": { "custom": { "reminder_hours": 2 } } });
    let path = format!("/v2/users/{}", it.user);
    it.client.put(&path, &page).await.ok();
    let mut body = json!({
        "title": "Own", "created_by": { "user": it.user }, "dates": [it.date(0)],
        "invitees": [{ "email": "gus@example.org" }], "confirmed": { "flag": true },
    });
    it.client.post("/v2/events", &body).await.created();
    body["settings"] = json!({ "no_emails": true });
    body["dates"] = json!([it.date(5)]);
    it.client.post("/v2/events", &body).await.created();
    assert_eq!(it.reminded(3, seen).await, []);
    assert_eq!(it.reminded(2, seen).await, both("Own"));
    let off = json!({ "vyteme": { "custom": { "reminder_hours": null } } });
    it.client.put(&path, &off).await.ok();
    assert_eq!(it.reminded(-6, seen).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_such_mails_is_not_reminded_and_a_late_look_still_finds_what_is_due() {
    let api = Api::start().await;
    let it = Reminding::new(&api).await;
    let seen = &mut 0;
    it.book("Demo", 0).await;
    let path = format!("/v2/users/{}/preferences", it.user);
    let body = json!({ "email": { "event_confirmed_admin": false } });
    it.client.put(&path, &body).await.ok();
    // Nobody looked for five hours.
    let guest = [("gus@example.org".to_owned(), "Demo".to_owned())];
    assert_eq!(it.reminded(DAY - 5, seen).await, guest);
}
