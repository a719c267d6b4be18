//! One organization's key never reaches another's data, and nobody gets in
//! without a key.
//!
//! Each test walks the routes that are served. What a route must answer is
//! declared by its binary's name, so that a route that is added fails here until
//! it is declared too.

mod accounts;
mod directory;
pub(super) mod operations;
mod strangers;

use std::collections::BTreeMap;

use reqwest::Method;
use roster_local::{routes, setup};
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, ErrorStyle, fixtures::Fields, furnished::new_calendar};
use operations::{Expected, Ids, Probe, operation};

/// What a caller of another organization may know of this one.
#[derive(Debug, Clone)]
struct Names {
    organization: String,
    user: String,
    team: String,
    event: String,
    key: String,
    email: String,
    extid: String,
    team_extid: String,
    login: String,
    nickname: String,
    user_cursor: String,
    team_cursor: String,
    event_cursor: String,
    invitee: String,
    hold: String,
    time_off: String,
    calendar: String,
    hook: String,
    delivery: String,
    key_cursor: String,
    user_number: String,
    organization_number: String,
    token: String,
}

/// Texts that only an answer about the first organization would hold.
const TRACES: [&str; 9] = [
    "ACME",
    "Isolde",
    "Hidden-Name",
    "Hidden-Team",
    "Hidden-Level",
    "Hidden-Key",
    "Hidden-Event",
    "Hidden-Reason",
    "Hidden-Calendar",
];

impl Names {
    /// Ids and names that were never given to anything.
    fn unknown() -> Self {
        let id = "5f5e10000000000000000000".to_owned();
        Self {
            organization: id.clone(),
            user: id.clone(),
            team: id.clone(),
            event: id.clone(),
            key: id,
            email: "nobody@unknown.example".to_owned(),
            extid: "unknown-extid".to_owned(),
            team_extid: "unknown-team-extid".to_owned(),
            login: "unknown-login".to_owned(),
            nickname: "unknown-nickname".to_owned(),
            user_cursor: String::new(),
            team_cursor: String::new(),
            event_cursor: String::new(),
            invitee: "5f5e10000000000000000000".to_owned(),
            hold: "5f5e10000000000000000000".to_owned(),
            time_off: "5f5e10000000000000000000".to_owned(),
            calendar: "5f5e10000000000000000000".to_owned(),
            hook: "5f5e10000000000000000000".to_owned(),
            delivery: "5f5e10000000000000000000".to_owned(),
            key_cursor: String::new(),
            user_number: "999999".to_owned(),
            organization_number: "999999".to_owned(),
            token: "unknown".to_owned(),
        }
    }

    /// Everything that an answer must not show, other than what the caller
    /// sent itself.
    fn hidden_from(&self, sent: &str) -> Vec<String> {
        let own = [
            &self.organization,
            &self.user,
            &self.team,
            &self.event,
            &self.key,
            &self.email,
            &self.extid,
            &self.team_extid,
            &self.login,
            &self.nickname,
        ];
        let own = own.into_iter().map(String::as_str).chain(TRACES);
        own.filter(|text| !sent.contains(text))
            .map(str::to_owned)
            .collect()
    }

    /// An answer to a request that asked for these, without what it repeats of
    /// the request.
    fn asked(&self, answer: &Answer) -> (u16, BTreeMap<String, String>, String) {
        let (status, mut headers, text) = comparable(answer);
        headers.remove("content-length");
        let own = [
            (&self.team_extid, "TEAM_EXTID"),
            (&self.extid, "EXTID"),
            (&self.email, "EMAIL"),
            (&self.user, "ID"),
            (&self.team, "ID"),
        ];
        let text = own
            .into_iter()
            .fold(text, |text, (own, name)| text.replace(own, name));
        (status, headers, text)
    }

    /// A path with its parameters filled in.
    fn fill(&self, template: &str) -> String {
        let is_numbered = ErrorStyle::of(template) != ErrorStyle::Problem;
        let user = if is_numbered {
            &self.user_number
        } else {
            &self.user
        };
        let path = template
            .replace("{user_id}", user)
            .replace("{org_id}", &self.organization_number)
            .replace("{organization_id}", &self.organization)
            .replace("{time_off_id}", &self.time_off)
            .replace("{calendar_id}", &self.calendar)
            .replace("{team_id}", &self.team)
            .replace("{event_id}", &self.event)
            .replace("{invitee_id}", &self.invitee)
            .replace("{hold_id}", &self.hold)
            .replace("{hook_id}", &self.hook)
            .replace("{delivery_id}", &self.delivery)
            .replace("{member_id}", &self.user)
            .replace("{key_id}", &self.key)
            .replace("{token}", &self.token)
            // The page of a nickname that somebody has is for anybody.
            .replace("{nickname}", &self.token)
            .replace("{minutes}", "30");
        assert!(!path.contains('{'), "{template}: what is its parameter?");
        path
    }
}

/// Fills an organization with one of everything, under names that begin with
/// `prefix`.
async fn settle(
    api: &Api,
    client: &Client<'_>,
    organization: &str,
    prefix: &str,
    name: &str,
) -> Names {
    let email = format!("{prefix}@{prefix}.example");
    let (extid, team_extid) = (format!("{prefix}-extid"), format!("{prefix}-team-extid"));
    let (login, nickname) = (format!("{prefix}-login"), format!("{prefix}-nickname"));
    let body = json!({
        "user": {
            "email": email, "first_name": name, "last_name": format!("{prefix}-Name"),
            "account": { "organization": { "extid": extid } },
        },
        "vyteme": { "nickname": nickname },
        "login": { "credentials": { "username": login, "password": "correct horse" } },
    });
    let made = client.post("/v2/users", &body).await.created();
    let user = made.id();
    let team = json!({
        "extid": team_extid, "name": format!("{prefix}-Team"), "level_name": format!("{prefix}-Level"),
        "members": [user], "admins": [user],
    });
    let team = client.new_team(team).await.id().to_owned();
    let key = json!({ "name": format!("{prefix}-Key") });
    let key = client.post("/v2/keys", &key).await.id();
    let events = format!("/v2/teams/{team}/events");
    let event = json!({
        "title": format!("{prefix}-Event"), "created_by": { "email": email },
    });
    let made = client.post(&events, &event).await.created();
    let event = made.id();
    let invitee = made.json()["invitees"][0].id().to_owned();
    let hold = json!({
        "team": team, "minutes": 30,
        "date": "2030-01-09T10:00:00Z", "end_date": "2030-01-09T11:00:00Z",
    });
    let hold = client.post("/v2/slots/holds", &hold).await.created().id();
    let body = json!({ "from": "2031-01-09", "reason": format!("{prefix}-Reason") });
    let path = format!("/v2/users/{user}/time-off");
    let time_off = client.post(&path, &body).await.created().id();
    let calendar = new_calendar(client, &user, &format!("{prefix}-Calendar")).await;
    let body = json!({ "action": "event.no_show", "target_url": "http://127.0.0.1:9/" });
    let hook = client.post("/v2/hooks", &body).await.created().id();
    let ping = client.post_nothing(&format!("/v2/hooks/{hook}/ping")).await;
    let delivery = ping.id();
    let second = json!({ "title": "second", "created_by": { "email": email } });
    client.post(&events, &second).await.created();
    // A second of everything, so that each list has a next page.
    client.new_user_id(&format!("second-{email}")).await;
    client
        .new_team(json!({ "extid": format!("second-{team_extid}"), "name": "second" }))
        .await;
    Names {
        organization: organization.to_owned(),
        user,
        team,
        event,
        key,
        extid,
        team_extid,
        login,
        nickname,
        user_cursor: cursor(client, "/v2/users").await,
        team_cursor: cursor(client, "/v2/teams").await,
        event_cursor: cursor(client, &events).await,
        invitee,
        hold,
        time_off,
        calendar,
        hook,
        delivery,
        key_cursor: cursor(client, "/v2/keys").await,
        user_number: number_of(client, &email).await,
        organization_number: organization_number(api, organization).await,
        token: "not-a-token".to_owned(),
        email,
    }
}

async fn number_of(client: &Client<'_>, email: &str) -> String {
    let users = client.get("/api/v2/users").await.json();
    let mut users = users.as_array().unwrap().iter();
    let user = users.find(|user| user["email"] == email).unwrap();
    user["_id"].to_string()
}

async fn organization_number(api: &Api, id: &str) -> String {
    let organizations = api.operator().get("/v2/organizations").await.json();
    let mut organizations = organizations.as_array().unwrap().iter();
    let organization = organizations.find(|one| one["_id"] == id).unwrap();
    organization["number"].to_string()
}

async fn cursor(client: &Client<'_>, list: &str) -> String {
    let page = client.get(&format!("{list}?limit=1")).await;
    let link = page.next_link().expect("the list has a second page");
    link.split_once("cursor=").unwrap().1.to_owned()
}

async fn send(client: &Client<'_>, method: &Method, path: &str, body: Option<&Value>) -> Answer {
    match body {
        Some(body) => {
            client
                .send_json(method.clone(), path, &body.to_string())
                .await
        }
        None => client.send(method.clone(), path, None, &[]).await,
    }
}

/// An answer as a caller can compare it with another: without what differs from
/// request to request in any case.
fn comparable(answer: &Answer) -> (u16, BTreeMap<String, String>, String) {
    let ignored = ["apigw-requestid", "date", "x-roster-cost"];
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| !ignored.contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let id = answer.header("apigw-requestid").unwrap();
    let text = answer.text.replace(id, "REQUEST");
    (answer.status.as_u16(), headers.collect(), text)
}

fn assert_no_trace(answer: &Answer, hidden: &[String], what: &str) {
    let shown = format!("{:?}\n{}", answer.headers, answer.text);
    for text in hidden {
        assert!(!shown.contains(text), "{what} shows {text}: {shown}");
    }
}

/// All that the first organization can see of itself.
async fn snapshot(client: &Client<'_>, names: &Names) -> Vec<Value> {
    let mut all = Vec::new();
    for path in [
        "/v2/users".to_owned(),
        "/v2/teams".to_owned(),
        "/v2/keys".to_owned(),
        format!("/v2/users/{}", names.user),
        format!("/v2/teams/{}", names.team),
        format!("/v2/teams/{}/events", names.team),
        format!("/v2/teams/{}/assignments", names.team),
        format!("/api/v1/user/{}", names.user_number),
    ] {
        let answer = client.get(&path).await.ok();
        all.push(answer.json());
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organizations_key_finds_nothing_changes_nothing_and_learns_nothing() {
    let api = Api::start().await;
    let first = api.organization();
    let victim = settle(&api, &first, setup::ORGANIZATION, "Hidden", "Isolde").await;
    let (organization, other) = api.new_organization("Other").await;
    let own = settle(&api, &other, &organization, "other", "Olga").await;
    let unknown = Names::unknown();
    // The first use of a key on a day is noted on it: done by now.
    let before = snapshot(&first, &victim).await;

    for route in routes() {
        let Some((_, probes)) = operation(route.binary) else {
            panic!(
                "{} is not declared: what may users do with it, and what may others see?",
                route.binary
            );
        };
        let has_id = route.matches.iter().any(|(_, path)| path.contains('{'));
        let asks_id = probes.iter().any(|probe| probe.path == Ids::Foreign);
        assert_eq!(has_id, asks_id, "{}: ids in the path", route.binary);
        for (method, template) in route.matches {
            for probe in &probes {
                run(&other, method, template, probe, [&victim, &unknown, &own]).await;
            }
        }
    }

    assert_eq!(
        snapshot(&first, &victim).await,
        before,
        "nothing changed for the first organization"
    );
}

/// Asks about the first organization, and the same about things that never
/// existed: the answers are as declared, show nothing, and are the same.
async fn run(
    caller: &Client<'_>,
    method: &Method,
    template: &str,
    probe: &Probe,
    [victim, unknown, own]: [&Names; 3],
) {
    let request = |asked: &Names| {
        let path = probe.path.fill(template, asked, own);
        let path = format!("{path}{}", (probe.query)(asked));
        (path, probe.body.map(|body| body(asked, own)))
    };
    let (path, body) = request(victim);
    let what = format!("{method} {path} {}: {}", json!(body), probe.what);
    let answer = send(caller, method, &path, body.as_ref()).await;
    let sent = format!("{path} {}", json!(body));
    assert_no_trace(&answer, &victim.hidden_from(&sent), &what);
    match probe.expected {
        Expected::Refused(status) => {
            assert_eq!(answer.status, status, "{what}: {}", answer.text);
            let media_type = ErrorStyle::of(template).media_type();
            assert_eq!(answer.header("content-type"), Some(media_type), "{what}");
        }
        Expected::RefusedItem(status) => {
            assert_eq!(answer.status, 207, "{what}: {}", answer.text);
            assert_eq!(answer.json()[0]["status"], status, "{what}");
        }
        Expected::NothingFound => {
            assert_eq!(answer.status, 200, "{what}: {}", answer.text);
            assert_eq!(answer.json(), json!([]), "{what}");
        }
        Expected::Own => {
            assert!(answer.status.is_success(), "{what}: {}", answer.text);
            return;
        }
        Expected::Taken => {
            assert_eq!(answer.status, 409, "{what}: {}", answer.text);
            assert_eq!(answer.json().get("existing"), None, "{what} names nobody");
            return;
        }
    }
    // Ids that the caller sent are not in `hidden_from`; an answer that does not
    // depend on whether they exist cannot tell anything of them.
    let (path, body) = request(unknown);
    let twin = send(caller, method, &path, body.as_ref()).await;
    assert_eq!(victim.asked(&answer), unknown.asked(&twin), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_holds_the_callers_own_things_and_a_foreign_cursor_only_moves_within_them() {
    let api = Api::start().await;
    let first = api.organization();
    let victim = settle(&api, &first, setup::ORGANIZATION, "Hidden", "Isolde").await;
    let (organization, other) = api.new_organization("Other").await;
    let own = settle(&api, &other, &organization, "other", "Olga").await;
    let hidden = victim.hidden_from("");
    let events = format!("/v2/teams/{}/events", own.team);
    for (list, expected, cursor) in [
        ("/v2/users", &own.user, &victim.user_cursor),
        ("/v2/teams", &own.team, &victim.team_cursor),
        ("/v2/keys", &own.key, &victim.key_cursor),
        (&*events, &own.event, &victim.event_cursor),
    ] {
        let answer = other.get(list).await;
        let listed = answer.json();
        let listed = listed.as_array().unwrap();
        assert_eq!(listed.len(), 2, "{list}");
        assert!(
            listed.iter().any(|thing| thing["_id"] == **expected),
            "{list}"
        );
        assert_no_trace(&answer, &hidden, list);
        let behind = other.get(&format!("{list}?cursor={cursor}")).await;
        assert_eq!(behind.status, 200, "{list}: {}", behind.text);
        for thing in behind.json().as_array().unwrap() {
            assert!(listed.contains(thing), "{list} behind a foreign cursor");
        }
        assert_no_trace(&behind, &hidden, list);
    }
}
