//! Exports and imports that stop anywhere, and go on.

use std::{fs, ops::ControlFlow};

use roster_transfer::{Progress, TransferError, import::import};

use super::{Moved, everything, items_of, of_tenant, options};
use crate::harness::Api;

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_stopped_behind_any_line_or_within_it_goes_on() {
    let moved = Moved::new().await;
    let whole = fs::read(moved.file()).unwrap();
    let items = items_of(&moved.lines());
    let ends = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let ends: Vec<usize> = ends.map(|(index, _)| index + 1).collect();
    assert!(ends.len() > 50);
    let mut cuts: Vec<usize> = ends
        .iter()
        .flat_map(|end| [*end, end - 1, end - 20])
        .collect();
    cuts.push(0);
    for cut in cuts
        .into_iter()
        .step_by(7)
        .chain([0, 5, whole.len() - 1, whole.len()])
    {
        fs::write(moved.path("resumed.partial"), &whole[..cut]).unwrap();
        let exported = moved.export("resumed").await.unwrap();
        let text = fs::read_to_string(moved.path("resumed")).unwrap();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        assert_eq!(items_of(&lines), items, "cut at {cut}");
        assert_eq!(exported.items, items.len() as u64);
        // What was there was not written again.
        assert_eq!(lines.len(), items.len() + 2, "cut at {cut}");
        assert!(!moved.path("resumed.partial").exists());
        fs::remove_file(moved.path("resumed")).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_export_left_is_not_gone_on_with() {
    let moved = Moved::new().await;
    let lines = moved.lines();
    let strange = lines[0].replace(&moved.tenant.organization, "5f198da1c1ac5d1a30fc00f3");
    for (left, expected) in [
        (format!("{strange}\n"), "another organization"),
        (
            "nonsense\n".to_owned(),
            "not what an interrupted export left",
        ),
        (
            format!("{}\nnonsense\n{}\n", lines[0], lines[1]),
            "damaged in line 2",
        ),
    ] {
        fs::write(moved.path("left.partial"), &left).unwrap();
        let refused = moved.export("left").await.unwrap_err().to_string();
        assert!(refused.contains(expected), "{refused}");
        let after = fs::read_to_string(moved.path("left.partial")).unwrap();
        assert_eq!(after, left, "it is as it was");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_stopped_after_any_write_goes_on_and_lets_nobody_in_before_its_end() {
    let moved = Moved::new().await;
    let expected = of_tenant(&moved.source, &moved.tenant).await;
    let (mut stop_after, mut stops) = (0, 0);
    loop {
        let target = Api::start().await;
        let mut writes = 0;
        let mut stop = |progress| match progress {
            Progress::Writing { .. } if writes == stop_after => ControlFlow::Break(()),
            Progress::Writing { .. } => {
                writes += 1;
                ControlFlow::Continue(())
            }
            _ => ControlFlow::Continue(()),
        };
        let table = &target.app().table;
        let stopped = import(table, &options(&moved.file()), &mut stop).await;
        let key = target.with_key(&moved.tenant.organization_key);
        // Whoever is not let in gets a 403; a 404 comes from half of it.
        let is_let_in = key.get("/v2/users").await.status != 403;
        if let Err(error) = &stopped {
            assert!(matches!(error, TransferError::Stopped), "{error}");
            stops += 1;
            let there = of_tenant(&target, &moved.tenant).await;
            // Whoever is let in has everything but other keys.
            let missing = expected.keys().filter(|key| !there.contains_key(*key));
            let keys_alone = missing.clone().all(|(pk, _)| pk.starts_with("KEY#"));
            assert!(!is_let_in || keys_alone, "{stop_after}");
        }
        moved.import(&target).await.unwrap();
        assert_eq!(
            of_tenant(&target, &moved.tenant).await,
            expected,
            "{stop_after}"
        );
        key.get("/v2/users").await.ok();
        let done = everything(&target).await;
        let again = moved.import(&target).await.unwrap();
        assert!(again.was_there);
        assert_eq!(
            everything(&target).await,
            done,
            "importing again changes nothing"
        );
        if stopped.is_ok() {
            break;
        }
        stop_after += 7;
    }
    assert!(stops > 5, "{stops}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_after_the_organization_was_used_undoes_nothing() {
    let moved = Moved::new().await;
    let target = Api::start().await;
    moved.import(&target).await.unwrap();
    let client = target.with_key(&moved.tenant.organization_key);
    let rename = serde_json::json!({
        "user": { "first_name": "Jeanne" },
        "login": { "credentials": { "username": "jeanne" } },
    });
    let path = format!("/v2/users/{}", moved.tenant.users[0]);
    client.put(&path, &rename).await.ok();
    client.new_user_id("later@example.com").await;
    let before = everything(&target).await;
    let again = moved.import(&target).await.unwrap();
    assert!(again.was_there);
    assert_eq!(everything(&target).await, before);
}
