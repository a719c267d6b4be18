//! `/v2/users`'s USER OBJECT in batches: `POST /v2/users/batch`, `PUT /v2/users` and
//! the `PUT /v2/users/batch` that `/v2/users`'s sample calls.

use serde_json::{Value, json};

use super::{
    user_object,
    user_object::{expect_team, expect_whole},
};
use crate::harness::{Api, fixtures::Fields};

/// The object for another person.
fn another(object: &Value) -> Value {
    let mut object = object.clone();
    object["user"]["email"] = json!("marie.dupont@acme.fr");
    object["user"]["account"]["organization"]["extid"] = json!("another");
    object["vyteme"]["nickname"] = json!("appName-another");
    object["login"]["credentials"]["username"] = json!("marie.dupont@example.com");
    object
}

#[tokio::test]
async fn a_batch_creates_users_with_every_field_and_answers_in_the_order_of_its_items() {
    let api = Api::start().await;
    let client = api.organization();
    let first = user_object("finish_signup_with");
    let items = json!([first, { "user": { "first_name": "Nobody" } }, another(&first)]);
    let answer = client.post("/v2/users/batch", &items).await;
    assert_eq!(answer.status, 207, "{}", answer.text);
    let entries = answer.json();
    let statuses: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["status"])
        .collect();
    assert_eq!(statuses, [201, 422, 201]);
    assert_eq!(entries[1]["error"]["errors"][0]["pointer"], "/user/email");
    assert_eq!(entries[1].get("user"), None);
    expect_whole(&entries[0]["user"], &first, 0);
    expect_whole(&entries[2]["user"], &another(&first), 0);
    for entry in [&entries[0], &entries[2]] {
        let names: Vec<_> = entry.as_object().unwrap().keys().collect();
        assert_eq!(names, ["status", "user"]);
        let path = format!("/v2/users/{}", entry["user"].id());
        assert_eq!(client.get(&path).await.json(), entry["user"]);
    }
    let teams = client.get("/v2/teams").await.json();
    assert_eq!(teams.as_array().unwrap().len(), 1, "one extid, one team");
    assert_eq!(teams[0]["members"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_batch_may_be_an_object_whose_users_are_the_array() {
    let api = Api::start().await;
    let client = api.organization();
    let object = user_object("login");
    let answer = client
        .post("/v2/users/batch", &json!({ "users": [object] }))
        .await;
    assert_eq!(answer.status, 207, "{}", answer.text);
    let entry = answer.json()[0].clone();
    assert_eq!(entry["status"], 201);
    let link = entry["link"]
        .as_str()
        .expect("a link to finish the sign-up");
    assert!(link.starts_with(&api.url()), "{link}");
    expect_whole(&entry["user"], &object, 0);
    expect_team(&client, &entry["user"], &object).await;
}

#[tokio::test]
async fn a_batch_that_is_sent_again_changes_the_users_it_created() {
    let api = Api::start().await;
    let client = api.organization();
    let items = json!([user_object("finish_signup_with")]);
    let made = client.post("/v2/users/batch", &items).await.json();
    let again = client.post("/v2/users/batch", &items).await.json();
    assert_eq!(
        (&made[0]["status"], &again[0]["status"]),
        (&json!(201), &json!(200))
    );
    expect_whole(&again[0]["user"], &items[0], 1);
    assert_eq!(
        client.get("/v2/users").await.json(),
        json!([again[0]["user"]])
    );
}

#[tokio::test]
async fn many_users_are_changed_by_the_user_objects_that_name_them() {
    // `/v2/users`'s heading has the first path, its sample the second.
    for path in ["/v2/users", "/v2/users/batch"] {
        let api = Api::start().await;
        let client = api.organization();
        let object = user_object("finish_signup_with");
        let extid = &object["user"]["account"]["organization"]["extid"];
        let account = json!({ "organization": { "extid": extid } });
        let by_extid = client.new_user(json!({ "account": account })).await;
        let by_id = client.new_user(json!({ "email": "by-id@acme.fr" })).await;
        let mut other = another(&object);
        other["user"]["_id"] = by_id["_id"].clone();
        let unknown = json!({ "user": { "_id": "5f11747afb208c814fd24bb7" } });
        let nobody = json!({ "user": { "email": "nobody@acme.fr" } });

        let items = json!([object, other, unknown, nobody]);
        let answer = client.put(path, &items).await;
        assert_eq!(answer.status, 207, "{}", answer.text);
        let entries = answer.json();
        let statuses: Vec<_> = entries
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| &entry["status"])
            .collect();
        assert_eq!(statuses, [200, 200, 404, 422], "{entries}");
        assert_eq!(entries[0]["user"]["_id"], by_extid["_id"]);
        assert_eq!(entries[1]["user"]["_id"], by_id["_id"]);
        expect_whole(&entries[0]["user"], &object, 1);
        other["user"].as_object_mut().unwrap().remove("_id");
        expect_whole(&entries[1]["user"], &other, 1);
        let users = client.get("/v2/users").await.json();
        assert_eq!(users, json!([entries[0]["user"], entries[1]["user"]]));
    }
}

#[tokio::test]
async fn two_items_that_collide_are_one_user_and_one_conflict() {
    let api = Api::start().await;
    let client = api.organization();
    let object = user_object("finish_signup_with");
    let mut same_address = another(&object);
    same_address["user"]["email"] = json!("JEAN.dupont@acme.fr");
    let answer = client
        .post("/v2/users/batch", &json!([object, same_address]))
        .await;
    let entries = answer.json();
    assert_eq!(entries[0]["status"], 201);
    assert_eq!(entries[1]["status"], 409);
    assert_eq!(entries[1]["error"]["existing"], entries[0]["user"]["_id"]);
    expect_team(&client, &entries[0]["user"], &object).await;
}

#[tokio::test]
async fn an_item_for_another_organization_is_refused_alone_wherever_it_stands() {
    let api = Api::start().await;
    let item = |email: &str, organization: &str| json!({ "organization": organization, "user": { "email": email } });
    let (own, foreign) = (super::ACME, "5f117442d7535f4c7ba5b3e7");
    let operator = format!("/v2/users/batch?organization={own}");
    for (client, path, who) in [
        (api.organization(), "/v2/users/batch", "organization"),
        (api.operator(), &operator, "operator"),
    ] {
        let address = |n: usize| format!("{who}{n}@acme.fr");
        let items = json!([
            item(&address(0), foreign),
            item(&address(1), own),
            item(&address(2), foreign),
        ]);
        let answer = client.post(path, &items).await;
        assert_eq!(answer.status, 207, "{}", answer.text);
        let entries = answer.json();
        let statuses: Vec<_> = entries
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| &entry["status"])
            .collect();
        assert_eq!(statuses, [403, 201, 403], "{entries}");
    }
    let users = api.organization().get("/v2/users").await.json();
    assert_eq!(users.as_array().unwrap().len(), 2);
}
