//! Webhooks and changes of `/v2`.

use roster_scheduling::wire::{
    change_out::ChangeAnswer,
    delivery_out::DeliveryAnswer,
    hook_json::{
        HookAnswer, HookBody, HookRotationBody, HookWithSecretAnswer, HooksAnswer, NewHookBody,
    },
};
use serde_json::{Value, json};

use crate::{
    operation::{AnswerHeader, JSON, Operation, Style, operation},
    parameters::{if_match, organization, window},
    schema::{Described, Parts, Taken, array, named},
};

const DELIVERY_FORMAT: &str = "Each delivery is a POST of `{\"action\", \"organization\", \"resource\"}`, signed as Standard Webhooks (www.standardwebhooks.com) says, with the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`. `resource` is what the resource's own `GET` answers; only its `_id` if it is larger than 200 KB. A status of 200 to 299 means that the message arrived. Anything else is tried again over three days, with growing waits and as `Retry-After` asks. 410 pauses the hook. Messages can arrive more than once and in another order: `webhook-id` tells repeats.";

fn hooks(binary: &'static str, summary: &'static str) -> Operation {
    operation(binary, "Webhooks", Style::Problem, summary).takes([organization()])
}

fn nothing(operation: Operation) -> Operation {
    operation.bodies(
        vec![(JSON, named("NothingBody"))],
        false,
        vec![("nothing", json!({}))],
    )
}

/// The descriptions.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        hooks("scheduling-list-changes", "List changes")
            .about("Every change of users, teams, events and webhooks, in order. Begin without a `cursor`, and go on with the `cursor` of the last change that you read, whenever you like. The newest change of each resource stays for ever, earlier ones for 30 days or as the deployment says: a client that begins with nothing ends with everything that there is. `data` shows the resource as it is when you ask. An empty list means that there is nothing new.")
            .takes(window())
            .answers(200, "The changes.", array(named("Change")), json!([change()]))
            .with(AnswerHeader::Link)
            .refuses([404]),
        hooks("scheduling-list-hooks", "List webhooks in an object")
            .answers(200, "The webhooks.", named("Hooks"), json!({ "hooks": [hook(&json!({}))] }))
            .refuses([404]),
        hooks("scheduling-list-bare-hooks", "List webhooks")
            .answers(200, "The webhooks.", array(named("Hook")), json!([hook(&json!({}))]))
            .refuses([404]),
        hooks("scheduling-create-hook", "Create a webhook")
            .about(format!("The response shows the secret once. An organization can have 50 webhooks, several for one action. {DELIVERY_FORMAT}"))
            .body(named("NewHookBody"), vec![
                ("one action", json!({ "action": "event.created", "target_url": "https://www.example.com/roster" })),
                ("everything", json!({ "action": "*", "target_url": "https://www.example.com/roster" })),
            ])
            .answers(201, "The webhook.", named("HookWithSecret"), with_secret())
            .with(AnswerHeader::CacheControl)
            .with(AnswerHeader::Tag)
            .refuses([404, 409]),
        hooks("scheduling-get-hook", "Retrieve a webhook")
            .shows("The webhook.", "Hook", hook(&json!({})))
            .with(AnswerHeader::Tag)
            .refuses([404]),
        hooks("scheduling-update-hook", "Change a webhook")
            .about("Changes the fields that are present.")
            .takes([if_match()])
            .body(named("HookBody"), vec![("resume", json!({ "paused": false }))])
            .shows("The webhook.", "Hook", hook(&json!({})))
            .with(AnswerHeader::Tag)
            .refuses([404, 409, 412]),
        hooks("scheduling-delete-hook", "Delete a webhook")
            .about("What it was to be told and has not been is told no more.")
            .answer(crate::operation::Answer {
                status: 204,
                about: "Done.",
                content: None,
                example: None,
                headers: Vec::new(),
            })
            .refuses([404, 409]),
        hooks("scheduling-rotate-hook", "Replace the secret of a webhook")
            .about("Until `overlap_seconds` are over, deliveries carry two signatures: by the new secret and by the one before.")
            .bodies(vec![(JSON, named("HookRotationBody"))], false, vec![("an hour", json!({ "overlap_seconds": 3_600 }))])
            .shows("The webhook with its new secret, which is shown once.", "HookWithSecret", with_secret())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409]),
        nothing(hooks("scheduling-ping-hook", "Ask for a delivery"))
            .about("A message with the action `ping`, to see whether it arrives.")
            .answers(202, "The delivery.", named("Delivery"), delivery(&json!({ "action": "ping" })))
            .refuses([404]),
        hooks("scheduling-list-deliveries", "List deliveries")
            .about("Newest first. Deliveries are kept for 30 days.")
            .takes(window())
            .answers(200, "The deliveries.", array(named("Delivery")), json!([delivery(&json!({}))]))
            .with(AnswerHeader::Link)
            .refuses([404]),
        nothing(hooks("scheduling-replay-delivery", "Repeat a delivery"))
            .about("Sends the same message again, with the same `webhook-id`.")
            .answers(202, "The new delivery.", named("Delivery"), delivery(&json!({})))
            .refuses([404]),
    ]
}

fn with(mut shown: Value, more: &Value) -> Value {
    if let (Some(shown), Some(more)) = (shown.as_object_mut(), more.as_object()) {
        shown.extend(more.clone());
    }
    shown
}

fn hook(more: &Value) -> Value {
    let shown = json!({
        "_id": "5f5e1000a1b2c3d4e5f60718", "organization": "5f198da1c1ac5d1a30fc00f3",
        "scope": "organization", "action": "event.created",
        "target_url": "https://www.example.com/roster", "paused": false,
        "createdAt": "2020-08-07T10:11:39.000Z", "updatedAt": "2020-08-07T10:11:39.000Z",
        "__v": 0,
    });
    with(shown, more)
}

fn with_secret() -> Value {
    hook(&json!({ "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }))
}

fn delivery(more: &Value) -> Value {
    let shown = json!({
        "_id": "5f5e1000a1b2c3d4e5f60719", "hook": "5f5e1000a1b2c3d4e5f60718",
        "message": "msg_5f5e1000a1b2c3d4e5f60719", "action": "event.created",
        "resource": { "kind": "event", "_id": "5f11747afb208c814fd24bb9" },
        "status": "waiting",
        "tries": [{
            "at": "2020-08-07T10:11:40.120Z", "status": 503, "head": "Come back later",
            "error": "The receiver answered 503.",
        }],
        "next_try": "2020-08-07T10:11:45.000Z", "createdAt": "2020-08-07T10:11:39.000Z",
    });
    with(shown, more)
}

fn change() -> Value {
    json!({
        "number": 7, "cursor": "BgAAAAAAAAAAAAAAB-EXeg4", "at": "2020-08-07T10:11:39.000Z",
        "actions": ["hook.created"],
        "resource": { "kind": "hook", "_id": "5f5e1000a1b2c3d4e5f60718" },
        "deleted": false, "data": hook(&json!({})),
    })
}

/// The schemas.
pub(super) fn parts() -> Parts {
    let mut parts = Parts::new();
    NewHookBody::collect(&mut parts);
    HookBody::collect(&mut parts);
    HookRotationBody::collect(&mut parts);
    HookAnswer::collect(&mut parts);
    HookWithSecretAnswer::collect(&mut parts);
    HooksAnswer::collect(&mut parts);
    DeliveryAnswer::collect(&mut parts);
    ChangeAnswer::collect(&mut parts);
    parts
}
