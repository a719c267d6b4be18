//! Where mails go that are not sent now: what the function tells Amazon SQS.

use jiff::{SignedDuration, Timestamp};
use roster_domain::{MailId, mail::MailState};
use roster_mail::{
    Delivery, Queues,
    deliver::{LONGEST_AGE, TOO_LATE},
    event::Event,
};
use serde_json::{Value, json};

use super::{
    Outbox, event, organization,
    ses_server::{Reaction, SesServer},
};
use crate::harness::{aws::AwsServer, fixtures::Fields};

const RETRIES: &str = "https://sqs.eu-west-1.amazonaws.com/000000000000/retries";
const DEAD_LETTERS: &str = "https://sqs.eu-west-1.amazonaws.com/000000000000/dead-letters";

/// SQS, as far as it is called: takes what is sent, or has no such queue.
struct SqsServer {
    server: AwsServer,
    queues: Queues,
}

impl SqsServer {
    async fn start(has_queues: bool) -> Self {
        let server = AwsServer::start(move |operation, _| {
            assert_eq!(operation, "SendMessage");
            if has_queues {
                (200, json!({ "MessageId": "1" }))
            } else {
                (
                    400,
                    json!({ "__type": "com.amazonaws.sqs#QueueDoesNotExist" }),
                )
            }
        })
        .await;
        let (retries, dead_letters) = (RETRIES.to_owned(), DEAD_LETTERS.to_owned());
        let queues = Queues::new(retries, dead_letters, &server.config);
        Self { server, queues }
    }

    /// What was sent: the queue, the message, and its delay.
    fn messages(&self) -> Vec<(String, Value, Value)> {
        let message = |(_, call): (String, Value)| {
            let body = serde_json::from_str(call.field("MessageBody")).unwrap();
            (
                call.field("QueueUrl").to_owned(),
                body,
                call["DelaySeconds"].clone(),
            )
        };
        self.server.calls().into_iter().map(message).collect()
    }
}

/// What a message of the queue brings.
fn message(mail: MailId, since: Timestamp) -> Event {
    let body = json!({ "organization": organization(), "mail": mail, "since": since });
    let message = json!({ "messageId": "m-1", "body": body.to_string() });
    serde_json::from_value(json!({ "Records": [message] })).unwrap()
}

/// Serves an event, and answers which of its records are to come again.
async fn serve(outbox: &Outbox, ses: &SesServer, sqs: &SqsServer, event: &Event) -> Vec<String> {
    let sender = ses.sender();
    let delivery = Delivery {
        queues: Some(&sqs.queues),
        ..outbox.delivery(&sender, std::time::Duration::from_mins(2))
    };
    let response = delivery.serve(event).await;
    let failures = response.batch_item_failures.into_iter();
    failures.map(|failure| failure.item_identifier).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_refused_is_a_dead_letter_and_holds_up_no_other() {
    let outbox = Outbox::new().await;
    let refuse = Reaction::Refuse(400, "MessageRejected");
    let ses = SesServer::start(&[refuse, Reaction::Accept("2")]).await;
    let sqs = SqsServer::start(true).await;
    let (refused, fine) = (outbox.queue().await, outbox.queue().await);
    let failures = serve(&outbox, &ses, &sqs, &event(&[refused, fine])).await;
    assert_eq!(failures, Vec::<String>::new());
    let messages = sqs.messages();
    let (queue, letter, delay) = &messages[0];
    assert_eq!((queue.as_str(), messages.len()), (DEAD_LETTERS, 1));
    assert_eq!(letter["mail"], refused.to_string());
    assert_eq!(letter["organization"], organization().to_string());
    assert_eq!(letter["code"], "MessageRejected");
    assert_eq!(*delay, Value::Null);
    assert!(!letter.to_string().contains('@'), "{letter}");
    let state = outbox.state(fine).await;
    assert!(matches!(state, MailState::Sent { .. }), "{state:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_put_off_waits_in_the_queue_and_is_sent_when_it_comes_back() {
    let outbox = Outbox::new().await;
    let (paused, fine) = (
        Reaction::Refuse(400, "SendingPausedException"),
        Reaction::Accept("2"),
    );
    let ses = SesServer::start(&[paused, paused, paused, fine]).await;
    let sqs = SqsServer::start(true).await;
    let id = outbox.queue().await;
    let failures = serve(&outbox, &ses, &sqs, &event(&[id])).await;
    assert_eq!(failures, Vec::<String>::new(), "the shard goes on");
    let (queue, waiting, delay) = sqs.messages().remove(0);
    assert_eq!(queue, RETRIES);
    assert_eq!((waiting["mail"].clone(), delay), (json!(id), json!(15)));
    assert_eq!(waiting.get("code"), None);
    let since = waiting.field("since").parse().unwrap();
    let failures = serve(&outbox, &ses, &sqs, &message(id, since)).await;
    assert_eq!(failures, Vec::<String>::new());
    let state = outbox.state(id).await;
    assert!(matches!(state, MailState::Sent { .. }), "{state:?}");
    assert_eq!(sqs.messages().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_given_up_by_its_age_and_not_by_how_often_it_was_tried() {
    let outbox = Outbox::new().await;
    let ses = SesServer::start(&[]).await;
    let sqs = SqsServer::start(true).await;
    let id = outbox.queue().await;
    let since = Timestamp::now() - LONGEST_AGE - SignedDuration::from_secs(1);
    let failures = serve(&outbox, &ses, &sqs, &message(id, since)).await;
    assert_eq!(failures, Vec::<String>::new());
    let (queue, letter, _) = sqs.messages().remove(0);
    assert_eq!(
        (queue.as_str(), letter.field("code")),
        (DEAD_LETTERS, TOO_LATE)
    );
    match outbox.state(id).await {
        MailState::Failed { code, .. } => assert_eq!(code, TOO_LATE),
        other => panic!("{other:?}"),
    }
    assert!(!outbox.item(id).await.contains("sealed"));
    assert!(ses.calls().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_comes_again_where_no_queue_took_its_mail() {
    let outbox = Outbox::new().await;
    let ses = SesServer::start(&[Reaction::Refuse(400, "MessageRejected")]).await;
    let sqs = SqsServer::start(false).await;
    let id = outbox.queue().await;
    assert_eq!(serve(&outbox, &ses, &sqs, &event(&[id])).await, ["0"]);
    let since = Timestamp::now();
    let failures = serve(&outbox, &ses, &sqs, &message(id, since)).await;
    assert_eq!(
        failures,
        ["m-1"],
        "it is still given up, and SES not asked again"
    );
}
