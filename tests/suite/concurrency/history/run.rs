//! Making the calls, and writing down what they were told.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::future::{join, join_all};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    WORKERS,
    random::{Random, pick},
};
use crate::harness::{Answer, Api, Client, excused, faults, fixtures::Fields};

/// Half hours in which everything happens: few, so that calls collide, and
/// around midnight of 2030-01-10, where one day of an agenda ends and the next
/// begins.
const HALF_HOURS: u64 = 20;
const STRATEGIES: [&str; 4] = ["balanced", "round_robin", "priority", "first_available"];

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
    fn note(&mut self, what: &'static str, answer: &Answer, expected: &[u16]) {
        let status = answer.status.as_u16();
        assert!(
            expected.contains(&status) || excused(status),
            "{what} was answered {status}: {}",
            answer.text
        );
        *self.calls.entry((what, status)).or_default() += 1;
    }

    /// Writes down that an event got another member, or may have.
    fn note_move(&mut self, event: String, answer: &Answer) {
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
struct Known {
    team: String,
    id: String,
    /// Somebody who is invited, and not the member.
    invitee: String,
}

struct World<'a> {
    client: Client<'a>,
    teams: Vec<String>,
    /// Users that have not been unlinked: id and address.
    users: Mutex<Vec<(String, String)>>,
    /// Events that are known to be there.
    events: Mutex<Vec<Known>>,
    made: AtomicU64,
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
        client,
        teams,
        users: Mutex::new(users),
        events: Mutex::default(),
        made: AtomicU64::new(0),
    };
    let worker = |number: u64| {
        let world = &world;
        async move {
            let mut random = Random::new(seed, number);
            let mut history = History::default();
            for count in 0..size.div_ceil(WORKERS) {
                let title = format!("worker {number} call {count}");
                world.call(&mut random, &mut history, title).await;
            }
            history
        }
    };
    let mut all = History::default();
    for history in join_all((0..WORKERS).map(worker)).await {
        all.merge(history);
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

impl World<'_> {
    /// One random call. What is drawn does not depend on what is answered.
    async fn call(&self, random: &mut Random, history: &mut History, title: String) {
        let what = random.below(100);
        let team = pick(&self.teams, random.next()).clone();
        let (one, two) = (random.next(), random.next());
        match what {
            0..2 => self.credit(history, &team, one, two).await,
            2..48 => self.book(random, history, &team, title).await,
            48..58 => self.reassign(history, one).await,
            58..64 => self.confirm(history, one).await,
            64..70 => self.cancel(history, one).await,
            70..74 => self.decline(history, one).await,
            74..82 => self.reschedule(history, one, two).await,
            82..85 => self.replace_user(history, &team, one).await,
            85..90 => self.edit_members(history, &team, one).await,
            90..95 => self.edit_rules(history, &team, one, two).await,
            _ => self.edit_availability(history, one, two).await,
        }
    }

    fn user(&self, number: u64) -> (String, String) {
        pick(&self.users.lock().unwrap(), number).clone()
    }

    async fn book(&self, random: &mut Random, history: &mut History, team: &str, title: String) {
        let several = random.percent(25);
        let count = if several { 2 + random.below(2) } else { 1 };
        let dates: Vec<Value> = (0..count)
            .map(|_| date(random.below(HALF_HOURS), 1 + random.below(3)))
            .collect();
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
            if let Some(event) = &event {
                let invitees = body["invitees"].as_array().unwrap();
                let invitee = invitees.last().unwrap().id().to_owned();
                self.events.lock().unwrap().push(Known {
                    team: team.to_owned(),
                    id: event.clone(),
                    invitee,
                });
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

    fn event(&self, number: u64) -> Option<Known> {
        let events = self.events.lock().unwrap();
        (!events.is_empty()).then(|| pick(&events, number).clone())
    }

    async fn reassign(&self, history: &mut History, number: u64) {
        let Some(Known { team, id, .. }) = self.event(number) else {
            return;
        };
        let path = format!("/v2/teams/{team}/events/{id}/reassign");
        let answer = self.client.send(Method::POST, &path, None, &[]).await;
        history.note("reassign", &answer, &[200, 409]);
        history.note_move(id, &answer);
    }

    /// A change of an event that is there.
    async fn change(
        &self,
        history: &mut History,
        what: &'static str,
        event: &Known,
        body: Option<&Value>,
        expected: &[u16],
    ) -> Answer {
        let path = format!("/v2/events/{}/{what}", event.id);
        let json = [("content-type", "application/json")];
        let body = body.map(|body| body.to_string().into_bytes());
        let answer = self.client.send(Method::POST, &path, body, &json).await;
        history.note(what, &answer, expected);
        history.changed.push(Changed {
            event: event.id.clone(),
            what,
            status: answer.status.as_u16(),
        });
        answer
    }

    async fn confirm(&self, history: &mut History, number: u64) {
        if let Some(event) = self.event(number) {
            let expected = [200, 409];
            self.change(history, "confirm", &event, None, &expected)
                .await;
        }
    }

    async fn cancel(&self, history: &mut History, number: u64) {
        if let Some(event) = self.event(number) {
            self.change(history, "cancel", &event, None, &[200]).await;
        }
    }

    async fn decline(&self, history: &mut History, number: u64) {
        if let Some(event) = self.event(number) {
            let body = json!({ "invitee": event.invitee });
            // 422: the invitee has become the member.
            let expected = [200, 409, 422];
            self.change(history, "decline", &event, Some(&body), &expected)
                .await;
        }
    }

    async fn reschedule(&self, history: &mut History, number: u64, to: u64) {
        if let Some(event) = self.event(number) {
            let mut body = date(to % HALF_HOURS, 1 + to % 3);
            body["reassign"] = json!(to.is_multiple_of(2));
            let expected = [200, 409];
            let answer = self
                .change(history, "reschedule", &event, Some(&body), &expected)
                .await;
            // Who was considered is told where another member has it now.
            let moves =
                answer.status.is_success() && answer.json()["assignment"]["considered"].is_array();
            if moves || (answer.status.as_u16() >= 500 && to.is_multiple_of(2)) {
                history.note_move(event.id, &answer);
            }
        }
    }

    async fn credit(&self, history: &mut History, team: &str, one: u64, two: u64) {
        let (user, _) = self.user(one);
        let units = 1 + i64::try_from(two % 1_000_000).unwrap();
        let units = if two.is_multiple_of(2) { units } else { -units };
        let body = json!({ "user": user, "units": units, "reason": "agreed" });
        let path = format!("/v2/teams/{team}/assignments/credit");
        let answer = self.client.post(&path, &body).await;
        // 422: not a member; 409: nobody else is.
        history.note("credit", &answer, &[201, 409, 422]);
    }

    /// Somebody leaves the organization, somebody else comes.
    async fn replace_user(&self, history: &mut History, team: &str, number: u64) {
        let (gone, _) = {
            let mut users = self.users.lock().unwrap();
            let at = usize::try_from(number % users.len() as u64).unwrap();
            users.swap_remove(at)
        };
        let email = format!(
            "new{}@example.com",
            self.made.fetch_add(1, Ordering::Relaxed)
        );
        let body = json!({
            "user": { "email": email },
            "teams": [{ "extid": if team == self.teams[0] { "1" } else { "2" }, "name": "Everybody" }],
        });
        let made = loop {
            let answer = self.client.post("/v2/users", &body).await;
            history.note("create user", &answer, &[200, 201]);
            if answer.status.is_success() {
                break answer.id();
            }
        };
        self.users.lock().unwrap().push((made, email));
        let answer = self.client.delete(&format!("/v2/users/{gone}")).await;
        history.note("unlink user", &answer, &[200]);
    }

    async fn edit_members(&self, history: &mut History, team: &str, number: u64) {
        let members: Vec<String> = {
            let users = self.users.lock().unwrap();
            let mut bits = number | 0b1001_0010;
            let keep = |_: &&(String, String)| {
                bits = bits.rotate_right(1);
                bits & 1 == 1
            };
            users
                .iter()
                .filter(keep)
                .map(|(id, _)| id.clone())
                .collect()
        };
        let path = format!("/v2/teams/{team}");
        let answer = self.client.put(&path, &json!({ "members": members })).await;
        // 422: one of them was unlinked meanwhile.
        history.note("edit members", &answer, &[200, 422]);
    }

    async fn edit_rules(&self, history: &mut History, team: &str, one: u64, two: u64) {
        let (user, _) = self.user(two);
        let rules = match two % 4 {
            0 => json!({ "weight": 3 }),
            1 => json!({ "priority": 2 }),
            2 => json!({ "weight": 0 }),
            _ => json!({ "max_per_day": 4 }),
        };
        let body = json!({ "assignment": {
            "strategy": pick(&STRATEGIES, one),
            "respect_availability": !one.is_multiple_of(3),
            "members": { user: if one.is_multiple_of(2) { rules } else { Value::Null } },
        }});
        let answer = self.client.put(&format!("/v2/teams/{team}"), &body).await;
        // 422: rules for somebody who is not a member.
        history.note("edit rules", &answer, &[200, 422]);
    }

    async fn edit_availability(&self, history: &mut History, one: u64, two: u64) {
        let (user, _) = self.user(one);
        let slots = json!([{ "start_time": "00:00", "end_time": "22:30" }]);
        let availability = match two % 4 {
            0 => json!({ "days": { "wednesday": { "enabled": true, "slots": slots } } }),
            1 => json!({ "buffer_before": 30 }),
            2 => json!({ "buffer_before": 0, "buffer_after": 0 }),
            _ => Value::Null,
        };
        let path = format!("/v2/users/{user}");
        let body = json!({ "availability": availability });
        let answer = self.client.put(&path, &body).await;
        // 404: unlinked meanwhile.
        history.note("edit availability", &answer, &[200, 404]);
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
