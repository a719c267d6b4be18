//! The states of a mail, on the engine.

use roster_domain::{MailId, mail::MailState};
use roster_store::{Tenant, mail::outbox::Claimed};

use super::{Outbox, organization};

async fn claim(outbox: &Outbox, tenant: Tenant<'_>, id: MailId, attempt: &str) -> Claimed {
    let claimed = tenant.claim_mail(&outbox.app.sealer, id, attempt).await;
    claimed.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_attempt_at_a_time_holds_a_mail() {
    let outbox = Outbox::new().await;
    let id = outbox.queue().await;
    assert_eq!(outbox.state(id).await, MailState::Pending);
    let store = outbox.store();
    let tenant = store.tenant(organization());
    let claimed = claim(&outbox, tenant, id, "a").await;
    assert!(matches!(claimed, Claimed::Mine(_)), "{claimed:?}");
    let claimed = claim(&outbox, tenant, id, "b").await;
    assert!(matches!(claimed, Claimed::Elsewhere), "{claimed:?}");

    // Who does not hold it has nothing to say.
    assert!(!tenant.mail_sent(id, "b", "1").await.unwrap());
    assert!(!tenant.mail_released(id, "b").await.unwrap());
    assert!(!tenant.mail_failed(id, "b", "no").await.unwrap());

    assert!(tenant.mail_released(id, "a").await.unwrap());
    assert!(!tenant.mail_released(id, "a").await.unwrap());
    let claimed = claim(&outbox, tenant, id, "c").await;
    assert!(matches!(claimed, Claimed::Mine(_)), "{claimed:?}");
    assert!(tenant.mail_sent(id, "c", "1").await.unwrap());

    // Sent is final.
    let claimed = claim(&outbox, tenant, id, "d").await;
    assert!(matches!(claimed, Claimed::Sent), "{claimed:?}");
    assert!(!tenant.mail_released(id, "c").await.unwrap());
    assert!(!tenant.mail_failed(id, "c", "no").await.unwrap());
    match outbox.state(id).await {
        MailState::Sent { message_id, .. } => assert_eq!(message_id, "1"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_attempts_at_once_one_holds_the_mail() {
    let outbox = Outbox::new().await;
    let id = outbox.queue().await;
    let attempts = (0..20).map(|attempt| {
        let outbox = &outbox;
        async move {
            let store = outbox.store();
            let attempt = attempt.to_string();
            claim(outbox, store.tenant(organization()), id, &attempt).await
        }
    });
    let claims = futures_util::future::join_all(attempts).await;
    let held = claims.iter().filter(|c| matches!(c, Claimed::Mine(_)));
    assert_eq!(held.count(), 1, "{claims:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_mail_stays_failed_and_a_strangers_is_not_there() {
    let outbox = Outbox::new().await;
    let id = outbox.queue().await;
    let store = outbox.store();
    let tenant = store.tenant(organization());
    let stranger = store.tenant(
        "64b0c0ffee00000000000001"
            .parse::<roster_domain::OrganizationId>()
            .unwrap(),
    );
    let claimed = claim(&outbox, stranger, id, "a").await;
    assert!(matches!(claimed, Claimed::Gone), "{claimed:?}");
    assert!(!stranger.mail_failed(id, "a", "no").await.unwrap());

    assert!(matches!(
        claim(&outbox, tenant, id, "a").await,
        Claimed::Mine(_)
    ));
    assert!(outbox.item(id).await.contains("sealed"));
    assert!(
        tenant
            .mail_failed(id, "a", "MessageRejected")
            .await
            .unwrap()
    );
    assert!(!outbox.item(id).await.contains("sealed"));
    match claim(&outbox, tenant, id, "b").await {
        Claimed::Failed(code) => assert_eq!(code, "MessageRejected"),
        other => panic!("{other:?}"),
    }
}
