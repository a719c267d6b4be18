//! A user who is switched off: status, teams and public pages.

mod bookings;

use serde_json::{Value, json};

use super::{Person, new_person};
use crate::harness::{Api, Client, fixtures::Fields};

/// A public team of three, the second of them an admin too.
struct Team {
    path: String,
    people: Vec<Person>,
}

impl Team {
    async fn new(client: &Client<'_>) -> Self {
        let mut people = Vec::new();
        for name in ["ada", "ben", "cai"] {
            let person = new_person(client, &format!("{name}@example.com")).await;
            let named = json!({ "user": { "first_name": name } });
            client.put(&person.v2(), &named).await.ok();
            people.push(person);
        }
        let members: Vec<_> = people.iter().map(|person| person.id.clone()).collect();
        let body = json!({
            "extid": "1", "name": "Sales", "public": true,
            "members": members, "admins": [members[1]],
        });
        let team = client.new_team(body).await;
        Self {
            path: format!("/v2/teams/{}", team.id()),
            people,
        }
    }

    fn ids(&self, indexes: &[usize]) -> Value {
        let ids = indexes.iter().map(|index| self.people[*index].id.clone());
        ids.collect()
    }

    /// First names on the page, in its order.
    async fn page(&self, api: &Api) -> Vec<String> {
        let page = api
            .anybody()
            .get(&format!("{}/public", self.path))
            .await
            .ok();
        let members = page.json()["members"].as_array().unwrap().clone();
        let name = |member: &Value| member.field("first_name").to_owned();
        members.iter().map(name).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deactivated_member_leaves_the_page_and_comes_back_to_the_same_place() {
    let api = Api::start().await;
    let client = api.organization();
    let team = Team::new(&client).await;
    let ben = &team.people[1];
    let before = client.get(&team.path).await.json();
    let role = client.get(&ben.v2()).await.json()["teams"].clone();
    assert_eq!(team.page(&api).await, ["ada", "ben", "cai"]);
    client.post_nothing(&ben.deactivate()).await.ok();
    assert_eq!(team.page(&api).await, ["ada", "cai"]);
    assert_eq!(client.get(&team.path).await.json(), before);
    assert_eq!(client.get(&ben.v2()).await.json()["teams"], role);
    let listed = client.list_all("/api/v2/users", 10).await;
    assert_eq!(listed.len(), 3, "deactivated users are listed");
    client.post_nothing(&ben.activate()).await.ok();
    assert_eq!(team.page(&api).await, ["ada", "ben", "cai"]);
    assert_eq!(client.get(&team.path).await.json(), before);
    assert_eq!(client.get(&ben.v2()).await.json()["teams"], role);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_activating_puts_a_deactivated_member_back_on_the_page() {
    let api = Api::start().await;
    let client = api.organization();
    let team = Team::new(&client).await;
    let ben = &team.people[1];
    client.post_nothing(&ben.deactivate()).await.ok();
    let [only_ada, all, reversed] = [team.ids(&[0]), team.ids(&[0, 1, 2]), team.ids(&[2, 1, 0])];
    let both_roles = json!({ "members": reversed, "admins": reversed });
    for (edit, page) in [
        (json!({ "name": "Renamed" }), ["ada", "cai"].as_slice()),
        (json!({ "members": reversed }), &["cai", "ada"]),
        (json!({ "admins": [] }), &["cai", "ada"]),
        (both_roles, &["cai", "ada"]),
        (json!({ "members": only_ada, "admins": [] }), &["ada"]),
        (json!({ "members": all }), &["ada", "cai"]),
        (json!({ "members": reversed }), &["cai", "ada"]),
    ] {
        client.put(&team.path, &edit).await.ok();
        assert_eq!(team.page(&api).await, page, "{edit}");
    }
    for user in [
        json!({ "user": { "first_name": "benjamin" } }),
        json!({ "user": { "picture_url": "https://www.example.com/ben" } }),
        json!({ "teams": [{ "extid": "1", "admin": true }] }),
        json!({ "teams": [{ "extid": "1", "admin": false }] }),
    ] {
        let kept = user["teams"][0]["admin"] != true;
        client.put(&ben.v2(), &user).await.ok();
        assert_eq!(team.page(&api).await, ["cai", "ada"], "{user}");
        let members = client.get(&team.path).await.json()["members"].clone();
        let is_member = members.as_array().unwrap().contains(&json!(ben.id));
        assert_eq!(is_member, kept, "{user}");
    }
    client
        .patch(&ben.api_v2(), &json!({ "lastName": "Y" }))
        .await
        .ok();
    let hidden = json!({ "public": false });
    client.put(&team.path, &hidden).await.ok();
    client
        .put(&team.path, &json!({ "public": true }))
        .await
        .ok();
    assert_eq!(team.page(&api).await, ["cai", "ada"]);
    client.post_nothing(&ben.activate()).await.ok();
    // Linked last, so at the end.
    assert_eq!(team.page(&api).await, ["cai", "ada", "benjamin"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_is_added_while_being_deactivated_is_not_on_the_page() {
    let api = Api::start().await;
    let client = api.organization();
    for round in 0..20 {
        let person = new_person(&client, &format!("{round}@example.com")).await;
        let extid = round.to_string();
        let body = json!({ "extid": extid, "name": "race", "public": true });
        let team = client.new_team(body).await;
        let path = format!("/v2/teams/{}", team.id());
        let (edit, off) = (json!({ "members": [person.id] }), person.deactivate());
        let (edited, switched) = tokio::join!(client.put(&path, &edit), client.post_nothing(&off));
        switched.ok();
        assert_eq!(edited.ok().json()["members"], json!([person.id]));
        let page = api.anybody().get(&format!("{path}/public")).await.json();
        assert_eq!(page["members"], json!([]), "{round}");
        client.post_nothing(&person.activate()).await.ok();
        let page = api.anybody().get(&format!("{path}/public")).await.json();
        assert_eq!(page["members"][0]["_id"], *person.id, "{round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn active_in_v2_is_the_same_switch() {
    let api = Api::start().await;
    let client = api.organization();
    let team = Team::new(&client).await;
    let ben = &team.people[1];
    let active = async || client.get(&ben.v2()).await.json().get("active").cloned();
    let set = |active: bool| json!({ "user": { "active": active } });
    assert_eq!(active().await, None);
    for off_in_v2 in [true, false] {
        let off = if off_in_v2 {
            client.put(&ben.v2(), &set(false)).await
        } else {
            client.post_nothing(&ben.deactivate()).await
        };
        off.ok();
        assert_eq!(active().await, Some(json!(false)));
        assert_eq!(team.page(&api).await, ["ada", "cai"]);
        let on = if off_in_v2 {
            client.post_nothing(&ben.activate()).await
        } else {
            client.put(&ben.v2(), &set(true)).await
        };
        on.ok();
        assert_eq!(active().await, None);
        assert_eq!(team.page(&api).await, ["ada", "ben", "cai"]);
    }
    let shown = client.put(&ben.v2(), &set(false)).await.json();
    assert_eq!(shown["user"]["active"], false);
    let listed = client.get("/v2/users").await.json();
    assert_eq!(listed[1]["active"], false);
    // A user as it was shown, sent back, stays as it is.
    let whole = client.get(&ben.v2()).await.json();
    client.put(&ben.v2(), &whole).await.ok();
    assert_eq!(active().await, Some(json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn switching_to_what_a_user_is_already_succeeds_and_writes_nothing() {
    let api = Api::start().await;
    let client = api.organization();
    let person = new_person(&client, "jean@example.com").await;
    // Active at first: the first of these changes nothing either.
    let switches = [person.activate(), person.deactivate(), person.activate()];
    for (writes, path) in switches.iter().enumerate() {
        let mut shown = Vec::new();
        for _ in 0..2 {
            client.post_nothing(path).await.ok();
            shown.push(client.get(&person.v2()).await.json());
        }
        assert_eq!(shown[0]["__v"], writes, "{path}");
        assert_eq!(shown[0], shown[1], "{path}");
    }
}
