//! Making the calls, and writing down what they were told.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Mutex, atomic::AtomicU64},
};

use futures_util::future::{join, join_all};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    WORKERS,
    random::{Random, pick},
};
use crate::harness::{Answer, Api, Client, excused, faults, fixtures::Fields};

/// The parts of a history: between two of them, the clock moves on.
const PHASES: u64 = 3;
/// Half hours in which everything happens: few, so that calls collide, and
/// around midnight of 2030-01-10, where one day of an agenda ends and the next
/// begins.
pub(super) const HALF_HOURS: u64 = 20;
pub(super) const STRATEGIES: [&str; 4] = ["balanced", "round_robin", "priority", "first_available"];

/// What the calls that ask for one event were told.
pub struct Told {
    pub title: String,
    pub answers: Vec<(u16, Option<String>)>,
}

/// What one reassignment was told: the event, and its member where it moved.
pub struct Moved {
    pub event: String,
    pub status: u16,
    pub member: Option<String>,
}

/// What one change of an event was told.
pub struct Changed {
    pub event: String,
    pub what: &'static str,
    pub status: u16,
}

#[derive(Default)]
pub struct History {
    pub booked: Vec<Told>,
    pub moved: Vec<Moved>,
    pub changed: Vec<Changed>,
    calls: BTreeMap<(&'static str, u16), u64>,
}

impl History {
    /// How many calls were answered how.
    pub fn summary(&self) -> String {
        let mut text = String::new();
        for ((what, status), count) in &self.calls {
            write!(text, "{what} {status}: {count}  ").unwrap();
        }
        text
    }

    /// Writes a call down; anything but these statuses, or a fault that was
    /// injected, is a failure.
    pub(super) fn note(&mut self, what: &'static str, answer: &Answer, expected: &[u16]) {
        let status = answer.status.as_u16();
        assert!(
            expected.contains(&status) || excused(status),
            "{what} was answered {status}: {}",
            answer.text
        );
        *self.calls.entry((what, status)).or_default() += 1;
    }

    /// Writes down that an event got another member, or may have.
    pub(super) fn note_move(&mut self, event: String, answer: &Answer) {
        let status = answer.status.as_u16();
        let member = (status == 200).then(|| {
            let member = answer.json()["assignment"]["member"].clone();
            member.as_str().unwrap().to_owned()
        });
        self.moved.push(Moved {
            event,
            status,
            member,
        });
    }

    fn merge(&mut self, other: Self) {
        self.booked.extend(other.booked);
        self.moved.extend(other.moved);
        self.changed.extend(other.changed);
        for (call, count) in other.calls {
            *self.calls.entry(call).or_default() += count;
        }
    }
}

/// An event that is known to be there.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) team: String,
    pub(super) id: String,
    /// Somebody who is invited, and not the member.
    pub(super) invitee: String,
    /// The path of their page.
    pub(super) link: String,
    /// A date of it.
    pub(super) date: String,
}

pub(super) struct World<'a> {
    api: &'a Api,
    pub(super) client: Client<'a>,
    pub(super) anybody: Client<'a>,
    pub(super) teams: Vec<String>,
    /// Users that have not been unlinked: id and address.
    pub(super) users: Mutex<Vec<(String, String)>>,
    /// Events that are known to be there.
    pub(super) events: Mutex<Vec<Known>>,
    /// Holds that were made, as they were answered.
    pub(super) holds: Mutex<Vec<Value>>,
    pub(super) made: AtomicU64,
}

pub async fn run(api: &Api, seed: u64, size: u64) -> History {
    let client = api.organization();
    let mut users = Vec::new();
    for number in 0..8 {
        let email = format!("first{number}@example.com");
        users.push((insist_on_user(&client, &email).await, email));
    }
    let ids: Vec<&String> = users.iter().map(|(id, _)| id).collect();
    let teams = vec![
        insist_on_team(&client, "1", &json!(ids[..6])).await,
        insist_on_team(&client, "2", &json!(ids[2..])).await,
    ];
    let world = World {
        api,
        client,
        anybody: api.anybody(),
        teams,
        users: Mutex::new(users),
        events: Mutex::default(),
        holds: Mutex::default(),
        made: AtomicU64::new(0),
    };
    let worker = |phase: u64, number: u64| {
        let world = &world;
        async move {
            let mut random = Random::new(seed ^ phase, number);
            let mut history = History::default();
            for count in 0..size.div_ceil(WORKERS * PHASES) {
                let title = format!("phase {phase} worker {number} call {count}");
                world.call(&mut random, &mut history, title).await;
            }
            history
        }
    };
    let mut all = History::default();
    for phase in 0..PHASES {
        for history in join_all((0..WORKERS).map(|number| worker(phase, number))).await {
            all.merge(history);
        }
        // What is held ends, as nobody waits for it.
        world.api.forward(SignedDuration::from_secs(90));
    }
    all
}

/// A user, however often it takes; its id.
pub async fn insist_on_user(client: &Client<'_>, email: &str) -> String {
    let body = json!({ "user": { "email": email } });
    loop {
        let answer = client.post("/v2/users", &body).await;
        if answer.status.is_success() {
            return answer.id();
        }
        assert!(excused(answer.status.as_u16()), "{}", answer.text);
    }
}

/// A team, however often it takes; its id.
pub async fn insist_on_team(client: &Client<'_>, extid: &str, members: &Value) -> String {
    let body = json!({ "extid": extid, "name": "Everybody", "members": members });
    let mut tried = false;
    loop {
        let answer = client.post("/v2/teams", &body).await;
        let id = match answer.status.as_u16() {
            201 => answer.json()["_id"].clone(),
            // An earlier try made it.
            409 if tried || faults() => answer.json()["existing"].clone(),
            status => {
                assert!(excused(status), "{}", answer.text);
                tried = true;
                continue;
            }
        };
        return id.as_str().unwrap().to_owned();
    }
}

impl Known {
    /// What is known of an event that was answered.
    pub(super) fn of(team: &str, event: &Value) -> Self {
        let invitees = event["invitees"].as_array().unwrap();
        let invitee = invitees.last().unwrap();
        let name = invitee["user"].as_str().unwrap_or_else(|| invitee.id());
        let key = event["key_store"]["hash"].field(name);
        Self {
            team: team.to_owned(),
            id: event.id().to_owned(),
            invitee: invitee.id().to_owned(),
            link: format!("/e/{}?k={key}", event.id()),
            date: event["dates"][0].id().to_owned(),
        }
    }
}

impl World<'_> {
    /// One random call. What is drawn does not depend on what is answered.
    async fn call(&self, random: &mut Random, history: &mut History, title: String) {
        let what = random.below(100);
        let team = pick(&self.teams, random.next()).clone();
        let (one, two) = (random.next(), random.next());
        match what {
            0..2 => self.credit(history, &team, one, two).await,
            2..36 => self.book(random, history, &team, title).await,
            36..40 => self.hold(history, &team, one, two).await,
            40..44 => self.book_held(history, one, title).await,
            44..46 => self.release(history, one).await,
            46..53 => self.reassign(history, one).await,
            53..58 => self.confirm(history, one).await,
            58..62 => self.cancel(history, one).await,
            62..66 => self.decline(history, one).await,
            66..73 => self.reschedule(history, one, two).await,
            73..77 => self.no_show(history, one).await,
            77..85 => self.act_as_guest(history, one, two).await,
            85..87 => self.replace_user(history, &team, one).await,
            87..91 => self.edit_members(history, &team, one).await,
            91..95 => self.edit_rules(history, &team, one, two).await,
            _ => self.edit_availability(history, one, two).await,
        }
    }

    pub(super) fn user(&self, number: u64) -> (String, String) {
        pick(&self.users.lock().unwrap(), number).clone()
    }

    async fn book(&self, random: &mut Random, history: &mut History, team: &str, title: String) {
        let several = random.percent(25);
        let count = if several { 2 + random.below(2) } else { 1 };
        let mut dates: Vec<Value> = (0..count)
            .map(|_| date(random.below(HALF_HOURS), 1 + random.below(3)))
            .collect();
        if random.percent(10) {
            dates.iter_mut().for_each(make_past);
        }
        let confirmed = random.percent(if several { 60 } else { 20 });
        let (asks, asked) = (random.percent(20), random.next());
        let (invites, invited) = (random.percent(30), random.next());
        let (repeats, at_once) = (random.percent(35), random.percent(50));
        let creator = if asks {
            self.user(asked).1
        } else {
            "client@example.com".to_owned()
        };
        let mut body = json!({
            "title": title,
            "created_by": { "email": creator },
            "dates": dates,
            "confirmed": { "flag": confirmed },
        });
        if invites {
            body["invitees"] = json!([{ "email": self.user(invited).1 }]);
        }
        let path = format!("/v2/teams/{team}/events");
        let body = body.to_string().into_bytes();
        let mut headers = vec![("content-type", "application/json")];
        if repeats {
            headers.push(("idempotency-key", &title));
        }
        let send = || {
            self.client
                .send(Method::POST, &path, Some(body.clone()), &headers)
        };
        let mut answers = Vec::new();
        if repeats && at_once {
            let (one, two) = join(send(), send()).await;
            answers.extend([one, two]);
        } else {
            answers.push(send().await);
        }
        if repeats {
            answers.push(send().await);
        }
        let mut told = Vec::new();
        for answer in &answers {
            history.note("book", answer, &[201, 409]);
            let body = answer.json();
            let status = answer.status.as_u16();
            let event = (status == 201).then(|| body.id().to_owned());
            if event.is_some() {
                self.events.lock().unwrap().push(Known::of(team, &body));
            }
            if status == 409 && !repeats {
                let nobody = body["detail"] == "the team has no member to take it";
                let reasons = body["considered"].as_array().is_some_and(|c| !c.is_empty());
                assert!(nobody || reasons, "{}", answer.text);
            }
            told.push((status, event));
        }
        let title = title.clone();
        history.booked.push(Told {
            title,
            answers: told,
        });
    }

    pub(super) fn event(&self, number: u64) -> Option<Known> {
        let events = self.events.lock().unwrap();
        (!events.is_empty()).then(|| pick(&events, number).clone())
    }
}

/// A date of so many half hours, from the evening of 2030-01-09 on.
pub fn date(start: u64, half_hours: u64) -> Value {
    let at = |half_hour: u64| {
        let minutes = 20 * 60 + 30 * half_hour;
        let (day, hour, minute) = (9 + minutes / 1440, minutes / 60 % 24, minutes % 60);
        format!("2030-01-{day:02}T{hour:02}:{minute:02}:00Z")
    };
    json!({ "date": at(start), "end_date": at(start + half_hours) })
}

/// Puts a date ten years back, where nobody can come any more.
fn make_past(date: &mut Value) {
    for name in ["date", "end_date"] {
        date[name] = json!(date.field(name).replace("2030-", "2020-"));
    }
}
