//! How much is mailed is bounded for each address and each organization, on every
//! surface.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::invitations::mails_to;
use crate::{
    harness::{Answer, Api, Client, fixtures::Fields},
    surfaces::accounts::{
        limits::within_a_quarter,
        table::{Item, Key, Table, number},
    },
};

/// Mails that one organization sends to an address in an hour.
const TO_ADDRESS: usize = 5;

/// Asks for a link in one of the ways of `/v2`; its status, and what it says.
async fn ask(client: &Client<'_>, way: &str, id: &str) -> (u64, String) {
    let mut body = json!({ "finish_signup_with": "email", "user": {} });
    if way != "PUT" {
        body["user"]["_id"] = json!(id);
    }
    let other = json!({ "user": { "_id": id, "first_name": "Jean" } });
    let answer = match way {
        "PUT" => client.put(&format!("/v2/users/{id}"), &body).await,
        "POST" => client.post("/v2/users", &body).await,
        "PUT batch" => client.put("/v2/users/batch", &json!([body, other])).await,
        _ => client.post("/v2/users/batch", &json!([body, other])).await,
    };
    if way.ends_with("batch") {
        assert_eq!(answer.status, 207, "{}", answer.text);
        // The batch goes on.
        assert_eq!(answer.json()[1]["status"], 200, "{}", answer.text);
        let entry = answer.json()[0].clone();
        let detail = entry["error"]["detail"].as_str().unwrap_or_default();
        return (entry.number("status"), detail.to_owned());
    }
    if answer.status == 429 {
        is_limited(&answer);
    }
    let detail = answer.json()["detail"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (answer.status.as_u16().into(), detail)
}

fn is_limited(answer: &Answer) {
    assert_eq!(answer.status, 429, "{}", answer.text);
    let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=24 * 60 * 60).contains(&wait), "{wait}");
    assert!(
        answer.text.contains("the next one can be sent after 20"),
        "{}",
        answer.text
    );
}

async fn readdress(client: &Client<'_>, id: &str, address: &str) {
    let body = json!({ "user": { "email": address } });
    client.put(&format!("/v2/users/{id}"), &body).await.ok();
}

async fn invite(client: &Client<'_>, address: &str) -> Answer {
    let body = json!({ "email": address });
    client.post("/api/v2/users", &body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_mailed_five_times_an_hour_whatever_asks() {
    let api = Api::start().await;
    let owner = api.organization();
    within_a_quarter(&api);
    for (index, way) in ["PUT", "POST", "PUT batch", "POST batch"]
        .into_iter()
        .enumerate()
    {
        let address = format!("{index}@x.org");
        let id = owner.new_user_id(&address).await;
        for _ in 0..TO_ADDRESS {
            assert_eq!(ask(&owner, way, &id).await, (200, String::new()), "{way}");
        }
        let (status, detail) = ask(&owner, way, &id).await;
        assert_eq!(status, 429, "{way}");
        let bound = "at most 5 mails an hour go to one address; the next one";
        assert!(detail.starts_with(bound), "{detail}");
        // Another address for a while changes nothing, nor does another user.
        readdress(&owner, &id, "elsewhere@x.org").await;
        readdress(&owner, &id, &address).await;
        assert_eq!(ask(&owner, way, &id).await.0, 429, "{way}");
        readdress(&owner, &id, &format!("elsewhere-{index}@x.org")).await;
        is_limited(&invite(&owner, &address.to_uppercase()).await);
        let new = json!({ "user": { "email": address }, "finish_signup_with": "email" });
        is_limited(&owner.post("/v2/users", &new).await);
        mails_to(&api, &address, TO_ADDRESS).await;
        // What was refused made nobody.
        let found = owner.get(&format!("/v2/users?email={address}")).await;
        assert_eq!(found.json(), json!([]), "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hour_between_two_invitations_outlives_a_change_of_address() {
    let api = Api::start().await;
    let owner = api.organization();
    within_a_quarter(&api);
    invite(&owner, "jean@x.org").await.ok();
    let listed = owner.get("/v2/users").await.json();
    let id = listed[0].id();
    readdress(&owner, id, "elsewhere@x.org").await;
    readdress(&owner, id, "jean@x.org").await;
    let refused = invite(&owner, "jean@x.org").await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert!(
        refused.text.contains("email: was already invited"),
        "{}",
        refused.text
    );
    // An address that was not mailed yet has no hour to wait.
    readdress(&owner, id, "jeanne@x.org").await;
    invite(&owner, "jeanne@x.org").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_at_once_send_no_more_than_the_bound() {
    let api = Api::start().await;
    let owner = api.organization();
    let id = owner.new_user_id("jean@x.org").await;
    within_a_quarter(&api);
    let path = format!("/v2/users/{id}");
    let body = json!({ "finish_signup_with": "email" });
    let answers = join_all((0..9).map(|_| owner.put(&path, &body))).await;
    let sent = answers.iter().filter(|answer| answer.status == 200).count();
    assert!((1..=TO_ADDRESS).contains(&sent), "{sent} were sent");
    let refused = answers.iter().filter(|answer| answer.status == 429).count();
    assert!(refused >= 9 - TO_ADDRESS, "{refused} were refused");
    mails_to(&api, "jean@x.org", sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_counts_no_mail() {
    let api = Api::start().await;
    let owner = api.organization();
    owner.new_user_id("taken@x.org").await;
    let id = owner.new_user_id("jean@x.org").await;
    within_a_quarter(&api);
    let extid = json!({ "account": { "organization": { "extid": "7" } } });
    let taken = json!({ "user": extid });
    owner.post("/v2/users", &taken).await.created();
    for _ in 0..=TO_ADDRESS {
        let asked = json!({ "user": extid, "finish_signup_with": "email" });
        let refused = owner.put(&format!("/v2/users/{id}"), &asked).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
    }
    for _ in 0..TO_ADDRESS {
        assert_eq!(ask(&owner, "PUT", &id).await.0, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_organization_uses_up_what_others_may_mail_to_an_address_and_all_of_them_are_bounded() {
    let api = Api::start().await;
    within_a_quarter(&api);
    let mut sent = 0;
    for name in ["A", "B", "C", "D"] {
        let (_, client) = api.new_organization(name).await;
        let id = client.new_user_id("jean@x.org").await;
        let mut last = (200, String::new());
        while last.0 == 200 {
            last = ask(&client, "PUT", &id).await;
            sent += usize::from(last.0 == 200);
        }
        assert_eq!(last.0, 429, "{}", last.1);
        let from_all = last
            .1
            .contains("15 mails an hour go to one address from all organizations");
        assert_eq!(from_all, name == "D", "{name}: {}", last.1);
    }
    assert_eq!(sent, 15);
}

/// The counter of the organization that alone has mailed: of two addresses.
async fn of_organization(table: &Table) -> (Key, Item, String) {
    let mut items = table.starting_with("MAILS#").await.into_iter();
    let (key, item) = items.find(|(_, item)| number(item, "count") == 2).unwrap();
    let mut names = item.keys();
    let hour = names.find(|name| name.starts_with("count_")).unwrap();
    (key, item.clone(), hour.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_sends_a_thousand_mails_an_hour_and_five_thousand_a_day() {
    let api = Api::start().await;
    let owner = api.organization();
    let (_, other) = api.new_organization("Other").await;
    within_a_quarter(&api);
    for address in ["1@x.org", "2@x.org"] {
        invite(&owner, address).await.ok();
    }
    let table = Table::of(&api);
    let (key, item, hour) = of_organization(&table).await;
    assert!(number(&item, "expires_at") > 0);
    let count = |count: u64| AttributeValue::N(count.to_string());
    table.set(&key, &hour, count(999)).await;
    invite(&owner, "3@x.org").await.ok();
    let refused = invite(&owner, "4@x.org").await;
    is_limited(&refused);
    assert!(
        refused
            .text
            .contains("1000 mails an hour are sent for one organization")
    );
    // In a batch each user is refused alone, and those without a mail are made.
    let with_mail =
        |address: &str| json!({ "user": { "email": address }, "finish_signup_with": "email" });
    let batch = json!([with_mail("5@x.org"), { "user": { "email": "6@x.org" } }]);
    let made = owner.post("/v2/users/batch", &batch).await;
    let statuses: Vec<Value> = made
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["status"].clone())
        .collect();
    assert_eq!(statuses, [json!(429), json!(201)], "{}", made.text);
    invite(&other, "1@x.org").await.ok();
    table.set(&key, &hour, count(0)).await;
    table.set(&key, "count", count(5_000)).await;
    let body = with_mail("7@x.org").to_string();
    let refused = owner.send_json(Method::POST, "/v2/users", &body).await;
    is_limited(&refused);
    assert!(
        refused
            .text
            .contains("5000 mails a day are sent for one organization")
    );
}
