//! Large organizations and large teams.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, stream};
use reqwest::Method;
use roster_runtime::answer::lambda::{MAX_PAYLOAD, base64_length, escaped_length};
use serde_json::{Value, json};

use crate::harness::{Api, Client, fixtures::Fields};

/// Creates users in batches of 500, two at once; answers their ids.
async fn create_users(client: &Client<'_>, label: &str, count: usize) -> BTreeSet<String> {
    let batches = (0..count).step_by(500).map(|first| {
        let users = (first..count.min(first + 500)).map(|n| {
            json!({ "user": {
                "email": format!("{label}{n}@example.com"),
                "first_name": "Jean", "last_name": format!("Dupont the {n}th"),
                "picture_url": format!("https://www.example.com/pictures/{label}/{n}.jpg"),
                "timezone": "Europe/Paris",
            }})
        });
        let batch: Value = users.collect();
        async move { client.post("/v2/users/batch", &batch).await }
    });
    let answers: Vec<_> = stream::iter(batches).buffer_unordered(2).collect().await;
    let mut ids = BTreeSet::new();
    for answer in answers {
        assert_eq!(answer.status, 207, "{}", answer.text);
        for entry in answer.json().as_array().unwrap() {
            assert_eq!(entry["status"], 201, "{entry}");
            ids.insert(entry["user"].id().to_owned());
        }
    }
    ids
}

fn ids(list: &[Value]) -> Vec<String> {
    list.iter().map(|thing| thing.id().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_users_list_page_by_page_while_others_are_created() {
    let api = Api::start().await;
    let client = api.organization();
    let before = create_users(&client, "a", 20_000).await;
    assert_eq!(before.len(), 20_000);

    let (listed, _) = tokio::join!(
        client.list_all("/v2/users", 700),
        create_users(&client, "b", 1_000),
    );
    let listed = ids(&listed);
    let distinct: BTreeSet<_> = listed.iter().cloned().collect();
    assert_eq!(distinct.len(), listed.len(), "nothing twice");
    assert!(before.is_subset(&distinct), "nothing missing");

    let all = client.get("/v2/users").await;
    let encoded = escaped_length(&all.text);
    assert!(encoded < MAX_PAYLOAD, "{encoded} bytes");
    assert!(encoded > MAX_PAYLOAD - 3_000, "as much as fits: {encoded}");
    let mut seen = ids(all.json().as_array().unwrap());
    let plain = (seen.len(), all.text.len());
    let mut next = all.next_link();
    assert!(next.is_some(), "a link leads to the rest");
    while let Some(path) = next {
        let page = client.get(&path).await;
        seen.extend(ids(page.json().as_array().unwrap()));
        next = page.next_link();
    }
    assert_eq!(seen.len(), 21_000);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 21_000);

    // Whoever takes gzip gets the whole organization at once.
    let gzip = [("accept-encoding", "gzip")];
    for path in ["/v2/users", "/api/v2/users"] {
        let whole = client.send(Method::GET, path, None, &gzip).await;
        assert_eq!(whole.next_link(), None, "{path}");
        assert_eq!(whole.header("content-encoding"), Some("gzip"));
        let listed = whole.json().as_array().unwrap().len();
        assert_eq!(listed, 21_000, "{path}");
        let (bytes, received) = (whole.text.len(), whole.received);
        eprintln!(
            "{path}: {listed} users, {bytes} bytes, compressed to {received}; plain {plain:?}"
        );
        assert!(base64_length(received) < MAX_PAYLOAD);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_of_a_thousand_is_made_changed_shown_and_deleted_whole() {
    let api = Api::start().await;
    let client = api.organization();
    let people: Vec<_> = create_users(&client, "a", 1_000)
        .await
        .into_iter()
        .collect();
    // Not in the order of their ids: the answer keeps the order given.
    let reversed: Vec<_> = people.iter().rev().cloned().collect();
    let body = json!({ "extid": "all", "name": "Everybody", "members": reversed, "public": true });
    let team = client.new_team(body).await;
    assert_eq!(team["members"], json!(reversed));
    let path = format!("/v2/teams/{}", team.id());
    assert_eq!(client.get(&path).await.json(), team);
    let page = api.anybody().get(&format!("{path}/public")).await.json();
    assert_eq!(ids(page["members"].as_array().unwrap()), reversed);
    assert_eq!(
        client
            .list_all(&format!("/v2/users?team={}", team.id()), 300)
            .await
            .len(),
        1_000
    );

    let half = &people[..500];
    client
        .put(
            &path,
            &json!({ "members": half, "admins": &people[400..600] }),
        )
        .await
        .ok();
    let team = client.get(&path).await.json();
    assert_eq!(team["members"], json!(half));
    assert_eq!(team["admins"], json!(&people[400..600]));

    let taken = client
        .post(
            "/v2/teams",
            &json!({ "extid": "all", "name": "X", "members": people }),
        )
        .await;
    assert_eq!(taken.status, 409);
    client.delete(&path).await.ok();
    assert_eq!(client.get(&path).await.status, 404);
    let user = client.get(&format!("/v2/users/{}", people[0])).await.json();
    assert_eq!(
        user.get("teams"),
        None,
        "nobody is left in a team that is gone: {user}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_users_of_one_batch_join_one_team() {
    let api = Api::start().await;
    let client = api.organization();
    let batch: Value = (0..500)
        .map(|n| {
            json!({
                "user": { "email": format!("{n}@example.com") },
                "teams": [{ "extid": "all", "name": "Everybody" }],
            })
        })
        .collect();
    let answer = client
        .post("/v2/users/batch", &json!({ "users": batch }))
        .await;
    for entry in answer.json().as_array().unwrap() {
        assert_eq!(entry["status"], 201, "{entry}");
    }
    let teams = client.get("/v2/teams").await.json();
    assert_eq!(teams.as_array().unwrap().len(), 1);
    assert_eq!(teams[0]["members"].as_array().unwrap().len(), 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_list_page_by_page_with_all_their_people() {
    let api = Api::start().await;
    let client = api.organization();
    let people: Vec<_> = create_users(&client, "a", 40).await.into_iter().collect();
    let mut made = Vec::new();
    for n in 0..12_usize {
        let members = &people[..(n * 7) % 40];
        made.push(
            client
                .new_team(json!({ "extid": n.to_string(), "name": "T", "members": members }))
                .await,
        );
    }
    for limit in [1, 5, 12, 1_000] {
        assert_eq!(
            client.list_all("/v2/teams", limit).await,
            made,
            "limit {limit}"
        );
    }
    assert_eq!(client.get("/v2/teams").await.json(), Value::Array(made));
}
