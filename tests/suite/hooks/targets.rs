//! Deliveries go to public addresses alone, unless the deployment says otherwise.

use serde_json::json;

use super::refused;
use crate::harness::Api;

#[tokio::test]
async fn a_target_that_leads_inside_is_refused_with_the_field_and_the_reason() {
    let api = Api::start_with_public_targets().await;
    let client = api.organization();
    for (target, reason) in [
        ("http://www.example.com/", "must be an https URL"),
        ("https://user@www.example.com/", "no user name"),
        ("https://localhost/", "localhost"),
        ("https://127.0.0.1/", "loopback"),
        ("https://2130706433/", "loopback"),
        ("https://169.254.169.254/latest/meta-data/", "link-local"),
        ("https://[::ffff:a9fe:a9fe]/", "link-local"),
        ("https://[fd00:ec2::254]/", "private"),
        ("https://metadata.google.internal/", "internal"),
    ] {
        let body = json!({ "action": "*", "target_url": target });
        let answer = client.post("/v2/hooks", &body).await;
        refused(&answer, 422, &["/target_url"]);
        assert!(answer.text.contains(reason), "{target}: {}", answer.text);
    }
    let body = json!({ "action": "*", "target_url": "https://www.example.com/hook" });
    let hook = client.post("/v2/hooks", &body).await.created().json();
    let path = format!("/hooks/{}", hook["_id"].as_str().unwrap());
    let change = json!({ "target_url": "https://10.0.0.1/" });
    refused(&client.put(&path, &change).await, 422, &["/target_url"]);
}
