//! The journey through `/api/v1`.

use reqwest::Method;
use serde_json::json;

use crate::harness::fixtures::Fields;

use super::{PASSWORD, Travellers, journal::Journal};

pub async fn organizations_and_users(travellers: &Travellers<'_>, journal: &mut Journal) {
    let operator = &travellers.operator;
    let body = json!({ "name": "Branch" });
    let made = journal.post(operator, "/api/v1/org", &body, 200).await;
    let number = made.field("id").to_owned();
    let organization = format!("/api/v1/org/{number}");
    let body = json!({ "name": "Branch office" });
    journal.put(operator, &organization, &body, 200).await;
    let shown = journal.get(operator, &organization, 200).await;
    assert_eq!(shown["name"], "Branch office");
    let listed = operator.get("/api/v1/orgs").await;
    assert!(listed.text.contains("Branch office"), "{}", listed.text);
    journal.called(&Method::GET, "/api/v1/orgs", &listed);

    let body = json!({
        "username": journal.address("annie"), "password": PASSWORD,
        "first_name": "Annie", "last_name": "Easley", "org_id": number,
    });
    let made = journal.post(operator, "/api/v1/user", &body, 200).await;
    let user = made.field("id").to_owned();
    let path = format!("/api/v1/user/{user}");
    let form = "first_name=Anne";
    let changed = operator.send_form(Method::PUT, &path, form).await;
    journal.note(Method::PUT, &path, &changed, 200);
    journal.get(operator, &path, 200).await;
    journal
        .get(operator, &format!("/api/v1/users?org_id={number}"), 200)
        .await;
    let reset = format!("/api/v1/resetUserPassword/{user}");
    journal.get(operator, &reset, 200).await;
    journal.get(&travellers.organization, &path, 404).await;
    journal
        .delete(&travellers.organization, &organization, 403)
        .await;
    journal.delete(operator, &organization, 409).await;
    journal.delete(operator, &path, 200).await;
    journal.delete(operator, &organization, 200).await;
}
