//! Calendar credentials, which are sealed under a key that is not in the file.

use std::ops::ControlFlow;

use roster_domain::UserId;
use roster_local::setup;
use roster_store::mail::seal::{SealContext, Sealer};
use roster_transfer::{Progress, import::import, sealed::SealedPolicy};
use secrecy::{ExposeSecret as _, SecretBox};

use super::{Moved, everything, go_on, of_tenant, options};
use crate::harness::Api;

const KEY: [u8; 32] = [7; 32];

fn sealer(key: [u8; 32]) -> Sealer {
    Sealer::Local(SecretBox::new(Box::new(key)))
}

/// The first user's sealed credentials.
async fn sealed(api: &Api, moved: &Moved) -> Vec<String> {
    let key = (
        format!("ORG#{}", moved.tenant.organization),
        format!("USER#{}", moved.tenant.users[0]),
    );
    let item = everything(api).await.remove(&key).unwrap();
    let all = item
        .get("sealed_calendars")
        .map(|value| value.as_l().unwrap().clone());
    let all = all.unwrap_or_default();
    all.iter()
        .map(|value| value.as_s().unwrap().clone())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_not_imported_unless_somebody_says_how() {
    let moved = Moved::new().await;
    let target = Api::start().await;
    let before = everything(&target).await;
    let mut unsaid = options(&moved.file());
    unsaid.sealed = None;
    let error = import(&target.app().table, &unsaid, &mut go_on).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("1 user has calendar credentials"), "{error}");
    assert_eq!(everything(&target).await, before);

    let mut without = options(&moved.file());
    without.sealed = Some(SealedPolicy::Drop);
    let imported = import(&target.app().table, &without, &mut go_on)
        .await
        .unwrap();
    let jean: UserId = moved.tenant.users[0].parse().unwrap();
    assert_eq!(imported.without_credentials, [jean]);
    assert!(sealed(&target, &moved).await.is_empty());
    let mut expected = of_tenant(&moved.source, &moved.tenant).await;
    for item in expected.values_mut() {
        item.remove("sealed_calendars");
    }
    assert_eq!(of_tenant(&target, &moved.tenant).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_sealed_anew_with_the_targets_key() {
    let moved = Moved::new().await;
    let target = Api::start().await;
    let jean: UserId = moved.tenant.users[0].parse().unwrap();
    let context = SealContext::User(jean);
    let old = sealed(&moved.source, &moved).await;
    let here = &moved.source.app().sealer;
    let plain = here.open_text(context, &old[0]).await.unwrap();

    // The API keeps its key to itself: what it sealed is sealed again under one
    // that the test has.
    let known = here.open_text(context, &old[0]).await.unwrap();
    let known = sealer(KEY)
        .seal_text(context, known.expose_secret())
        .await
        .unwrap();
    let lines: Vec<String> = moved
        .lines()
        .iter()
        .map(|line| line.replace(&old[0], &known))
        .collect();
    let (_, items) = lines.split_last().unwrap();
    let count = items.len() as u64 - 1;
    std::fs::write(moved.file(), super::forged(items, count)).unwrap();

    let before = everything(&target).await;
    let mut wrong = options(&moved.file());
    wrong.sealed = Some(SealedPolicy::Reseal {
        source: sealer([8; 32]),
        target: sealer([9; 32]),
    });
    let error = import(&target.app().table, &wrong, &mut go_on).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("--source-sealing-key"), "{error}");
    let users =
        |all: &super::Everything| all.keys().filter(|(_, sk)| sk.starts_with("USER#")).count();
    assert_eq!(users(&everything(&target).await), users(&before));

    let folder = tempfile::tempdir().unwrap();
    let made = setup::sealing_key(Some(folder.path())).unwrap();
    let read = setup::read_sealing_key(&folder.path().join("sealing.key")).unwrap();
    assert_eq!(made.expose_secret(), read.expose_secret());
    let mut reseal = options(&moved.file());
    reseal.sealed = Some(SealedPolicy::Reseal {
        source: sealer(KEY),
        target: Sealer::Local(made),
    });
    let table = &target.app().table;
    let mut writes = 0;
    let mut stop = |progress| {
        writes += u32::from(matches!(progress, Progress::Writing { .. }));
        if writes == 50 {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    // What was sealed before an import stopped is not in its way.
    import(table, &reseal, &mut stop).await.unwrap_err();
    assert_eq!(sealed(&target, &moved).await.len(), 1);
    import(table, &reseal, &mut go_on).await.unwrap();
    let new = sealed(&target, &moved).await;
    assert_eq!(new.len(), 1);
    assert_ne!(new, [known]);
    let opened = Sealer::Local(read)
        .open_text(context, &new[0])
        .await
        .unwrap();
    assert_eq!(opened.expose_secret(), plain.expose_secret());
}
