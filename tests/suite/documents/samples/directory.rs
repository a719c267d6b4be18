//! The samples of `/api/v1`, with bodies in JSON and as forms. `/api/v1` shows
//! answers alone: what is sent follows from its tables of parameters.

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{Allowed, Ids};
use crate::{
    harness::{Answer, Api, Client},
    surfaces::directory::PASSWORD,
};

/// Times of this run.
const TIMES: [&str; 2] = ["/created_at", "/updated_at"];
/// And of a user.
const USER_TIMES: [&str; 3] = ["/created_at", "/updated_at", "/last_login"];

/// How a body is written.
#[derive(Clone, Copy)]
enum Encoding {
    Json,
    Form,
}

impl Encoding {
    async fn send(
        self,
        client: &Client<'_>,
        method: Method,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let answer = match self {
            Self::Json => {
                let field = |(name, value): &(&str, &str)| ((*name).to_owned(), json!(value));
                let body: Map<_, _> = fields.iter().map(field).collect();
                let body = Value::Object(body).to_string();
                client.send_json(method, path, &body).await
            }
            Self::Form => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                form.extend_pairs(fields);
                client.send_form(method, path, &form.finish()).await
            }
        };
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }
}

fn expect(name: &str, answer: &Answer, allowed: &Allowed<'_>) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    Ids::default().expect(name, answer, allowed);
}

async fn users_answer_the_samples(encoding: Encoding) {
    let api = Api::start().await;
    let operator = api.operator();
    let organizations = ["Second", "BrightAct"];
    for name in organizations {
        let name = [("name", name)];
        encoding
            .send(&operator, Method::POST, "/api/v1/org", &name)
            .await;
    }

    let fields = [
        ("username", "test1@domain.com"),
        ("password", PASSWORD),
        ("first_name", "Test1"),
        ("last_name", "Test2"),
        ("status", "1"),
        ("mobile", "0"),
        ("mobile_provider", "0"),
        ("sp_num", "100"),
        ("org_id", "3"),
        ("extra_email", ""),
        ("suppress_emails", "test.com"),
    ];
    let created = encoding
        .send(&operator, Method::POST, "/api/v1/user", &fields)
        .await;
    expect("api_v1/create_user", &created, &Allowed::default());
    api.log_in("test1@domain.com", PASSWORD).await.ok();
    let listed = operator.get("/api/v1/users?org_id=3").await;
    let allowed = Allowed {
        at: "/*",
        of_this_run: &USER_TIMES,
        ..Allowed::default()
    };
    expect("api_v1/list_users", &listed, &allowed);

    // The sample's user has the number 13.
    for n in 2..=12 {
        api.organization()
            .new_user_id(&format!("{n}@example.com"))
            .await;
    }
    let fields = [
        ("username", "test2@mail.com"),
        ("password", PASSWORD),
        ("first_name", "Test"),
        ("last_name", "Test3"),
        ("org_id", "1"),
    ];
    let created = encoding
        .send(&operator, Method::POST, "/api/v1/user", &fields)
        .await;
    assert_eq!(created.json(), json!({ "id": "13" }));
    api.log_in("test2@mail.com", PASSWORD).await.ok();
    let fields = [
        ("user_id", "13"),
        ("last_name", "Test3555"),
        ("sp_num", "15"),
        ("org_id", "0"),
    ];
    let path = "/api/v1/user/13";
    let updated = encoding.send(&operator, Method::PUT, path, &fields).await;
    let of_13 = Allowed {
        of_this_run: &USER_TIMES,
        // The sample has a company and no organization: here the one is the
        // other's name.
        instead: &[("/company", Value::String(String::new()))],
        ..Allowed::default()
    };
    expect("api_v1/update_user", &updated, &of_13);
    expect("api_v1/get_user", &operator.get(path).await, &of_13);

    let reset = operator.get("/api/v1/resetUserPassword/13").await;
    let allowed = Allowed {
        of_this_run: &["/password"],
        ..Allowed::default()
    };
    expect("api_v1/reset_user_password", &reset, &allowed);
    let deleted = operator.delete(path).await;
    expect("api_v1/delete_user", &deleted, &Allowed::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn users_of_api_v1_answer_its_samples_to_json() {
    users_answer_the_samples(Encoding::Json).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_of_api_v1_answer_its_samples_to_forms() {
    users_answer_the_samples(Encoding::Form).await;
}

async fn organizations_answer_the_samples(encoding: Encoding) {
    let api = Api::start().await;
    let operator = api.operator();
    // The demo organization has the sample's number.
    let name = [("org_id", "1"), ("name", "TestOrg1")];
    encoding
        .send(&operator, Method::PUT, "/api/v1/org/1", &name)
        .await;
    let times = Allowed {
        of_this_run: &TIMES,
        ..Allowed::default()
    };
    let shown = operator.get("/api/v1/org/1").await;
    expect("api_v1/get_organization", &shown, &times);
    let listed = operator.get("/api/v1/orgs").await;
    let allowed = Allowed {
        at: "/*",
        ..times.clone()
    };
    expect("api_v1/list_organizations", &listed, &allowed);

    for number in 2..=5 {
        let name = [("name", "TestOrg2")];
        let created = encoding
            .send(&operator, Method::POST, "/api/v1/org", &name)
            .await;
        let number = json!(number.to_string());
        let allowed = Allowed {
            instead: &[("/id", number)],
            ..Allowed::default()
        };
        expect("api_v1/create_organization", &created, &allowed);
    }
    let name = [("org_id", "5"), ("name", "TestOrg3")];
    let path = "/api/v1/org/5";
    let updated = encoding.send(&operator, Method::PUT, path, &name).await;
    expect("api_v1/update_organization", &updated, &times);
    let deleted = operator.delete(path).await;
    expect("api_v1/delete_organization", &deleted, &Allowed::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn organizations_of_api_v1_answer_its_samples_to_json() {
    organizations_answer_the_samples(Encoding::Json).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn organizations_of_api_v1_answer_its_samples_to_forms() {
    organizations_answer_the_samples(Encoding::Form).await;
}
