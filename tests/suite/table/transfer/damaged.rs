//! Files that are not what an export wrote: damaged, or made by somebody who
//! means ill.

use std::fs;

use roster_transfer::import::import;
use serde_json::{Value, json};

use super::{Moved, everything, forged, go_on, options};
use crate::harness::{Api, fixtures::Fields};

/// What the import of a file is refused with; nothing is written.
async fn refused(moved: &Moved, target: &Api, content: &[u8]) -> String {
    let before = everything(target).await;
    fs::write(moved.file(), content).unwrap();
    let refused = moved.import(target).await;
    let refused = refused.expect_err("is refused").to_string();
    assert_eq!(everything(target).await, before, "{refused}");
    refused
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_cut_off_or_has_a_wrong_byte_is_refused() {
    let moved = Moved::new().await;
    let target = Api::start().await;
    let whole = fs::read(moved.file()).unwrap();
    let mut lines = moved.lines();
    let step = whole.len() / 40;
    for at in (0..whole.len()).step_by(step).chain([whole.len() - 1]) {
        let text = refused(&moved, &target, &whole[..at]).await;
        let says = ["damaged", "no end", "no export"];
        assert!(says.iter().any(|say| text.contains(say)), "{text}");
        let mut wrong = whole.clone();
        wrong[at] ^= 1;
        refused(&moved, &target, &wrong).await;
    }
    let mut more = whole.clone();
    more.extend_from_slice(b"{}\n");
    let text = refused(&moved, &target, &more).await;
    assert!(text.contains("behind the end"), "{text}");
    lines.remove(3);
    let text = refused(&moved, &target, (lines.join("\n") + "\n").as_bytes()).await;
    assert!(text.contains("SHA-256"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_file_reaches_nothing_that_is_not_the_organizations() {
    let moved = Moved::new().await;
    let target = Api::start().await;
    let other = target.organization();
    let victim = other.new_user_id("victim@example.com").await;
    let team = json!({ "extid": "1", "name": "Team", "members": [victim], "public": true });
    let team = other.new_team(team).await.id().to_owned();
    let lines = moved.lines();
    let items = &lines[..lines.len() - 1];
    let count = items.len() as u64 - 1;
    let own = &moved.tenant.organization;
    let demo = roster_local::setup::ORGANIZATION;
    let key = |pk: &str, sk: &str| json!({ "pk": { "S": pk }, "sk": { "S": sk } });
    let with = |mut item: Value, name: &str, value: Value| {
        item[name] = value;
        item
    };
    let listed = |item: Value, pk: &str, sk: &str| {
        with(
            with(item, "gsi1pk", json!({ "S": pk })),
            "gsi1sk",
            json!({ "S": sk }),
        )
    };
    // An item of the file, changed.
    let changed = |prefix: &str, values: &[(&str, Value)]| {
        let place = items.iter().position(|line| line.contains(prefix)).unwrap();
        let mut value: Value = serde_json::from_str(&items[place]).unwrap();
        for (name, to) in values {
            value["put"][*name] = to.clone();
        }
        let mut lines = items.to_vec();
        lines[place] = value.to_string();
        forged(&lines, count)
    };
    let added = |item: Value| {
        let mut lines = items.to_vec();
        lines.push(json!({ "put": item }).to_string());
        forged(&lines, count + 1)
    };
    let holder = json!({ "S": victim });
    let in_own = format!("ORG#{own}");
    let user = format!("\"sk\":{{\"S\":\"USER#{}\"", moved.tenant.users[1]);
    let admin = "000000000000000000000001";
    for (what, content, expected) in [
        (
            "another partition",
            added(key(&format!("ORG#{demo}"), &format!("USER#{victim}"))),
            "is not organization",
        ),
        (
            "no organization's",
            added(key("ORG#0", &format!("USER#{victim}"))),
            "is not organization",
        ),
        (
            "a counter",
            added(key("COUNTER", "USER")),
            "is not organization",
        ),
        (
            "attempts",
            added(key("ATTEMPTS#aa", "1")),
            "is not organization",
        ),
        (
            "a login",
            added(with(key("LOGIN#victim", "LOGIN"), "holder", holder.clone())),
            "nobody in the file",
        ),
        (
            "a number",
            added(with(
                key("USER_NUMBER#99", "NUMBER"),
                "holder",
                holder.clone(),
            )),
            "nobody in the file",
        ),
        (
            "a token",
            added(with(
                key(&format!("SIGNUP#{}", "a".repeat(64)), "SIGNUP"),
                "holder",
                holder.clone(),
            )),
            "nobody in the file",
        ),
        (
            "a mail",
            added(key(&in_own, "MAIL#5f198da1c1ac5d1a30fc00f3")),
            "is a mail",
        ),
        (
            "what nobody knows",
            added(key(&in_own, "NEWS#1")),
            "is not organization",
        ),
        (
            "a public page",
            added(listed(
                key(&in_own, "EVENT#1"),
                &format!("PAGE#{team}"),
                "TEAM",
            )),
            "index",
        ),
        (
            "a list of keys",
            changed(
                &user,
                &[
                    ("gsi1pk", json!({ "S": "KEYS#OPERATOR" })),
                    ("gsi1sk", json!({ "S": admin })),
                ],
            ),
            "index",
        ),
        (
            "an operator's key",
            changed(
                "\"role\":{\"S\":\"org\"}",
                &[("role", json!({ "S": "adm" }))],
            ),
            "is not a key of",
        ),
        (
            "a session",
            changed(
                "\"role\":{\"S\":\"usr\"}",
                &[("role", json!({ "S": "ses" }))],
            ),
            "is not a key of",
        ),
        (
            "another's key",
            changed(
                "\"role\":{\"S\":\"org\"}",
                &[("organization", json!({ "S": demo }))],
            ),
            "is not a key of",
        ),
        (
            "another holder",
            changed("\"LOGIN#", &[("holder", holder.clone())]),
            "nobody in the file",
        ),
        (
            "another id",
            changed(&user, &[("_id", holder.clone())]),
            "another id",
        ),
        (
            "a number of nobody",
            changed(&user, &[("number", json!({ "N": "9007199254740992" }))]),
            "never given out",
        ),
        (
            "a newer item",
            changed(&user, &[("schema_version", json!({ "N": "2" }))]),
            "newer release",
        ),
    ] {
        let text = refused(&moved, &target, content.as_bytes()).await;
        assert!(text.contains(expected), "{what}: {text}");
    }
    let newer = [
        ("\"roster_export\":1", "\"roster_export\":2"),
        ("\"schema_version\":1", "\"schema_version\":2"),
    ];
    for (old, new) in newer {
        let mut lines = items.to_vec();
        lines[0] = lines[0].replace(old, new);
        let text = refused(&moved, &target, forged(&lines, count).as_bytes()).await;
        assert!(
            text.contains("import it with the release that wrote it"),
            "{text}"
        );
    }
    let without: Vec<String> = items
        .iter()
        .filter(|line| !line.contains("\"LOGIN#"))
        .cloned()
        .collect();
    let text = refused(&moved, &target, forged(&without, count - 1).as_bytes()).await;
    assert!(text.contains("lacks the guard of the login name"), "{text}");

    // A team of its own with the id of another's public one is in the way.
    let item_of = |text: &str| {
        let line = items.iter().find(|line| line.contains(text)).unwrap();
        serde_json::from_str::<Value>(line).unwrap()["put"].clone()
    };
    let mut stolen = listed(
        item_of(&format!("\"TEAM#{}\"", moved.tenant.team)),
        &format!("PAGE#{team}"),
        "TEAM",
    );
    stolen["sk"] = json!({ "S": format!("TEAM#{team}") });
    stolen["_id"] = json!({ "S": team });
    stolen["extid"] = json!({ "S": "stolen" });
    let guard = with(
        key(&in_own, "UNIQUE#TEAM_EXTID#stolen"),
        "holder",
        json!({ "S": team }),
    );
    let mut both = items.to_vec();
    both.extend([stolen, guard].map(|item| json!({ "put": item }).to_string()));
    let text = refused(&moved, &target, forged(&both, count + 2).as_bytes()).await;
    assert!(
        text.contains("another organization has a team with this id"),
        "{text}"
    );
    // The forgeries alone are refused.
    fs::write(moved.file(), forged(items, count)).unwrap();
    let mut renumber = options(&moved.file());
    renumber.renumber = true;
    import(&target.app().table, &renumber, &mut go_on)
        .await
        .unwrap();
}
