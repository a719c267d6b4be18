//! Rules of users beyond the samples.

use serde_json::json;

use crate::harness::{Api, fixtures::Fields};

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_unique_in_its_organization_without_regard_to_case() {
    let api = Api::start().await;
    let client = api.organization();
    let first = client.new_user_id("Jean@Example.com").await;
    let second = client.new_user_id("john@example.com").await;
    let taken = json!({ "user": { "emails": ["jean@example.COM"] } });
    for answer in [
        client.post("/v2/users", &taken).await,
        client.put(&format!("/v2/users/{second}"), &taken).await,
    ] {
        assert_eq!(
            (answer.status.as_u16(), answer.places()),
            (409, vec!["/user/emails".to_owned()])
        );
        assert_eq!(answer.json()["existing"], first);
    }
    let (_, other) = api.new_organization("Other").await;
    assert_eq!(
        other.post("/v2/users", &taken).await.status,
        201,
        "another tenant may have it"
    );
    let recased = json!({ "user": { "email": "JEAN@example.com" } });
    let recased = client
        .put(&format!("/v2/users/{first}"), &recased)
        .await
        .json();
    assert_eq!(
        recased["user"]["emails"],
        json!(["JEAN@example.com"]),
        "the case given is kept"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_address_extid_nickname_and_login_are_free_again() {
    let api = Api::start().await;
    let client = api.organization();
    let body = |suffix: &str| {
        json!({
            "user": {
                "email": format!("{suffix}@example.com"),
                "account": { "organization": { "extid": suffix } },
            },
            "vyteme": { "nickname": suffix },
            "login": { "credentials": { "username": suffix, "password": "youllneverguessit" } },
        })
    };
    let first = client.post("/v2/users", &body("first")).await.json();
    let path = format!("/v2/users/{}", first["user"].id());
    client.put(&path, &body("moved")).await.ok();
    client.post("/v2/users", &body("first")).await.created();
    for (pointer, taken) in [
        (
            "/user/account/organization/extid",
            json!({ "user": { "account": { "organization": { "extid": "first" } } } }),
        ),
        (
            "/vyteme/nickname",
            json!({ "vyteme": { "nickname": "FIRST" } }),
        ),
        (
            "/login/credentials/username",
            json!({ "login": { "credentials": { "username": "FIRST" } } }),
        ),
    ] {
        let refused = client.put(&path, &taken).await;
        assert_eq!(
            (refused.status.as_u16(), refused.places()),
            (409, vec![pointer.to_owned()])
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_names_a_user_changes_it_and_one_that_names_nobody_is_refused() {
    let api = Api::start().await;
    let client = api.organization();
    let body =
        json!({ "user": { "email": "a@x.org", "account": { "organization": { "extid": "1" } } } });
    let made = client.post("/v2/users", &body).await.created();
    let id = made.json()["user"]["_id"].clone();
    for (body, name) in [
        (json!({ "user": { "_id": id, "first_name": "A" } }), "A"),
        (json!({ "user": { "id": id, "first_name": "B" } }), "B"),
        (
            json!({ "user": { "first_name": "C", "account": { "organization": { "extid": "1" } } } }),
            "C",
        ),
    ] {
        let changed = client.post("/v2/users", &body).await.ok();
        assert_eq!(
            (
                &changed.json()["user"]["_id"],
                &changed.json()["user"]["first_name"]
            ),
            (&id, &json!(name))
        );
    }
    let unknown = json!({ "user": { "_id": "f".repeat(24), "email": "b@x.org" } });
    assert_eq!(client.post("/v2/users", &unknown).await.status, 404);
    let nobody = client
        .post("/v2/users", &json!({ "user": { "first_name": "A" } }))
        .await;
    assert_eq!(
        (nobody.status.as_u16(), nobody.places()),
        (422, vec!["/user/email".to_owned()])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_of_users_are_small_increasing_and_given_back_when_not_needed() {
    let api = Api::start().await;
    let client = api.organization();
    let body =
        json!({ "user": { "email": "a@x.org", "account": { "organization": { "extid": "1" } } } });
    for _ in 0..5 {
        client.post("/v2/users", &body).await;
    }
    client.new_user_id("b@x.org").await;
    let stored = crate::table::storage::dump(&api).await;
    let numbers = |n: u32| stored.contains(&format!("\"USER_NUMBER#{n}\""));
    assert!(
        numbers(1) && numbers(2) && !numbers(3),
        "four upserts took no number"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_find_by_address_extid_and_team() {
    let api = Api::start().await;
    let client = api.organization();
    let make = |n: usize| {
        json!({
            "user": {
                "email": format!("{n}@example.com"),
                "account": { "organization": { "extid": format!("é/{n}") } },
            },
            "teams": [{ "extid": if n.is_multiple_of(2) { "even" } else { "odd" } }],
        })
    };
    let mut ids = Vec::new();
    for n in 0..6 {
        let made = client.post("/v2/users", &make(n)).await.json();
        ids.push(made["user"].id().to_owned());
    }
    let found = async |query: &str| -> Vec<String> {
        let list = client.get(&format!("/v2/users?{query}")).await.ok();
        let list = list.json();
        list.as_array()
            .unwrap()
            .iter()
            .map(|u| u.id().to_owned())
            .collect()
    };
    assert_eq!(found("email=3%40EXAMPLE.com").await, [ids[3].clone()]);
    assert_eq!(found("extid=%C3%A9%2F4").await, [ids[4].clone()]);
    assert_eq!(
        found("email=nobody@example.com").await,
        Vec::<String>::new()
    );
    assert_eq!(
        found("email=3@example.com&extid=%C3%A9%2F4").await,
        Vec::<String>::new()
    );
    let teams = client.get("/v2/teams").await.json();
    let even = teams[0].id();
    assert_eq!(
        teams[0]["name"], "even",
        "a team without a name is called by its extid"
    );
    let evens = [ids[0].clone(), ids[2].clone(), ids[4].clone()];
    assert_eq!(found(&format!("team={even}")).await, evens);
    let paged = client.list_all(&format!("/v2/users?team={even}"), 2).await;
    assert_eq!(paged.len(), 3);
    assert_eq!(
        client
            .get(&format!("/v2/users?team={}", "f".repeat(24)))
            .await
            .status,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_team_sets_the_role_exactly_and_again_changes_nothing() {
    let api = Api::start().await;
    let client = api.organization();
    let link = |admin: bool| {
        json!({
            "user": { "email": "a@x.org", "account": { "organization": { "extid": "1" } } },
            "teams": [{ "extid": "t", "admin": admin }],
        })
    };
    let lists = async || {
        let teams = client.get("/v2/teams").await.json();
        let size = |name: &str| teams[0][name].as_array().unwrap().len();
        (size("admins"), size("members"))
    };
    client.post("/v2/users", &link(true)).await;
    assert_eq!(lists().await, (1, 0));
    client.post("/v2/users", &link(true)).await;
    assert_eq!(lists().await, (1, 0));
    client.post("/v2/users", &link(false)).await;
    assert_eq!(lists().await, (0, 1));
}
