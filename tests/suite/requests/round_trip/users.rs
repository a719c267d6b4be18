//! Users of every kind, on each surface.

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    changes_nothing, put_form, succeeded, text,
    user_bodies::{bodies, slots},
};
use crate::harness::{
    Answer, Api, Client,
    fixtures::Fields,
    furnished::{PASSWORD, booking},
};

/// A user: what they are, and where the surfaces show them.
struct Person {
    kind: String,
    id: String,
    number: u64,
}

impl Person {
    fn v2(&self) -> String {
        format!("/v2/users/{}", self.id)
    }

    fn api_v2(&self) -> String {
        format!("/api/v2/users/{}", self.number)
    }

    fn api_v1(&self) -> String {
        format!("/api/v1/user/{}", self.number)
    }
}

/// The users of each kind, in the order in which they were made.
async fn people(api: &Api, client: &Client<'_>) -> Vec<Person> {
    let mut kinds = Vec::new();
    for (kind, body) in bodies() {
        succeeded(&client.post("/v2/users", &body).await, kind);
        kinds.push(kind.to_owned());
    }
    // What `/v2` does not make, or not at once.
    for kind in [
        "a language of /api/v2 alone",
        "all permissions",
        "in more teams",
        "in /api/v1",
    ] {
        client
            .new_user_id(&format!("{}@example.com", kinds.len()))
            .await;
        kinds.push(kind.to_owned());
    }
    let invited = client
        .post("/api/v2/users", &json!({ "email": "asked@example.com" }))
        .await;
    succeeded(&invited, "invited by /api/v2");
    kinds.push("invited by /api/v2".to_owned());
    let organization = client.get("/api/v1/user/1").await;
    let own = match organization.status.as_u16() {
        200 => organization.json()["org_id"].clone(),
        _ => json!("1"),
    };
    let made = json!({
        "username": "made@example.com", "password": PASSWORD, "first_name": "A",
        "last_name": "B", "org_id": own, "mobile": "+33 6", "sp_num": 0, "extra_email": "",
    });
    succeeded(
        &api.operator().post("/api/v1/user", &made).await,
        "made by /api/v1",
    );
    kinds.push("made by /api/v1".to_owned());

    let ids = client.get("/v2/users").await.json();
    let numbers = client.get("/api/v2/users").await.json();
    let shown = ids
        .as_array()
        .unwrap()
        .iter()
        .zip(numbers.as_array().unwrap());
    let people: Vec<_> = kinds
        .into_iter()
        .zip(shown)
        .map(|(kind, (user, numbered))| Person {
            kind,
            id: text(&user["_id"]).to_owned(),
            number: numbered.number("_id"),
        })
        .collect();
    let of = |kind: &str| people.iter().find(|person| person.kind == kind).unwrap();

    let danish = json!({ "locale": "da" });
    let person = of("a language of /api/v2 alone");
    succeeded(&client.put(&person.api_v2(), &danish).await, "danish");
    let all = json!({ "userManagement": true, "accountManagement": true, "viewMetrics": true });
    let perms = format!("{}/perms", of("all permissions").api_v2());
    succeeded(&client.post(&perms, &all).await, "perms");
    let person = of("in more teams");
    for (from, to) in [(0, 15), (15, 20)] {
        let team = |n| json!({ "extid": format!("more-{n}") });
        let teams: Vec<Value> = (from..to).map(team).collect();
        let body = json!({ "user": {}, "teams": teams });
        succeeded(&client.put(&person.v2(), &body).await, "twenty teams");
    }
    let details = json!({
        "mobile": "+33 6 12", "mobile_provider": 7, "suppress_emails": "test.com", "status": "0",
    });
    let person = of("in /api/v1");
    succeeded(&client.put(&person.api_v1(), &details).await, "details");
    people
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_user_shows_can_be_put_back_on_every_surface_and_changes_nothing() {
    let api = Api::start().await;
    let client = api.organization();
    let people = people(&api, &client).await;
    assert!(people.len() >= 25, "{}", people.len());
    for person in &people {
        let watched = [person.v2(), person.api_v2(), person.api_v1()];
        let shown = async |path: &str| client.get(path).await.json();
        let what = |how: &str| format!("{}, {how}", person.kind);

        let body = shown(&person.v2()).await;
        let put = async || client.put(&person.v2(), &body).await;
        changes_nothing(&client, &watched, &what("/v2"), put).await;
        let in_user = json!({ "user": body });
        let put = async || client.put(&person.v2(), &in_user).await;
        changes_nothing(&client, &watched, &what("/v2, in user"), put).await;
        let batch = json!([body]);
        let put = async || client.put("/v2/users", &batch).await;
        changes_nothing(&client, &watched, &what("a batch"), put).await;
        let post = async || client.post("/v2/users", &in_user).await;
        changes_nothing(&client, &watched, &what("POST"), post).await;

        let body = shown(&person.api_v2()).await;
        for method in [Method::PUT, Method::PATCH] {
            let put = async || {
                let body = body.to_string();
                client
                    .send_json(method.clone(), &person.api_v2(), &body)
                    .await
            };
            changes_nothing(&client, &watched, &what("/api/v2"), put).await;
        }

        let body = shown(&person.api_v1()).await;
        for caller in [&client, &api.operator()] {
            let put = async || caller.put(&person.api_v1(), &body).await;
            changes_nothing(&client, &watched, &what("/api/v1"), put).await;
            let put = async || put_form(caller, &person.api_v1(), &body).await;
            changes_nothing(&client, &watched, &what("/api/v1, a form"), put).await;
        }
    }
}

/// Puts back what `/api/v1` shows of a user, as JSON and as a form.
async fn directory_round_trip(operator: &Client<'_>, number: &Value, what: &str) -> Value {
    let path = format!("/api/v1/user/{}", text(number));
    let body = operator.get(&path).await.json();
    let watched = [path.clone()];
    let put = async || operator.put(&path, &body).await;
    changes_nothing(operator, &watched, what, put).await;
    let put = async || put_form(operator, &path, &body).await;
    changes_nothing(operator, &watched, what, put).await;
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn users_without_an_organization_and_deleted_ones_can_be_put_back_too() {
    let api = Api::start().await;
    let (operator, client) = (api.operator(), api.organization());
    let new = json!({
        "username": "ada", "password": PASSWORD, "first_name": "Ada", "last_name": "Byron",
    });
    let made = async |organization: &str| {
        let mut new = new.clone();
        new["org_id"] = json!(organization);
        new["username"] = json!(format!("ada-{organization}"));
        let made = operator.post("/api/v1/user", &new).await;
        succeeded(&made, "made");
        made.json()["id"].clone()
    };
    let nowhere = made("0").await;
    directory_round_trip(&operator, &nowhere, "in no organization").await;
    let unlinked = client.new_user_id("unlinked@example.com").await;
    let number = client.get("/api/v2/users").await.json()[0]["_id"].to_string();
    succeeded(
        &client.delete(&format!("/v2/users/{unlinked}")).await,
        "unlinked",
    );
    directory_round_trip(&operator, &json!(number), "unlinked").await;

    for number in [nowhere, made("1").await] {
        let path = format!("/api/v1/user/{}", text(&number));
        succeeded(&operator.delete(&path).await, "deleted");
        let body = directory_round_trip(&operator, &number, "deleted").await;
        assert_eq!(body["is_deleted"], "1");
        for (name, value) in [
            ("first_name", "Grace"),
            ("is_deleted", "0"),
            ("status", "0"),
        ] {
            let mut body = body.clone();
            body[name] = json!(value);
            let refused = operator.put(&path, &body).await;
            assert_eq!(refused.status, 409, "{name}: {}", refused.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_default_that_was_read_is_not_stored() {
    let api = Api::start().await;
    let client = api.organization();
    let hours =
        json!({ "timezone": "Asia/Tokyo", "days": { "monday": slots(&[("09:00", "17:00")]) } });
    let body = json!({ "user": { "email": "yui@example.com" }, "availability": hours });
    let made = client.post("/v2/users", &body).await.json();
    let id = made["user"]["_id"].clone();
    let team = json!({ "extid": "1", "name": "Team", "members": [id] });
    let team = client.new_team(team).await;
    let events = format!("/v2/teams/{}/events", text(&team["_id"]));
    let at_ten = async |day: &str| {
        let mut body = booking("Meeting", 1, 1);
        body["dates"] = json!([{
            "date": format!("{day}T10:00:00"), "end_date": format!("{day}T11:00:00"),
        }]);
        let made = client.post(&events, &body).await.created();
        made.json()["dates"][0]["date"].clone()
    };
    assert_eq!(at_ten("2030-01-07").await, "2030-01-07T01:00:00.000Z");

    let list = client.get("/api/v2/users").await.json();
    let mut shown = list[0].clone();
    assert_eq!(
        (&shown["locale"], &shown["timezone"]),
        (&json!("en"), &json!("UTC"))
    );
    let path = format!("/api/v2/users/{}", shown["_id"]);
    shown["firstName"] = json!("Yui");
    succeeded(&client.put(&path, &shown).await, "with a name");
    assert_eq!(at_ten("2030-01-14").await, "2030-01-14T01:00:00.000Z");
    let user = client.get(&format!("/v2/users/{}", text(&id))).await.json();
    assert_eq!(
        (&user["first_name"], user.get("timezone")),
        (&json!("Yui"), None)
    );
    // What waits to be mailed has a language of its own.
    let scan = api.dynamodb().scan().table_name(&api.table);
    let scan = scan.filter_expression("begins_with(pk, :organization)");
    let organization = AttributeValue::S("ORG#".to_owned());
    let scan = scan.expression_attribute_values(":organization", organization);
    let stored = format!("{:?}", scan.send().await.unwrap().items());
    assert!(stored.contains("Yui"), "{stored}");
    assert!(!stored.contains("\"language\": S(\"en\")"), "{stored}");

    // What is chosen is stored, also where it is a default elsewhere.
    let berlin = json!({ "timezone": "Europe/Berlin" });
    succeeded(&client.put(&path, &berlin).await, "a zone");
    succeeded(
        &client.put(&path, &json!({ "timezone": "UTC" })).await,
        "UTC",
    );
    let user = client.get(&format!("/v2/users/{}", text(&id))).await.json();
    assert_eq!(user["timezone"], "UTC");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_text_means_not_set() {
    let api = Api::start().await;
    let client = api.organization();
    let user = json!({
        "email": "jean@example.com", "first_name": "Jean", "last_name": "Dupont",
        "language": "fr", "timezone": "Europe/Paris",
    });
    client.new_user(user).await;
    let mut shown = client.get("/api/v2/users").await.json()[0].clone();
    let path = format!("/api/v2/users/{}", shown["_id"]);
    let nothing = json!({ "firstName": "", "lastName": "", "locale": "", "timezone": "" });
    let answer = client.put(&path, &nothing).await;
    succeeded(&answer, "emptied");
    let cleared = [
        ("firstName", ""),
        ("lastName", ""),
        ("locale", "en"),
        ("timezone", "UTC"),
    ];
    for (name, value) in cleared {
        shown[name] = json!(value);
    }
    assert_eq!(answer.json(), shown);
    let refused = client.put(&path, &json!({ "email": "" })).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(
        refused.text.contains("email must not be empty"),
        "{}",
        refused.text
    );

    let operator = api.operator();
    let form = format!(
        "username=ada&password={PASSWORD}&first_name=A&last_name=B&status=&org_id=&mobile=&\
         mobile_provider=&sp_num=&extra_email=&suppress_emails="
    );
    let made: Answer = operator
        .send_form(Method::POST, "/api/v1/user", &form)
        .await;
    succeeded(&made, "a form with empty fields");
    let path = format!("/api/v1/user/{}", text(&made.json()["id"]));
    let user = operator.get(&path).await.json();
    assert_eq!(
        (&user["status"], &user["org_id"]),
        (&json!("1"), &json!("0"))
    );
    let form = "status=&org_id=&password=&is_deleted=&mobile=";
    let put = async || operator.send_form(Method::PUT, &path, form).await;
    changes_nothing(&operator, std::slice::from_ref(&path), "an empty form", put).await;
    let form = "first_name=&username=";
    let refused = operator.send_form(Method::PUT, &path, form).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    for name in ["first_name", "username"] {
        assert!(refused.text.contains(name), "{name}: {}", refused.text);
    }
}
