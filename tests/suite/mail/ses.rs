//! Sending through the API of Amazon SES: what each of its answers leads to.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use roster_domain::mail::{MailState, OUTCOME_UNKNOWN};
use roster_mail::{Mailbox, Sender, deliver::Outcome, render::render, sender::Verdict};
use secrecy::ExposeSecret;
use tokio::net::TcpListener;

use crate::harness::{Api, fixtures::Fields};

use super::{
    Outbox, events, invitation,
    ses_server::{Reaction, SesServer, sender},
};

fn sent(id: &str) -> Outcome {
    Outcome::Sent {
        message_id: id.to_owned(),
    }
}

async fn failed_with(outbox: &Outbox, id: roster_domain::MailId) -> String {
    match outbox.state(id).await {
        MailState::Failed { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_ses_takes_is_sent() {
    let outbox = Outbox::new().await;
    let ses = SesServer::start(&[Reaction::Accept("0100-abc")]).await;
    let id = outbox.queue().await;
    assert_eq!(outbox.deliver(&ses.sender(), id).await, sent("0100-abc"));
    match outbox.state(id).await {
        MailState::Sent { message_id, .. } => assert_eq!(message_id, "0100-abc"),
        other => panic!("{other:?}"),
    }
    let calls = ses.calls();
    assert_eq!(calls.len(), 1);
    let call = &calls[0];
    assert_eq!(call["FromEmailAddress"], "invitations@example.com");
    assert_eq!(
        call["Destination"]["ToAddresses"],
        serde_json::json!(["jean.dupont@example.com"])
    );
    let simple = &call["Content"]["Simple"];
    assert_eq!(simple["Subject"]["Data"], "ACME vous invite");
    for part in ["Text", "Html"] {
        let part = &simple["Body"][part];
        assert_eq!(part["Charset"], "UTF-8");
        let text = part.field("Data");
        assert!(text.contains(invitation().link.expose_secret()), "{text}");
        assert!(text.contains("créer votre compte"), "{text}");
    }
    // The record comes again.
    assert_eq!(outbox.deliver(&ses.sender(), id).await, Outcome::Nothing);
    assert_eq!(ses.calls().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_about_an_event_is_one_message_with_three_forms_of_the_same() {
    let api = Api::start().await;
    let mail = events::mail_of_a_booking(&api).await;
    let ses = SesServer::start(&[Reaction::Accept("0100-abc")]).await;
    let rendered = render(&mail, Some("https://roster.example.com")).unwrap();
    let accepted = Verdict::Accepted {
        message_id: "0100-abc".to_owned(),
    };
    assert_eq!(ses.sender().send(&rendered.unwrap()).await, accepted);
    let calls = ses.calls();
    assert_eq!(calls[0]["FromEmailAddress"], "invitations@example.com");
    let message = STANDARD
        .decode(calls[0]["Content"]["Raw"].field("Data"))
        .unwrap();
    let message = String::from_utf8(message).unwrap();
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    for header in [
        "From: invitations@example.com",
        "To: gus@example.org",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
    ] {
        assert!(head.lines().any(|line| line == header), "{header}: {head}");
    }
    assert!(
        head.contains("Reply-To: reply-to-participants-to-"),
        "{head}"
    );
    assert!(
        head.contains("Content-Type: multipart/alternative;"),
        "{head}"
    );
    // What a program takes that knows all forms is the last.
    let types: Vec<_> = (body.lines())
        .filter_map(|line| line.strip_prefix("Content-Type: "))
        .collect();
    let expected = [
        "text/plain; charset=utf-8",
        "text/html; charset=utf-8",
        "text/calendar; charset=utf-8; method=REQUEST",
    ];
    assert_eq!(types, expected);
    assert!(
        message.lines().all(|line| line.len() <= 998),
        "RFC 5322, 2.1.1"
    );
    assert!(message.is_ascii(), "what is not ASCII is encoded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_ses_puts_off_is_tried_again() {
    let outbox = Outbox::new().await;
    let ses = SesServer::start(&[
        Reaction::Refuse(429, "TooManyRequestsException"),
        Reaction::Refuse(503, "ServiceUnavailable"),
        Reaction::Accept("3"),
    ])
    .await;
    let id = outbox.queue().await;
    assert_eq!(outbox.deliver(&ses.sender(), id).await, sent("3"));
    assert_eq!(ses.calls().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_put_off_for_too_long_waits_for_lambda_to_bring_it_again() {
    let outbox = Outbox::new().await;
    let ses = SesServer::start(&[
        Reaction::Refuse(400, "LimitExceededException"),
        Reaction::Accept("2"),
    ])
    .await;
    let id = outbox.queue().await;
    let later = Outcome::Later("LimitExceededException".to_owned());
    assert_eq!(outbox.deliver_once(&ses.sender(), id).await, later);
    assert_eq!(outbox.state(id).await, MailState::Pending);
    assert!(outbox.item(id).await.contains("sealed"));
    assert_eq!(outbox.deliver_once(&ses.sender(), id).await, sent("2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_ses_refuses_is_given_up_at_once() {
    for (status, code) in [
        (400, "MessageRejected"),
        (400, "BadRequestException"),
        (404, "NotFoundException"),
    ] {
        let outbox = Outbox::new().await;
        let ses = SesServer::start(&[Reaction::Refuse(status, code)]).await;
        let id = outbox.queue().await;
        let failed = Outcome::Failed(code.to_owned());
        assert_eq!(outbox.deliver(&ses.sender(), id).await, failed);
        assert_eq!(failed_with(&outbox, id).await, code);
        let item = outbox.item(id).await;
        assert!(!item.contains("sealed") && !item.contains("example.com"));
        // Each time that Lambda brings it again, until it is a dead letter.
        assert_eq!(outbox.deliver(&ses.sender(), id).await, failed);
        assert_eq!(ses.calls().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_may_have_been_sent_is_not_sent_again() {
    for (reaction, code) in [
        (Reaction::Reset, "connection-lost"),
        (Reaction::Refuse(504, "status"), "status"),
        (Reaction::Garble, "status-200"),
    ] {
        let outbox = Outbox::new().await;
        let ses = SesServer::start(&[reaction]).await;
        let id = outbox.queue().await;
        let failed = Outcome::Failed(format!("{OUTCOME_UNKNOWN}: {code}"));
        assert_eq!(outbox.deliver(&ses.sender(), id).await, failed);
        assert!(failed_with(&outbox, id).await.starts_with(OUTCOME_UNKNOWN));
        let mailbox = Mailbox::default();
        let another = Sender::Mailbox(mailbox.clone());
        assert_eq!(outbox.deliver(&another, id).await, failed);
        assert_eq!(ses.calls().len(), 1);
        assert!(mailbox.mails().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_tried_again_where_ses_was_not_reached() {
    let outbox = Outbox::new().await;
    let id = outbox.queue().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let unreachable = sender(&format!("http://{address}"));
    let later = Outcome::Later("no-connection".to_owned());
    assert_eq!(outbox.deliver_once(&unreachable, id).await, later);
    assert_eq!(outbox.state(id).await, MailState::Pending);
    let ses = SesServer::start(&[Reaction::Accept("1")]).await;
    assert_eq!(outbox.deliver_once(&ses.sender(), id).await, sent("1"));
}
