//! An export of an organization that is in use.

use std::{
    fs,
    ops::ControlFlow,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use futures_util::future::{join, join_all};
use roster_local::setup;
use roster_transfer::{
    Progress, Watch,
    export::{ExportOptions, Exported, export},
    import::{ImportOptions, import},
};
use serde_json::{Value, json};
use tokio::{runtime::Handle, sync::Semaphore};

use super::{Moved, go_on, items_of, of_tenant, options};
use crate::{
    concurrency::history::{check::Table, run},
    harness::{
        Api,
        furnished::{book, booking},
    },
};

async fn export_to(source: &Api, output: &Path, watch: Watch<'_>) -> Exported {
    let options = ExportOptions {
        now: jiff::Timestamp::now(),
        organization: setup::ORGANIZATION.parse().unwrap(),
        output: output.to_owned(),
        patience: Duration::from_mins(5),
    };
    let exported = export(&source.app().table, &options, watch).await;
    exported.unwrap()
}

/// What a file is in a table of its own, at the time that it is for who wrote it: a hold
/// that has ended there is not to be looked for. The demo organization is in every local
/// table, so that it has to go first.
async fn imported(source: &Api, file: &Path) -> Table {
    let target = Api::start().await;
    target.forward(source.now().duration_since(target.now()));
    let replace = ImportOptions {
        now: jiff::Timestamp::now(),
        replace: Some(setup::ORGANIZATION.parse().unwrap()),
        ..options(file)
    };
    let table = &target.app().table;
    import(table, &replace, &mut go_on).await.unwrap();
    Table::read(&target).await
}

/// A booking so large that a few of them are not read in one page.
fn large(title: &str, day: u32, hour: u32) -> Value {
    let mut body = booking(title, day, hour);
    body["messages"] = json!(vec![json!({ "body": "x".repeat(4_000) }); 12]);
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_booked_meanwhile_is_in_the_file_wholly_or_not_at_all() {
    const EXPORTS: usize = 3;
    const BEFORE: usize = 15;
    const WRITTEN: u32 = 2;
    let source = Api::start().await;
    let client = &source.organization();
    let emails = (0..6).map(|n| format!("member{n}@example.com"));
    let members = emails.map(async |email| run::insist_on_user(client, &email).await);
    let members = join_all(members).await;
    let team = &run::insist_on_team(client, "1", &json!(members)).await;
    for day in (1..).take(BEFORE) {
        let title = format!("before {day}");
        book(client, team, &title, &large(&title, day, 22))
            .await
            .created();
    }
    // A writer has a turn with each page that is read, of an export's first passes: it
    // ends once a whole pass is behind the last of them.
    let turns = &Semaphore::new(0);
    let booked = &AtomicUsize::new(0);
    let writers = (0..3).map(async |writer| {
        for count in 0.. {
            let Ok(turn) = turns.acquire().await else {
                break;
            };
            turn.forget();
            let title = format!("{writer} {count}");
            let body = large(&title, 1 + count % 28, 3 * (count / 28) + writer);
            book(client, team, &title, &body).await.created();
            booked.fetch_add(1, Ordering::Relaxed);
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let exporting = async {
        for number in 0..EXPORTS {
            let mut watch = |progress| {
                if matches!(
                    progress,
                    Progress::Reading {
                        pass: ..=WRITTEN,
                        ..
                    }
                ) {
                    turns.add_permits(1);
                }
                ControlFlow::Continue(())
            };
            let file = folder.path().join(number.to_string());
            let exported = export_to(&source, &file, &mut watch).await;
            println!("{exported:?}");
            assert!(exported.passes > WRITTEN, "nothing was written meanwhile");
        }
        turns.close();
        book(client, team, "after", &large("after", 1, 23))
            .await
            .created();
        booked.fetch_add(1, Ordering::Relaxed);
    };
    join(join_all(writers), exporting).await;
    let mut events = Vec::new();
    for number in 0..EXPORTS {
        let table = imported(&source, &folder.path().join(number.to_string())).await;
        table.agrees_with_itself();
        events.push(table.events.len());
    }
    assert!(events.is_sorted(), "{events:?}");
    let all = BEFORE + booked.load(Ordering::Relaxed);
    assert!(
        (BEFORE + 1..all).contains(&events[EXPORTS - 1]),
        "{events:?} of {all}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_was_answered_is_in_a_file_that_was_begun_afterwards() {
    let source = Api::start().await;
    let history = run::run(&source, 7, 300).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export");
    assert_eq!(export_to(&source, &file, &mut go_on).await.passes, 2);
    let table = imported(&source, &file).await;
    table.agrees_with_itself();
    table.agrees_with(&history);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_gives_up_where_somebody_always_writes_and_goes_on_when_nobody_does() {
    let moved = Moved::new().await;
    let client = moved.source.with_key(&moved.tenant.organization_key);
    let mut users = 0;
    let mut write = |_| {
        users += 1;
        let email = format!("{users}@example.com");
        tokio::task::block_in_place(|| Handle::current().block_on(client.new_user_id(&email)));
        ControlFlow::Continue(())
    };
    let options = ExportOptions {
        now: jiff::Timestamp::now(),
        organization: moved.tenant.organization.parse().unwrap(),
        output: moved.path("busy"),
        patience: Duration::ZERO,
    };
    let table = &moved.source.app().table;
    let error = export(table, &options, &mut write).await.unwrap_err();
    let error = error.to_string();
    assert!(error.contains("during each of 10 passes"), "{error}");
    assert!(!options.output.exists());
    let exported = export(table, &options, &mut go_on).await.unwrap();
    assert!(exported.passes <= 2, "{exported:?}");
    let lines = fs::read_to_string(&options.output).unwrap();
    let lines: Vec<String> = lines.lines().map(str::to_owned).collect();
    let keys: Vec<_> = items_of(&lines).into_keys().collect();
    let there = of_tenant(&moved.source, &moved.tenant).await;
    assert_eq!(keys, there.into_keys().collect::<Vec<_>>());
}
