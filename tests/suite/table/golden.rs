//! The items in `tests/golden/`: one of each kind that a table holds. That today's
//! code reads and writes them as they are, a test of the store checks
//! (`shared/store/src/golden.rs`).
//!
//! `ROSTER_UPDATE_GOLDEN=1 cargo test --workspace --test suite -- golden` writes
//! those that are missing, and never changes one that is there: a release that
//! writes another form must still read these.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};

use crate::{
    harness::{
        Api,
        furnished::{furnish, lose_a_race},
    },
    requests::bad_input::write_everything,
    table::schema_version::{Item, everything, kind},
};

/// Set to write the files that are missing.
const UPDATE: &str = "ROSTER_UPDATE_GOLDEN";

/// Of kinds that only earlier releases wrote, and `roster migrate` reads.
const EARLIER: [&str; 1] = ["agenda.json"];

/// An attribute as DynamoDB's JSON has it, with sorted members.
fn typed(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(is) => json!({ "BOOL": is }),
        AttributeValue::Null(is) => json!({ "NULL": is }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(typed).collect::<Vec<_>>() }),
        AttributeValue::M(map) => json!({ "M": members(map.iter()) }),
        other => panic!("no item has such an attribute: {other:?}"),
    }
}

fn members<'a>(items: impl Iterator<Item = (&'a String, &'a AttributeValue)>) -> Value {
    let sorted: BTreeMap<_, _> = items.collect();
    let members = sorted.into_iter();
    Value::Object(
        members
            .map(|(name, value)| (name.clone(), typed(value)))
            .collect::<Map<_, _>>(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_a_golden_item_of_each_kind() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let file = |kind: &str| format!("{}.json", kind.to_lowercase().replace('#', "-"));
    let (furnished, written) = (Api::start().await, Api::start().await);
    let tenant = furnish(&furnished).await;
    lose_a_race(&furnished, &tenant).await;
    write_everything(&written).await;
    furnished.caught_up().await;
    written.caught_up().await;
    let mut items = everything(&furnished).await;
    items.extend(everything(&written).await);
    let mut largest = BTreeMap::new();
    for item in items {
        // The one that has most to say for its kind.
        let size = |item: &Item| members(item.iter()).to_string().len();
        let name = file(&kind(&item));
        let known = largest.get(&name).map_or(0, size);
        if size(&item) > known {
            largest.insert(name, item);
        }
    }
    if std::env::var_os(UPDATE).is_some() {
        for (name, item) in &largest {
            let path = folder.join(name);
            if !path.exists() {
                let text = serde_json::to_string_pretty(&members(item.iter())).unwrap();
                fs::write(path, text + "\n").unwrap();
            }
        }
    }
    let there = fs::read_dir(&folder).unwrap();
    let there: BTreeSet<_> = there
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let written = largest.into_keys();
    let needed: BTreeSet<_> = written.chain(EARLIER.map(str::to_owned)).collect();
    assert_eq!(there, needed, "{UPDATE}=1 writes those that are missing");
}
