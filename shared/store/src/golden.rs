//! Holds today's code to items that an earlier release wrote: one of each kind, in
//! `tests/golden/`. Each is read as what it is, and what would be written of that
//! again is the same. Where an attribute gets another name or another form, this
//! fails, and not a customer's table after a release is taken back.
//!
//! `tests/suite/table/golden.rs` holds the files to be of every kind, and writes one that
//! is missing.

use std::{collections::BTreeSet, fs, path::Path};

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{
    access::key::ApiKey,
    audit::AuditEntry,
    bookings::event::Event,
    calendars::Calendars,
    changes::Change,
    hooks::{Hook, delivery::Delivery},
    organization::Organization,
    users::user::User,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    access::{rate_limit, sessions},
    bookings::{
        agenda::Day,
        event_items::Part,
        holds::HoldItem,
        ledger::{DecisionRecord, LedgerItem},
        migrate::Weeks,
        turns,
    },
    changes::note,
    dynamodb::{
        guard::{HOLDER, PROVEN},
        item::{Item, from_item, to_item},
        json,
        schema::TIME_TO_LIVE,
        schema_version,
    },
    hooks,
    idempotency::Record,
    keys::{INDEX_PK, INDEX_SK, PK, SK},
    mail::{limits, outbox, reminders},
    organizations::numbers,
    teams::items::{PersonItem, TeamItem},
    users::{
        commit::{self, MAILED},
        guards::ORGANIZATION,
    },
};

/// Everything of an item but its keys and its schema version.
fn content(mut item: Item) -> Item {
    for name in [PK, SK, INDEX_PK, INDEX_SK, schema_version::ATTRIBUTE] {
        item.remove(name);
    }
    item
}

/// Reads an item as a type and writes that again.
fn again<T: Serialize + DeserializeOwned>(item: &Item) -> Item {
    let value: T = from_item(item.clone()).expect("it is read");
    content(to_item(&value).expect("it is written"))
}

/// What is left of an item that no type stands for: the attributes that code reads
/// or writes by name.
fn named(item: &Item, names: &[&str]) -> Item {
    let known = |(name, _): &(&String, &AttributeValue)| names.contains(&name.as_str());
    let left = item.iter().filter(known);
    left.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// What today's code would write of an item of this kind.
fn rewritten(kind: &str, item: &Item) -> Item {
    match kind {
        "agenda" => again::<Weeks>(item),
        "audit" => again::<AuditEntry>(item),
        "calendars" => again::<Calendars>(item),
        "changes-at" => {
            let mut change = again::<Change>(item);
            change.extend(named(item, &[TIME_TO_LIVE]));
            change
        }
        "changes-last" => again::<note::Last>(item),
        "changes-of" => again::<note::Newest>(item),
        "day" => again::<Day>(item),
        "decision" => again::<DecisionRecord>(item),
        "deliveries-body" => again::<note::Body>(item),
        "deliveries-hook" => again::<Delivery>(item),
        "deleted" | "user" => again::<User>(item),
        "event" => again::<Event>(item),
        "hold" => again::<HoldItem>(item),
        "hooks-count" => named(item, &[hooks::COUNT]),
        "hooks-hook" => again::<Hook>(item),
        "idempotency" => again::<Record>(item),
        "key" => again::<ApiKey>(item),
        "ledger" => again::<LedgerItem>(item),
        "mail" => again::<outbox::Intent>(item),
        "org" => again::<Organization>(item),
        "part" => again::<Part>(item),
        "team" => again::<TeamItem>(item),
        "team-user" => again::<PersonItem>(item),
        "reminders" => again::<reminders::Reminder>(item),
        "session" => {
            let session = from_item(item.clone()).expect("it is read");
            content(sessions::item_of(&session).expect("it is written"))
        }
        "attempts" => named(item, &[rate_limit::COUNT, TIME_TO_LIVE]),
        "known" => named(item, &[rate_limit::FINGERPRINT, TIME_TO_LIVE]),
        "counter" => named(item, &[numbers::LAST]),
        "mails" => {
            let hours: Vec<_> = (0..24).map(limits::count_of_hour).collect();
            let mut names = vec![limits::COUNT, limits::LAST, TIME_TO_LIVE];
            names.extend(hours.iter().map(String::as_str));
            named(item, &names)
        }
        "turns" => named(
            item,
            &[turns::TAKEN, turns::SERVED, turns::LEFT, TIME_TO_LIVE],
        ),
        "managers" => named(item, &[commit::COUNT]),
        "login" => named(item, &[HOLDER, ORGANIZATION, PROVEN]),
        "signup" => named(item, &[HOLDER, ORGANIZATION, MAILED, TIME_TO_LIVE]),
        "unique" => named(item, &[HOLDER]),
        "nickname" | "org_number" | "user_number" => named(item, &[HOLDER, ORGANIZATION]),
        _ => panic!("tests/golden/{kind}.json is of no kind that is known here"),
    }
}

#[test]
fn an_item_of_each_kind_is_read_and_written_again_as_it_was() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let mut kinds = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        let kind = path.file_stem().and_then(|stem| stem.to_str());
        let kind = kind.expect("a name").to_owned();
        let text = fs::read_to_string(&path).expect("it is text");
        let value = serde_json::from_str(&text).expect("it is JSON");
        let item = json::read(&value).expect("it is an item");
        assert_eq!(rewritten(&kind, &item), content(item), "{kind}");
        kinds.insert(kind);
    }
    assert!(kinds.len() > 20, "{kinds:?}");
}
