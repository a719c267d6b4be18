//! Query parameters and the ids in paths.

use reqwest::Method;
use roster_local::routes;
use roster_runtime::{Access, Route};
use serde_json::json;

use super::refused;
use crate::harness::{Api, Client};

const LISTS: [&str; 4] = ["/v2/users", "/v2/teams", "/v2/keys", "/v2/organizations"];

pub(super) const WRONG_LIMITS: [&str; 13] = [
    "-1",
    "0",
    "1001",
    "x",
    "",
    "1.5",
    "1e2",
    "0x10",
    "%20",
    "%00",
    "1%00",
    "%F0%9F%8E%89",
    "99999999999999999999999",
];

/// Whoever may read a list, as the list has at least two things.
async fn fill(api: &Api) -> Client<'_> {
    let client = api.organization();
    for n in 0..2 {
        client.new_user_id(&format!("{n}@example.com")).await;
        client
            .new_team(json!({ "extid": n.to_string(), "name": "team" }))
            .await;
        client
            .post("/v2/keys", &json!({ "name": "key" }))
            .await
            .created();
        api.new_organization("Another").await;
    }
    client
}

fn reader<'a>(api: &'a Api, list: &str) -> Client<'a> {
    if list == "/v2/organizations" {
        api.operator()
    } else {
        api.organization()
    }
}

/// The cursor to the second page of a list.
async fn cursor(api: &Api, list: &str) -> String {
    let page = reader(api, list).get(&format!("{list}?limit=1")).await;
    let link = page.next_link().expect("a second page");
    link.split_once("cursor=").unwrap().1.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_a_whole_number_from_1_to_1000() {
    let api = Api::start().await;
    for list in LISTS {
        let reader = reader(&api, list);
        for limit in WRONG_LIMITS {
            let path = format!("{list}?limit={limit}");
            let refusal = refused(&reader, Method::GET, &path, None).await;
            assert_eq!(refusal.status, 400, "{path}");
            assert_eq!(refusal.places("parameter"), ["limit"], "{path}");
        }
        for limit in [1, 1_000] {
            let path = format!("{list}?limit={limit}");
            assert_eq!(reader.get(&path).await.status, 200, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_with_any_character_changed_added_or_missing_is_refused() {
    let api = Api::start().await;
    fill(&api).await;
    for list in LISTS {
        let reader = reader(&api, list);
        let intact = cursor(&api, list).await;
        let path = format!("{list}?cursor={intact}");
        assert_eq!(reader.get(&path).await.status, 200, "{path}");
        let mut damaged = vec![
            String::new(),
            format!("{intact}A"),
            format!("{intact}="),
            format!("A{intact}"),
            intact[1..].to_owned(),
            intact[..intact.len() - 1].to_owned(),
            "%00".to_owned(),
            "%F0%9F%8E%89".to_owned(),
            "A".repeat(5_000),
        ];
        for index in 0..intact.len() {
            for other in ['A', 'B', 'z', '_', '-', '9', '.'] {
                let mut text = intact.clone().into_bytes();
                if text[index] != other as u8 {
                    text[index] = other as u8;
                    damaged.push(String::from_utf8(text).unwrap());
                }
            }
        }
        for cursor in damaged {
            let path = format!("{list}?cursor={cursor}");
            let refusal = refused(&reader, Method::GET, &path, None).await;
            assert_eq!(refusal.status, 400, "{path}");
            assert_eq!(refusal.places("parameter"), ["cursor"], "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_one_list_is_refused_by_every_other() {
    let api = Api::start().await;
    fill(&api).await;
    for from in LISTS {
        let cursor = cursor(&api, from).await;
        for list in LISTS.into_iter().filter(|list| *list != from) {
            let path = format!("{list}?cursor={cursor}");
            let refusal = refused(&reader(&api, list), Method::GET, &path, None).await;
            assert_eq!(refusal.status, 400, "{path}");
            assert_eq!(refusal.places("parameter"), ["cursor"], "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_limit_and_a_wrong_cursor_are_told_at_once() {
    let api = Api::start().await;
    for list in LISTS {
        let path = format!("{list}?limit=-1&cursor=x");
        let refusal = refused(&reader(&api, list), Method::GET, &path, None).await;
        assert_eq!(refusal.places("parameter"), ["cursor", "limit"], "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_no_user_could_match_is_refused() {
    let api = Api::start().await;
    for (name, value) in [
        ("email", "x"),
        ("email", ""),
        ("email", "a%00@example.com"),
        ("extid", ""),
        ("extid", "%F0%9F%8E%89%00"),
        ("team", "x"),
        ("team", "5G5E10000000000000000000"),
    ] {
        let path = format!("/v2/users?{name}={value}");
        let refusal = refused(&api.organization(), Method::GET, &path, None).await;
        assert_eq!(refusal.status, 400, "{path}");
        assert_eq!(refusal.places("parameter"), [name], "{path}");
    }
}

/// Every method and path that asks for a key, with an id that exists nowhere;
/// and who may call it.
fn keyed_paths(api: &Api) -> Vec<(Client<'_>, Method, String)> {
    let keyed = routes()
        .into_iter()
        .filter(|route| route.access != Access::Public);
    keyed
        .flat_map(|route| {
            let path = |path: &'static str| filled(path, |_| UNKNOWN);
            let matches = route.matches.iter();
            matches.map(move |(method, at)| (caller(api, route), method.clone(), path(at)))
        })
        .collect()
}

/// An id that was never given to anything.
const UNKNOWN: &str = "5f5e10000000000000000000";

const WRONG_IDS: [&str; 12] = [
    "x",
    "5f5e1000000000000000000",
    "5f5e100000000000000000000",
    "5G5E10000000000000000000",
    "5f5e1000000000000000000g",
    "5f5e10000000000000000000%00",
    "%F0%9F%8E%89",
    "%FF",
    "%20",
    "..%2F..%2Fteams",
    "*",
    "5f5e10000000000000000000%23USER",
];

/// The name of the parameter that a step of a path is.
fn parameter(step: &str) -> Option<&str> {
    step.strip_prefix('{')?.strip_suffix('}')
}

/// A path with the value of each of its parameters.
fn filled<'a>(path: &'a str, value: impl Fn(&str) -> &'a str) -> String {
    let steps = path
        .split('/')
        .map(|step| parameter(step).map_or(step, &value));
    steps.collect::<Vec<_>>().join("/")
}

fn caller<'a>(api: &'a Api, route: &Route) -> Client<'a> {
    if route.access == Access::Operator {
        api.operator()
    } else {
        api.organization()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_query_parameter_is_refused_by_name_on_every_route() {
    let api = Api::start().await;
    for (caller, method, path) in keyed_paths(&api) {
        let asked = format!("{path}?limt=1&EMAIL=a&=");
        let refusal = refused(&caller, method, &asked, None).await;
        assert_eq!(refusal.status, 400, "{asked}");
        assert_eq!(
            refusal.places("parameter"),
            ["", "EMAIL", "limt"],
            "{asked}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_parameter_that_is_given_twice_is_refused_by_name() {
    let api = Api::start().await;
    for list in LISTS {
        for name in ["limit", "cursor"] {
            let path = format!("{list}?{name}=1&{name}=1");
            let refusal = refused(&reader(&api, list), Method::GET, &path, None).await;
            assert_eq!(refusal.status, 400, "{path}");
            assert_eq!(refusal.places("parameter"), [name], "{path}");
        }
    }
    let client = api.organization();
    for name in ["email", "extid", "team", "organization"] {
        let path = format!("/v2/users?{name}=1&{name}=1");
        let refusal = refused(&client, Method::GET, &path, None).await;
        assert_eq!(refusal.status, 400, "{path}");
        assert_eq!(refusal.places("parameter"), [name], "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_the_wrong_shape_in_a_path_is_refused_by_name() {
    let api = Api::start().await;
    let mut seen = 0;
    for route in routes() {
        let client = caller(&api, route);
        for (method, template) in route.matches {
            let names = template.split('/').filter_map(parameter);
            let cases = names.flat_map(|name| WRONG_IDS.map(|id| (name, id)));
            for (name, id) in cases {
                let path = filled(template, |other| if other == name { id } else { UNKNOWN });
                let answer = client.send(method.clone(), &path, None, &[]).await;
                if name == "token" {
                    // Any text may be one: tests/suite/surfaces/accounts looks at the page.
                    assert_eq!(answer.status.as_u16() / 100, 4, "{path}");
                    continue;
                }
                if route.access == Access::Public {
                    // Not told apart from a page that is not there.
                    let unknown = client.get(&filled(template, |_| UNKNOWN)).await;
                    assert_eq!(answer.status, 404, "{path}");
                    assert_eq!(answer.text, unknown.text, "{path}");
                    continue;
                }
                let refusal = super::ErrorAnswer::of(&path, &answer, &path);
                assert_eq!(refusal.status, 400, "{method} {path}");
                assert_eq!(refusal.places("path_parameter"), [name], "{method} {path}");
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}
