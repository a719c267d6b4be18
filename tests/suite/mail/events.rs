//! Mails about events: whoever takes part is told what becomes of one, once, as they wish.

use jiff::SignedDuration;
use reqwest::Method;
use roster_domain::{
    OrganizationId,
    access::link_key::LinkKey,
    bookings::event::{Notice, notices},
    mail::{EventMail, EventNotice, Mail},
    users::language::Language,
};
use roster_local::setup;
use roster_store::dynamodb::table::Freshness;
use serde_json::{Value, json};

use crate::harness::{Api, Client, fixtures::Fields};

/// A team of two, and a booking with one of them.
struct Booked<'a> {
    api: &'a Api,
    client: Client<'a>,
    team: String,
    users: [String; 2],
}

const GUEST: &str = "gus@example.org";
const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";

impl<'a> Booked<'a> {
    async fn new(api: &'a Api) -> Self {
        let client = api.organization();
        let user = |email: &str, language: &str| {
            json!({ "user": {
                "email": email, "first_name": "Zoë", "language": language,
                "timezone": "Europe/Paris",
            } })
        };
        let ada = client
            .post("/v2/users", &user(ADA, "fr"))
            .await
            .created()
            .json();
        let bob = client
            .post("/v2/users", &user(BOB, "de"))
            .await
            .created()
            .json();
        let users = [ada["user"].id().to_owned(), bob["user"].id().to_owned()];
        let team = json!({ "extid": "1", "name": "Sales", "members": [users[0]] });
        let team = client.new_team(team).await.id().to_owned();
        Self {
            api,
            client,
            team,
            users,
        }
    }

    fn booking() -> Value {
        json!({
            "title": "Demo", "created_by": { "email": GUEST },
            "invitees": [{ "email": GUEST, "full_name": "Gus Guest" }],
            "dates": [{ "date": "2030-03-31T00:30:00Z", "end_date": "2030-03-31T01:30:00Z" }],
            "places": [{ "name": "Zoom", "address": "https://zoom.example.com/1" }],
            "messages": [{ "body": "See you at www.evil.example" }],
            "confirmed": { "flag": true },
        })
    }

    async fn book(&self, body: &Value) -> Value {
        let path = format!("/v2/teams/{}/events", self.team);
        self.client.post(&path, body).await.created().json()
    }

    async fn preferences(&self, user: usize, topics: Value) {
        let path = format!("/v2/users/{}/preferences", self.users[user]);
        let body = json!({ "email": topics });
        self.client.put(&path, &body).await.ok();
    }

    /// Every mail so far, the oldest first: all that the changes so far lead to.
    async fn mails(&self) -> Vec<Value> {
        // A change leads to mails, which come in the stream behind it.
        let mut mails = Vec::new();
        for _ in 0..2 {
            mails = self.api.mails(|_| true).await;
        }
        mails.reverse();
        mails
    }

    /// Who got the mails since the first so many, and what each says first.
    async fn told_since(&self, seen: usize) -> Vec<(String, String)> {
        let mails = self.mails().await;
        let told = mails.iter().skip(seen).map(|mail| {
            let first = mail.field("text").lines().next().unwrap_or_default();
            (mail.field("to").to_owned(), first.to_owned())
        });
        let mut told: Vec<_> = told.collect();
        told.sort();
        told
    }
}

/// The mail with which a guest is invited to a booking.
pub(super) async fn mail_of_a_booking(api: &Api) -> Mail {
    let it = Booked::new(api).await;
    let booked = it.book(&Booked::booking()).await;
    let organization = setup::ORGANIZATION.parse::<OrganizationId>().unwrap();
    let store = api.app().store();
    let tenant = store.tenant(organization);
    let event = tenant.event(booked.id().parse().unwrap(), Freshness::Strong);
    let event = event.await.unwrap();
    let mut notices = notices(None, &event, api.now());
    notices.retain(|notice| !notice.to.is_assigned);
    let Notice { to, news, by } = notices.remove(0);
    let key = LinkKey {
        organization,
        key: to.key.clone(),
    };
    Mail::Event(Box::new(EventMail {
        notice: EventNotice {
            event: event.id,
            to,
            news,
            by,
            as_admin: false,
            messages_before: 0,
            language: Language::Sv,
            zone: "Europe/Stockholm".parse().unwrap(),
        },
        event,
        organization: "ACME".parse().unwrap(),
        key: Some(key.to_string()),
    }))
}

fn told(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(to, first): &(&str, &str)| ((*to).to_owned(), (*first).to_owned());
    expected.iter().map(owned).collect()
}

/// The value of a property of a mail's calendar, unfolded.
fn property(mail: &Value, name: &str) -> String {
    let text = mail["calendar"].field("text").replace("\r\n ", "");
    let mut lines = text.lines();
    let line = lines.find(|line| line.split([':', ';']).next() == Some(name));
    let line = line.unwrap_or_else(|| panic!("no {name} in {text}"));
    line[name.len()..].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_told_to_who_holds_it_and_to_the_guest_in_their_language_and_zone() {
    let api = Api::start().await;
    let it = Booked::new(&api).await;
    let mut body = Booked::booking();
    let lea = json!({ "email": "lea@example.org" });
    body["invitees"].as_array_mut().unwrap().push(lea);
    let event = it.book(&body).await;
    let mails = it.mails().await;
    assert_eq!(mails.len(), 3, "{mails:?}");
    let of = |to: &str| mails.iter().find(|mail| mail["to"] == to).unwrap();
    let (ada, guest, lea) = (of(ADA), of(GUEST), of("lea@example.org"));
    let text = lea.field("text");
    assert!(text.starts_with("You are invited to an event."), "{text}");
    for part in [text, lea["calendar"].field("text")] {
        assert!(
            !part.contains(GUEST),
            "no guest has another's address: {part}"
        );
    }
    for mail in [ada, guest] {
        // Neutral: Exchange makes the title of the entry of it.
        assert_eq!(mail["subject"], "Demo");
        assert_eq!(mail["reply_to"], event["email"]);
        assert_eq!(mail["calendar"]["method"], "REQUEST");
        // The hour that the clocks skip in Paris that night does not count.
        assert_eq!(property(mail, "DTSTART"), ":20300331T003000Z");
        assert_eq!(property(mail, "DTEND"), ":20300331T013000Z");
        assert_eq!(property(mail, "STATUS"), ":CONFIRMED");
        let link = mail.field("link");
        assert!(link.contains(&format!("/e/{}?k=", event.id())), "{link}");
        for part in ["text", "html"] {
            let part = mail.field(part);
            assert!(part.contains("See you at www. evil. example"), "{part}");
            assert!(part.contains("zoom.example.com"), "{part}");
        }
    }
    assert_ne!(
        ada["link"], guest["link"],
        "everybody has a key of their own"
    );
    let text = ada.field("text");
    assert!(
        text.contains("Vous avez une nouvelle réservation."),
        "{text}"
    );
    assert!(
        text.contains("Quand\u{a0}: dimanche 31 mars 2030, 01:30"),
        "{text}"
    );
    assert!(text.contains("03:30 (Europe/Paris)"), "{text}");
    assert!(
        text.contains("Gus Guest (gus@example.org), lea@example.org"),
        "{text}"
    );
    let text = guest.field("text");
    assert!(text.contains("You have booked an event."), "{text}");
    assert!(text.contains("Organizer: Zoë (ACME)"), "{text}");
    assert!(!text.contains(ADA), "no address of a member: {text}");
    let (anybody, url) = (api.anybody(), api.url());
    let link = guest.field("link").strip_prefix(&url).unwrap();
    assert_eq!(
        anybody.get(link).await.status,
        200,
        "the link opens the event's page"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_is_told_to_all_who_come_and_keeps_one_entry_in_their_calendars() {
    let api = Api::start().await;
    let it = Booked::new(&api).await;
    let event = it.book(&Booked::booking()).await;
    let path = format!("/v2/events/{}", event.id());
    let first = it.mails().await;
    assert_eq!(first.len(), 2);

    let body = json!({ "date": "2030-04-02T10:00:00Z", "end_date": "2030-04-02T11:00:00Z" });
    it.client
        .post(&format!("{path}/reschedule"), &body)
        .await
        .ok();
    let moved = [
        (ADA, "Le rendez-vous a une nouvelle date."),
        (GUEST, "The event has a new date."),
    ];
    assert_eq!(it.told_since(2).await, told(&moved));

    let add = format!("/v2/teams/{}/members", it.team);
    it.client
        .post(&add, &json!({ "user": it.users[1] }))
        .await
        .ok();
    let reassign = format!("/v2/teams/{}/events/{}/reassign", it.team, event.id());
    it.client.post_nothing(&reassign).await.ok();
    let handed_over = [
        (ADA, "Vous ne participez plus à ce rendez-vous."),
        (BOB, "Sie haben eine neue Buchung."),
        (GUEST, "The event has changed."),
    ];
    assert_eq!(it.told_since(4).await, told(&handed_over));

    it.client.post_nothing(&format!("{path}/cancel")).await.ok();
    it.client.post_nothing(&format!("{path}/cancel")).await.ok();
    let cancelled = [
        (BOB, "Der Termin ist abgesagt."),
        (GUEST, "The event is cancelled."),
    ];
    assert_eq!(it.told_since(7).await, told(&cancelled));

    let mails = it.mails().await;
    let same = |name: &str| {
        let first = property(&mails[0], name);
        let value = |mail: &Value| property(mail, name).rsplit_once(':').unwrap().1.to_owned();
        let first = first.rsplit_once(':').unwrap().1.to_owned();
        assert!(mails.iter().all(|mail| value(mail) == first), "{name}");
    };
    same("UID");
    same("ORGANIZER");
    let of_guest: Vec<_> = mails.iter().filter(|mail| mail["to"] == GUEST).collect();
    let sequence = |mail: &&&Value| property(mail, "SEQUENCE")[1..].parse::<u32>().unwrap();
    let sequences: Vec<_> = of_guest.iter().map(|mail| sequence(&mail)).collect();
    assert!(sequences.is_sorted_by(|a, b| a < b), "{sequences:?}");
    let methods: Vec<_> = of_guest
        .iter()
        .map(|mail| &mail["calendar"]["method"])
        .collect();
    assert_eq!(methods, ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]);
    let removed = mails.iter().rfind(|mail| mail["to"] == ADA).unwrap();
    assert_eq!(removed["calendar"]["method"], "CANCEL");
    assert_eq!(removed["link"], "", "who is out has no link any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_guests_do_on_the_page_is_told_to_those_whom_it_concerns() {
    let api = Api::start().await;
    let it = Booked::new(&api).await;
    it.book(&Booked::booking()).await;
    let guest = it.mails().await;
    let guest = guest.iter().find(|mail| mail["to"] == GUEST).unwrap();
    let link = guest
        .field("link")
        .strip_prefix(&api.url())
        .unwrap()
        .to_owned();
    let act = async |form: &str| {
        let sent = api.anybody().send_form(Method::POST, &link, form).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
    };
    act("action=message&message=Running+late").await;
    let wrote = [(ADA, "Il y a un nouveau message au sujet du rendez-vous.")];
    assert_eq!(it.told_since(2).await, told(&wrote));
    let mail = it.mails().await.pop().unwrap();
    assert!(
        mail.field("text")
            .contains("Gus Guest\u{a0}:\nRunning late")
    );
    assert!(
        !mail.field("text").contains("evil"),
        "only what is new: {mail}"
    );
    assert!(mail.get("calendar").is_none(), "{mail}");
    act("action=decline").await;
    // The one guest does not come: the event is cancelled, and the guest knows.
    let declined = [(ADA, "Le rendez-vous est annulé.")];
    assert_eq!(it.told_since(3).await, told(&declined));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_mailed_who_does_not_want_to_be() {
    let api = Api::start().await;
    let it = Booked::new(&api).await;
    let user = format!("/v2/users/{}/preferences", it.users[0]);
    let shown = it.client.get(&user).await.ok().json();
    assert_eq!(shown["email"]["vyteme_created_admin"], true);
    assert_eq!(shown["email"]["vote_confirmation"], false);
    assert!(
        shown["push"]
            .as_object()
            .unwrap()
            .values()
            .all(|wants| *wants == false)
    );
    // What is shown can be sent back, and changes nothing.
    let before = it
        .client
        .get(&format!("/v2/users/{}", it.users[0]))
        .await
        .ok()
        .json();
    assert_eq!(it.client.put(&user, &shown).await.ok().json(), shown);
    let after = it
        .client
        .get(&format!("/v2/users/{}", it.users[0]))
        .await
        .ok()
        .json();
    assert_eq!(before, after);
    let pushed = json!({ "push": { "declined": true } });
    let refused = it.client.put(&user, &pushed).await;
    assert_eq!(refused.status, 422);
    let error = &refused.json()["errors"][0];
    assert_eq!(error["pointer"], "/push/declined");

    it.preferences(0, json!({ "vyteme_created_admin": false }))
        .await;
    it.book(&Booked::booking()).await;
    let guest = [(GUEST, "You have booked an event.")];
    assert_eq!(it.told_since(0).await, told(&guest));

    let mut silent = Booked::booking();
    silent["settings"] = json!({ "no_emails": true });
    silent["created_by"] = json!({ "email": ADA });
    silent["dates"] =
        json!([{ "date": "2030-05-02T10:00:00Z", "end_date": "2030-05-02T11:00:00Z" }]);
    it.client.post("/v2/events", &silent).await.created();
    assert_eq!(it.told_since(1).await, []);

    let accounts = it.client.get("/api/v2/users").await.ok().json();
    let is_ada = |user: &&Value| user["email"] == ADA;
    let mut accounts = accounts.as_array().unwrap().iter();
    let number = accounts.find(is_ada).unwrap()["_id"].clone();
    let suppress = json!({ "suppress_emails": "other.example, EXAMPLE.org" });
    it.client
        .put(&format!("/api/v1/user/{number}"), &suppress)
        .await
        .ok();
    it.preferences(0, json!({ "vyteme_created_admin": true }))
        .await;
    let mut other = Booked::booking();
    other["dates"] =
        json!([{ "date": "2030-05-03T10:00:00Z", "end_date": "2030-05-03T11:00:00Z" }]);
    it.book(&other).await;
    let ada = [(ADA, "Vous avez une nouvelle réservation.")];
    assert_eq!(it.told_since(1).await, told(&ada));
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_are_told_of_members_events_as_far_as_they_chose() {
    let api = Api::start().await;
    let it = Booked::new(&api).await;
    let team = format!("/v2/teams/{}", it.team);
    let admins = json!({ "admins": [it.users[1]] });
    it.client.put(&team, &admins).await.ok();
    let path = format!("{team}/admin-preferences");
    let none = it.client.get(&path).await.ok().json();
    assert_eq!(none["_id"], Value::Null);
    assert!(
        none["prefs"]["email"]
            .as_object()
            .unwrap()
            .values()
            .all(|wants| *wants == false)
    );
    let wishes = json!({ "prefs": { "email": { "event_cancelled_admin": true } } });
    let set = it.client.post(&path, &wishes).await.created().json();
    assert_eq!(set["prefs"]["email"]["event_cancelled_admin"], true);
    assert_eq!(
        it.client.put(&path, &set).await.ok().json(),
        set,
        "what is shown can be sent back"
    );

    let event = it.book(&Booked::booking()).await;
    assert_eq!(
        it.told_since(0).await.len(),
        2,
        "of bookings, they did not wish to hear"
    );
    it.client
        .post_nothing(&format!("/v2/events/{}/cancel", event.id()))
        .await
        .ok();
    let mails = it.mails().await;
    let admin = mails.iter().find(|mail| mail["to"] == BOB).unwrap();
    let text = admin.field("text");
    assert!(text.contains("Der Termin ist abgesagt."), "{text}");
    assert!(text.contains("weil Sie das Team verwalten"), "{text}");
    assert!(
        admin.get("calendar").is_none() && admin["link"] == "",
        "{admin}"
    );
    assert_eq!(mails.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_gets_so_many_mails_an_hour_and_no_more() {
    const MOST: usize = 30;
    let api = Api::start().await;
    let it = Booked::new(&api).await;
    let event = it.book(&Booked::booking()).await;
    let path = format!("/v2/events/{}", event.id());
    for number in 0..MOST + 3 {
        let title = json!({ "title": format!("Demo {number}") });
        it.client.put(&path, &title).await.ok();
    }
    let of = async |to: &str| {
        let mails = it.mails().await;
        mails.iter().filter(|mail| mail["to"] == to).count()
    };
    assert_eq!(of(GUEST).await, MOST);
    assert_eq!(of(ADA).await, MOST + 4, "users are told everything");
    api.forward(SignedDuration::from_hours(1));
    it.client
        .put(&path, &json!({ "title": "Later" }))
        .await
        .ok();
    assert_eq!(of(GUEST).await, MOST + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lasts_all_day_is_dates_in_a_calendar() {
    let api = Api::start().await;
    let it = Booked::new(&api).await;
    let mut body = Booked::booking();
    body["timezone"] = json!("America/New_York");
    body["dates"] = json!([{ "date": "2030-07-01", "end_date": "2030-07-02", "all_day": true }]);
    it.book(&body).await;
    for mail in it.mails().await {
        assert_eq!(property(&mail, "DTSTART"), ";VALUE=DATE:20300701");
        assert_eq!(property(&mail, "DTEND"), ";VALUE=DATE:20300703");
    }
}
