//! Mails: one for each intent, never two.

mod bounds;
mod claims;
mod events;
pub mod invitations;
mod queues;
mod reminders;
mod ses;
mod ses_server;

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use roster_domain::hooks::target::Targets;
use roster_domain::{
    MailId, OrganizationId, UserId,
    mail::{Invitation, MailState, OUTCOME_UNKNOWN},
    users::language::Language,
};
use roster_local::setup;
use roster_mail::{
    Delivery, Mailbox, Sender,
    deliver::{Outcome, RESERVE},
    event::Event,
    queues::Queued,
};
use roster_runtime::{
    App, Clock,
    function::app::{AUDIT_DAYS, CHANGE_DAYS},
};
use roster_store::{
    Store, Table,
    dynamodb::schema,
    keys,
    mail::{outbox::Claimed, seal::Sealer},
};
use secrecy::{ExposeSecret, SecretBox};
use serde_json::{Value, json};

use crate::{harness::Api, table::storage};

/// What must never be in the table.
const TOKEN: &str = "tokenThatWorksOnce0123456789";

fn organization() -> OrganizationId {
    setup::ORGANIZATION.parse().unwrap()
}

fn invitation() -> Invitation {
    Invitation {
        user: UserId::generate(Timestamp::now()),
        to: "jean.dupont@example.com".parse().unwrap(),
        full_name: Some("Jean Dupont".to_owned()),
        language: Language::Fr,
        organization: "ACME".parse().unwrap(),
        link: format!("https://roster.example.com/signup/{TOKEN}").into(),
    }
}

/// An outbox that no event source reads.
struct Outbox {
    api: Api,
    app: App,
}

impl Outbox {
    async fn new() -> Self {
        let api = Api::start().await;
        let client = api.app().table.client().clone();
        let name = format!("{}-outbox", api.table);
        schema::create(&client, &name).await.unwrap();
        let app = App {
            sends_mail: true,
            targets: Targets::Any,
            change_days: CHANGE_DAYS,
            calendar_age: None,
            calendar_reader: None,
            audit_days: AUDIT_DAYS,
            table: Table::new(client, name),
            clock: Clock::default(),
            sealer: Sealer::Local(SecretBox::new(Box::new([7; 32]))),
            public_url: None,
            app_url: None,
            edge: None,
            reply_domain: String::new(),
            expose_cost: false,
        };
        Self { api, app }
    }

    /// The table as of so many seconds ago.
    fn store_of(&self, seconds_ago: i64) -> Store<'_> {
        let now = Timestamp::now() - SignedDuration::from_secs(seconds_ago);
        Store::new(&self.app.table, now)
    }

    fn store(&self) -> Store<'_> {
        self.store_of(0)
    }

    async fn queue(&self) -> MailId {
        let store = self.store();
        let tenant = store.tenant(organization());
        let mail = invitation();
        let queued = tenant.queue_invitation(&self.app.sealer, &mail).await;
        queued.unwrap()
    }

    async fn state(&self, id: MailId) -> MailState {
        let store = self.store();
        let state = store.tenant(organization()).mail_state(id).await;
        state.unwrap().expect("the mail is there")
    }

    /// The item of a mail, as text.
    async fn item(&self, id: MailId) -> String {
        let key = keys::mail(organization(), id).sk;
        let dump = storage::dump_of(self.app.table.client(), self.app.table.name()).await;
        let item = dump.lines().find(|line| line.contains(&key));
        item.expect("the mail is there").to_owned()
    }

    fn delivery<'a>(&'a self, sender: &'a Sender, time: Duration) -> Delivery<'a> {
        Delivery {
            app: &self.app,
            sender,
            queues: None,
            deadline: Instant::now() + time,
        }
    }

    /// With time for many attempts.
    async fn deliver(&self, sender: &Sender, id: MailId) -> Outcome {
        let delivery = self.delivery(sender, Duration::from_mins(2));
        delivery.deliver(&queued(id)).await
    }

    /// With time for one attempt.
    async fn deliver_once(&self, sender: &Sender, id: MailId) -> Outcome {
        let delivery = self.delivery(sender, RESERVE + Duration::from_millis(200));
        delivery.deliver(&queued(id)).await
    }
}

/// A mail that was brought now.
fn queued(mail: MailId) -> Queued {
    Queued {
        organization: organization(),
        mail,
        since: Timestamp::now(),
        code: None,
    }
}

/// What the stream brings of these mails.
fn event(ids: &[MailId]) -> Event {
    let record = |(number, id): (usize, &MailId)| {
        let key = keys::mail(organization(), *id);
        json!({
            "eventName": "INSERT",
            "dynamodb": {
                "Keys": { "pk": { "S": key.pk }, "sk": { "S": key.sk } },
                "SequenceNumber": number.to_string(),
            },
        })
    };
    let records: Vec<_> = ids.iter().enumerate().map(record).collect();
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

/// The mails that the gateway shows, once there are some.
async fn wait_for_mail(api: &Api) -> Vec<Value> {
    api.mails(|mails| !mails.is_empty()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_transaction_puts_in_the_outbox_comes_to_the_mailbox_once() {
    let api = Api::start().await;
    let app = api.app();
    let sent = invitation();
    let store = Store::new(&app.table, Timestamp::now());
    let tenant = store.tenant(organization());
    let id = tenant.queue_invitation(&app.sealer, &sent).await.unwrap();
    // Whoever reads the table, now or at any time after, finds neither link nor
    // person.
    let at_first = storage::dump(&api).await;
    let mails = wait_for_mail(&api).await;
    let state = tenant.mail_state(id).await.unwrap();
    let at_last = storage::dump(&api).await;
    for dump in [at_first, at_last] {
        assert!(dump.contains(&id.to_string()));
        for secret in [TOKEN, "jean.dupont@example.com", "Jean Dupont"] {
            assert!(!dump.contains(secret), "{secret}");
        }
    }

    let mail = &mails[0];
    assert_eq!(mail["to"], "jean.dupont@example.com");
    assert_eq!(mail["subject"], "ACME vous invite");
    assert_eq!(mail["link"], sent.link.expose_secret());
    for part in ["text", "html"] {
        let part = mail[part].as_str().unwrap();
        assert!(part.contains("Bonjour Jean Dupont,"), "{part}");
        assert!(part.contains(TOKEN), "{part}");
    }
    let page = api.anybody().get("/_local/mail").await;
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let anchor = format!("<a href=\"{}\">", sent.link.expose_secret());
    assert!(page.text.contains(&anchor), "{}", page.text);
    let written = api.anybody().post("/_local/mail", &json!({})).await;
    assert_eq!(written.status, 404, "it is for reading");

    assert!(matches!(state, Some(MailState::Sent { .. })), "{state:?}");
    assert_eq!(wait_for_mail(&api).await.len(), 1, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_comes_three_times_to_two_senders_sends_one_mail() {
    let outbox = Outbox::new().await;
    let mailbox = Mailbox::default();
    let sender = Sender::Mailbox(mailbox.clone());
    let (first, second) = (outbox.queue().await, outbox.queue().await);
    let event = event(&[first, first, second, first, second, second]);
    let time = Duration::from_mins(2);
    let (one, other) = (
        outbox.delivery(&sender, time),
        outbox.delivery(&sender, time),
    );
    let (one, other) = tokio::join!(one.serve(&event), other.serve(&event));
    for response in [one, other] {
        assert!(response.batch_item_failures.is_empty(), "{response:?}");
    }
    assert_eq!(mailbox.mails().len(), 2);
    for id in [first, second] {
        let state = outbox.state(id).await;
        assert!(matches!(state, MailState::Sent { .. }), "{state:?}");
        assert!(!outbox.item(id).await.contains("sealed"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_died_while_it_was_sent_is_not_sent_again() {
    let outbox = Outbox::new().await;
    let mailbox = Mailbox::default();
    let sender = Sender::Mailbox(mailbox.clone());
    let id = outbox.queue().await;
    // An attempt two minutes ago that never said how it ended.
    let store = outbox.store_of(120);
    let claimed = store
        .tenant(organization())
        .claim_mail(&outbox.app.sealer, id, "dead")
        .await;
    assert!(matches!(claimed, Ok(Claimed::Mine(_))), "{claimed:?}");
    let time = Duration::from_mins(2);
    let (one, other) = (
        outbox.delivery(&sender, time),
        outbox.delivery(&sender, time),
    );
    let event = event(&[id]);
    let (one, other) = tokio::join!(one.serve(&event), other.serve(&event));
    for response in [one, other] {
        let failures = response.batch_item_failures;
        assert_eq!(failures.len(), 1, "it is to become a dead letter");
        assert_eq!(failures[0].item_identifier, "0");
    }
    match outbox.state(id).await {
        MailState::Failed { code, .. } => assert_eq!(code, OUTCOME_UNKNOWN),
        other => panic!("{other:?}"),
    }
    assert!(!outbox.item(id).await.contains("sealed"));
    let failed = Outcome::Failed(OUTCOME_UNKNOWN.to_owned());
    assert_eq!(outbox.deliver(&sender, id).await, failed);
    assert!(mailbox.mails().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_being_sent_is_left_to_whoever_sends_it() {
    let outbox = Outbox::new().await;
    let mailbox = Mailbox::default();
    let sender = Sender::Mailbox(mailbox.clone());
    let id = outbox.queue().await;
    let store = outbox.store();
    let tenant = store.tenant(organization());
    let claimed = tenant.claim_mail(&outbox.app.sealer, id, "alive").await;
    assert!(matches!(claimed, Ok(Claimed::Mine(_))), "{claimed:?}");
    let later = Outcome::Later("elsewhere".to_owned());
    assert_eq!(outbox.deliver_once(&sender, id).await, later);
    assert!(mailbox.mails().is_empty());

    let (outcome, ended) = tokio::join!(
        outbox.deliver(&sender, id),
        tenant.mail_released(id, "alive")
    );
    assert!(ended.unwrap());
    assert!(matches!(outcome, Outcome::Sent { .. }), "{outcome:?}");
    assert_eq!(mailbox.mails().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn records_about_other_things_are_passed_over() {
    let outbox = Outbox::new().await;
    let mailbox = Mailbox::default();
    let sender = Sender::Mailbox(mailbox.clone());
    let unknown = MailId::generate(Timestamp::now());
    let organization = organization().to_string();
    let event = json!({ "Records": [
        { "eventName": "MODIFY", "dynamodb": { "SequenceNumber": "1", "Keys": {
            "pk": { "S": format!("ORG#{organization}") },
            "sk": { "S": format!("MAIL#{unknown}") } } } },
        { "eventName": "INSERT", "dynamodb": { "SequenceNumber": "2", "Keys": {
            "pk": { "S": "COUNTER" }, "sk": { "S": "USER" } } } },
        // Gone since.
        { "eventName": "INSERT", "dynamodb": { "SequenceNumber": "3", "Keys": {
            "pk": { "S": format!("ORG#{organization}") },
            "sk": { "S": format!("MAIL#{unknown}") } } } },
    ]});
    let event: Event = serde_json::from_value(event).unwrap();
    let delivery = outbox.delivery(&sender, Duration::from_mins(2));
    let response = delivery.serve(&event).await;
    assert!(response.batch_item_failures.is_empty(), "{response:?}");
    assert!(mailbox.mails().is_empty());
    outbox.api.stop().await;
}
