//! The protocol of a CloudFormation custom resource: an event comes in, the
//! answer is uploaded to the address in it.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

/// What CloudFormation sends.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Event {
    /// What is happening to the resource.
    pub request_type: RequestType,
    /// Where the answer goes: a presigned URL.
    #[serde(rename = "ResponseURL")]
    pub response_url: String,
    /// The stack.
    pub stack_id: String,
    /// The request, to be repeated in the answer.
    pub request_id: String,
    /// The resource's name in the template.
    pub logical_resource_id: String,
    /// The resource's id, once it has one.
    pub physical_resource_id: Option<String>,
}

/// What is happening to the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "CloudFormation's names")]
pub enum RequestType {
    Create,
    Update,
    Delete,
}

/// Uploads the answer. Blocks.
///
/// # Errors
/// When the upload fails; CloudFormation then waits until its own timeout.
pub fn answer(event: &Event, outcome: &Result<String, String>) -> Result<(), Box<ureq::Error>> {
    let id = match (outcome, &event.physical_resource_id) {
        (Ok(id), _) | (Err(_), Some(id)) => id,
        (Err(_), None) => &event.request_id,
    };
    let body = json!({
        "Status": if outcome.is_ok() { "SUCCESS" } else { "FAILED" },
        "Reason": outcome.as_ref().err(),
        "PhysicalResourceId": id,
        "StackId": event.stack_id,
        "RequestId": event.request_id,
        "LogicalResourceId": event.logical_resource_id,
    })
    .to_string();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(10)))
        .build()
        .into();
    agent
        .put(&event.response_url)
        .send(body)
        .map(|_| ())
        .map_err(Box::new)
}
