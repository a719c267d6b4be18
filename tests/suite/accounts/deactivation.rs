//! A user who is switched off: status, teams and public pages.

use serde_json::{Value, json};

use super::{Person, new_person, succeeds};
use crate::harness::{Api, Client};

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
            succeeds(&client.put(&person.v2(), &named).await);
            people.push(person);
        }
        let members: Vec<_> = people.iter().map(|person| person.id.clone()).collect();
        let body = json!({
            "extid": "1", "name": "Sales", "public": true,
            "members": members, "admins": [members[1]],
        });
        let team = client.new_team(body).await;
        Self {
            path: format!("/v2/teams/{}", team["_id"].as_str().unwrap()),
            people,
        }
    }

    fn ids(&self, indexes: &[usize]) -> Value {
        let ids = indexes.iter().map(|index| self.people[*index].id.clone());
        ids.collect()
    }

    /// First names on the page, in its order.
    async fn page(&self, api: &Api) -> Vec<String> {
        let page = api.anybody().get(&format!("{}/public", self.path)).await;
        succeeds(&page);
        let members = page.json()["members"].as_array().unwrap().clone();
        let name = |member: &Value| member["first_name"].as_str().unwrap().to_owned();
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
    succeeds(&client.post_nothing(&ben.deactivate()).await);
    assert_eq!(team.page(&api).await, ["ada", "cai"]);
    assert_eq!(client.get(&team.path).await.json(), before);
    assert_eq!(client.get(&ben.v2()).await.json()["teams"], role);
    let listed = client.list_all("/api/v2/users", 10).await;
    assert_eq!(listed.len(), 3, "deactivated users are listed");
    succeeds(&client.post_nothing(&ben.activate()).await);
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
    succeeds(&client.post_nothing(&ben.deactivate()).await);
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
        succeeds(&client.put(&team.path, &edit).await);
        assert_eq!(team.page(&api).await, page, "{edit}");
    }
    for user in [
        json!({ "user": { "first_name": "benjamin" } }),
        json!({ "user": { "picture_url": "https://www.example.com/ben" } }),
        json!({ "teams": [{ "extid": "1", "admin": true }] }),
        json!({ "teams": [{ "extid": "1", "admin": false }] }),
    ] {
        let kept = user["teams"][0]["admin"] != true;
        succeeds(&client.put(&ben.v2(), &user).await);
        assert_eq!(team.page(&api).await, ["cai", "ada"], "{user}");
        let members = client.get(&team.path).await.json()["members"].clone();
        let is_member = members.as_array().unwrap().contains(&json!(ben.id));
        assert_eq!(is_member, kept, "{user}");
    }
    succeeds(&client.patch(&ben.s3(), &json!({ "lastName": "Y" })).await);
    let hidden = json!({ "public": false });
    succeeds(&client.put(&team.path, &hidden).await);
    succeeds(&client.put(&team.path, &json!({ "public": true })).await);
    assert_eq!(team.page(&api).await, ["cai", "ada"]);
    succeeds(&client.post_nothing(&ben.activate()).await);
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
        let path = format!("/v2/teams/{}", team["_id"].as_str().unwrap());
        let (edit, off) = (json!({ "members": [person.id] }), person.deactivate());
        let (edited, switched) = tokio::join!(client.put(&path, &edit), client.post_nothing(&off));
        succeeds(&edited);
        succeeds(&switched);
        assert_eq!(edited.json()["members"], json!([person.id]));
        let page = api.anybody().get(&format!("{path}/public")).await.json();
        assert_eq!(page["members"], json!([]), "{round}");
        succeeds(&client.post_nothing(&person.activate()).await);
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
        succeeds(&off);
        assert_eq!(active().await, Some(json!(false)));
        assert_eq!(team.page(&api).await, ["ada", "cai"]);
        let on = if off_in_v2 {
            client.post_nothing(&ben.activate()).await
        } else {
            client.put(&ben.v2(), &set(true)).await
        };
        succeeds(&on);
        assert_eq!(active().await, None);
        assert_eq!(team.page(&api).await, ["ada", "ben", "cai"]);
    }
    let shown = client.put(&ben.v2(), &set(false)).await.json();
    assert_eq!(shown["user"]["active"], false);
    let listed = client.get("/v2/users").await.json();
    assert_eq!(listed[1]["active"], false);
    // A user as it was shown, sent back, stays as it is.
    let whole = client.get(&ben.v2()).await.json();
    succeeds(&client.put(&ben.v2(), &whole).await);
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
            succeeds(&client.post_nothing(path).await);
            shown.push(client.get(&person.v2()).await.json());
        }
        assert_eq!(shown[0]["__v"], writes, "{path}");
        assert_eq!(shown[0], shown[1], "{path}");
    }
}
