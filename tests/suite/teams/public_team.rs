//! The page of a public team, which anybody may read.

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::Method;
use serde_json::json;

use crate::harness::{Api, fixtures::Fields};

#[tokio::test(flavor = "multi_thread")]
async fn a_private_a_deleted_an_unknown_and_a_misshapen_team_are_one_answer() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("jean@example.com").await;
    let private = client
        .new_team(json!({ "extid": "1", "name": "A", "members": [user] }))
        .await;
    let deleted = client
        .new_team(json!({ "extid": "2", "name": "B", "public": true }))
        .await;
    let path = |team: &serde_json::Value| format!("/v2/teams/{}", team.id());
    client.delete(&path(&deleted)).await.ok();
    let mut answers = Vec::new();
    for path in [
        path(&private),
        path(&deleted),
        "/v2/teams/ffffffffffffffffffffffff".into(),
        "/v2/teams/x".into(),
    ] {
        let answer = api.anybody().get(&format!("{path}/public")).await;
        assert_eq!(answer.status, 404);
        answers.push((
            answer.header("content-type").map(str::to_owned),
            answer.text,
        ));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_shows_names_and_photos_of_members_and_nothing_else() {
    let api = Api::start().await;
    let client = api.organization();
    let member = client
        .new_user(json!({
            "email": "jane@example.com", "first_name": "Jane", "last_name": "Dow",
            "picture_url": "https://domain.com/jane.jpg", "timezone": "Europe/Paris",
        }))
        .await;
    let admin = client.new_user_id("admin@example.com").await;
    let team = client
        .new_team(json!({
            "extid": "1", "name": "Sales", "level_name": "agency", "public": "true",
            "members": [member["_id"]], "admins": [admin],
        }))
        .await;
    let path = format!("/v2/teams/{}/public", team.id());
    assert_eq!(
        api.anybody().get(&path).await.json(),
        json!({
            "_id": team["_id"], "name": "Sales",
            "members": [{
                "_id": member["_id"], "first_name": "Jane", "last_name": "Dow",
                "picture_url": "https://domain.com/jane.jpg",
            }],
        })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_follows_every_change_of_its_members_and_its_team() {
    let api = Api::start().await;
    let client = api.organization();
    let (jane, john) = (
        client.new_user_id("jane@x.org").await,
        client.new_user_id("john@x.org").await,
    );
    let body = json!({ "extid": "1", "name": "A", "public": true, "members": [john, jane] });
    let team = client.new_team(body).await;
    let team_path = format!("/v2/teams/{}", team.id());
    let page = || async { api.anybody().get(&format!("{team_path}/public")).await };
    let ids = |answer: crate::harness::Answer| -> Vec<String> {
        let members = answer.json()["members"].as_array().unwrap().clone();
        members
            .iter()
            .map(|member| member.id().to_owned())
            .collect()
    };
    assert_eq!(
        ids(page().await),
        [john.clone(), jane.clone()],
        "in the team's order"
    );

    let photo = "https://www.example.com/new.jpg";
    let change = json!({ "user": { "first_name": "Johnny", "picture_url": photo } });
    client.put(&format!("/v2/users/{john}"), &change).await;
    let shown = page().await.json()["members"][0].clone();
    assert_eq!(
        (&shown["first_name"], &shown["picture_url"]),
        (&json!("Johnny"), &json!(photo))
    );

    client
        .put(&team_path, &json!({ "members": [jane, john] }))
        .await;
    assert_eq!(ids(page().await), [jane.clone(), john.clone()]);
    client
        .put(&team_path, &json!({ "members": [john], "admins": [jane] }))
        .await;
    assert_eq!(
        ids(page().await),
        std::slice::from_ref(&john),
        "an admin alone is not on the page"
    );
    client.put(&team_path, &json!({ "name": "B" })).await;
    assert_eq!(page().await.json()["name"], "B");
    client.delete(&format!("/v2/users/{john}")).await;
    assert_eq!(
        ids(page().await),
        Vec::<String>::new(),
        "an unlinked member is gone"
    );
    client.put(&team_path, &json!({ "public": false })).await;
    assert_eq!(page().await.status, 404);
    client.put(&team_path, &json!({ "public": true })).await;
    page().await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_can_hold_a_page_and_ask_whether_it_changed() {
    let api = Api::start().await;
    let client = api.organization();
    let team = client
        .new_team(json!({ "extid": "1", "name": "A", "public": true }))
        .await;
    let team_path = format!("/v2/teams/{}", team.id());
    let path = format!("{team_path}/public");
    let first = api.anybody().get(&path).await;
    assert_eq!(
        first.header("cache-control"),
        Some("public, max-age=0, must-revalidate")
    );
    let tag = first.header("etag").unwrap().to_owned();
    let ask = |tag: String| {
        let (anybody, path) = (api.anybody(), path.clone());
        async move {
            anybody
                .send(Method::GET, &path, None, &[("if-none-match", &tag)])
                .await
        }
    };
    for known in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"other\", {tag}"),
        "*".to_owned(),
    ] {
        let answer = ask(known.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text.as_str()),
            (304, ""),
            "{known}"
        );
        assert_eq!(answer.header("etag"), Some(tag.as_str()));
    }
    client.put(&team_path, &json!({ "name": "B" })).await;
    let changed = ask(tag.clone()).await.ok();
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_shows_people_of_the_teams_own_organization_and_survives_damaged_items() {
    let api = Api::start().await;
    let client = api.organization();
    let jane = client
        .new_user(json!({ "email": "jane@example.com", "first_name": "Jane" }))
        .await;
    let (jane, ada) = (
        jane.id().to_owned(),
        client.new_user_id("ada@example.com").await,
    );
    let team = json!({ "extid": "1", "name": "Team", "public": true, "members": [jane, ada] });
    let team = client.new_team(team).await.id().to_owned();
    let page = format!("/v2/teams/{team}/public");
    let members = async || {
        let answer = api.anybody().get(&page).await.ok();
        let members = answer.json()["members"].as_array().unwrap().clone();
        let id = |member: &serde_json::Value| member.id().to_owned();
        members.iter().map(id).collect::<Vec<_>>()
    };
    assert_eq!(members().await, [jane.clone(), ada.clone()]);

    // What no request writes: another partition's items on the page, and a
    // damaged one of its own.
    let s = |text: &str| AttributeValue::S(text.to_owned());
    let put = async |pk: &str, sk: &str, more: &[(&str, AttributeValue)]| {
        let put = api.dynamodb().put_item().table_name(&api.table);
        let put = put.item("pk", s(pk)).item("sk", s(sk));
        let put = more
            .iter()
            .fold(put, |put, (name, value)| put.item(*name, value.clone()));
        put.send().await.unwrap();
    };
    let own = format!("ORG#{}", roster_local::setup::ORGANIZATION);
    let other = "ORG#5f198da1c1ac5d1a30fc00ff";
    let person = |user: &str| format!("TEAM#{team}#USER#{user}");
    let on_page = |user: &str| {
        [
            ("gsi1pk", s(&format!("PAGE#{team}"))),
            ("gsi1sk", s(&format!("USER#{user}"))),
            ("user", s(user)),
            ("member_position", AttributeValue::N("0".to_owned())),
        ]
    };
    let stranger = "5f198da1c1ac5d1a30fc0001";
    put(other, &person(stranger), &on_page(stranger)).await;
    let mut damaged = on_page(&ada);
    damaged[3].1 = s("first");
    put(&own, &person(&ada), &damaged).await;
    assert_eq!(members().await, std::slice::from_ref(&jane));

    // Two teams of this id: nobody knows whose page it is.
    let claim = [
        ("gsi1pk", s(&format!("PAGE#{team}"))),
        ("gsi1sk", s("TEAM")),
        ("extid", s("1")),
        ("name", s("Mine")),
    ];
    // The engine says in which order the two come.
    for other in [
        "ORG#000000000000000000000000",
        "ORG#ffffffffffffffffffffffff",
    ] {
        put(other, &format!("TEAM#{team}"), &claim).await;
        assert_eq!(api.anybody().get(&page).await.status, 404);
        let delete = api.dynamodb().delete_item().table_name(&api.table);
        let delete = delete.key("pk", s(other));
        let delete = delete.key("sk", s(&format!("TEAM#{team}")));
        delete.send().await.unwrap();
        assert_eq!(members().await, std::slice::from_ref(&jane));
    }
}
